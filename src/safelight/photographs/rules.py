"""Pure rules of the record."""

from uuid import UUID

from safelight.kernel.actor import Actor, ActorKind, Role
from safelight.photographs import visits
from safelight.photographs.models import Photograph, Visit
from safelight.photographs.sites import SiteSaid
from safelight.vault.kept import Rewrapped


def may_handle(actor: Actor, visit: Visit) -> bool:
    """Whether the actor may file or change photos of a visit: evidence is for the photographer, and for its slate (C9, D5)."""
    return not visit.evidential or actor.kind is ActorKind.WORKER or actor.has(Role.PHOTOGRAPHER)


def may_keep_view_sets(actor: Actor) -> bool:
    """Whether the actor says which views are wanted."""
    return actor.has(Role.PHOTOGRAPHER, Role.ADMINISTRATOR)


def may_compare_people(actor: Actor) -> bool:
    """Whether the actor sees how good each person's photos are: who teaches them, and who names those who may take any (A6)."""
    return actor.kind is ActorKind.STAFF and actor.has(Role.PHOTOGRAPHER, Role.IG_LEAD)


def may_fetch(actor: Actor) -> bool:
    """Whether the actor may let the bytes of a record copy leave."""
    return actor.has(Role.PHOTOGRAPHER, Role.IG_LEAD)


def may_fetch_restricted(actor: Actor) -> bool:
    """Whether the actor may do so with an intimate picture of somebody under 18 (F6): no copy of it lies about on a device."""
    return may_fetch(actor) and actor.has(Role.IG_LEAD, Role.SENIOR)


def intimate(photograph: Photograph) -> bool:
    """Whether a photo is of an intimate body site, or of a visit with one: a photo may show more than the site it is filed under."""
    return visits.intimate((SiteSaid(photograph.site, photograph.laterality), *visits.sites_of(photograph.visit)))


def restricted(photograph: Photograph, *, young: bool) -> bool:
    """Whether a photo is in the restricted tier: intimate, and of somebody who was, or may have been, under 18 (F6)."""
    return young and intimate(photograph)


def site_in(visit: Visit, photograph: Photograph) -> tuple[SiteSaid, bool]:
    """The body site of a photo that was filed under a wrong visit and is of this one, and whether it is assumed.

    What the wrong slate said of it is not true of this patient: this visit's slate says it, as for any photo. A person who said a site
    that was not on the wrong slate had looked at the photo: that stays.
    """
    was = SiteSaid(photograph.site, photograph.laterality)
    if was not in visits.sites_of(photograph.visit):
        return was, photograph.site_assumed
    first, *others = sites = visits.sites_of(visit)
    return (was if was in sites else first), bool(others)


def all_become(holder: UUID, objects: set[UUID], rewrapped: tuple[Rewrapped, ...]) -> bool:
    """Whether the new wraps are those of exactly these objects, each once, and all for one holder."""
    named = {wrap.object_id for wrap in rewrapped if wrap.holder == str(holder)}
    return named == objects and len(rewrapped) == len(objects)
