"""What an actor may know of the people who work here, their wards, teams and sign-ins. The rota's week: `rota.py`."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Q

from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.digest import Digest
from safelight.kernel.errors import NotFound
from safelight.staff import rules
from safelight.staff.models import Agreement, ForKeys, Invitation, Person, Shift, SignIn, Team, Ward
from safelight.staff.rota import OnCall, who_are_on_call, who_is_on_call

NO_NAME = "Somebody"


def _insider(actor: Actor) -> bool:
    return actor.kind in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR}


def person(actor: Actor, person_id: UUID) -> Person:
    """One who works here, or did. Raises NotFound."""
    found = Person.objects.filter(pk=person_id).first() if _insider(actor) else None
    if found is None:
        raise NotFound(person_id)
    return found


def people(actor: Actor) -> list[Person]:
    """All who work here or did, with their wards, by name."""
    return list(Person.objects.prefetch_related("wards").order_by("-is_active", "name")) if _insider(actor) else []


def names_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names behind pseudonyms, by one query. An id that is no person (the worker, a station) reads "Somebody"."""
    wanted = set(ids)
    known = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted and _insider(actor) else {}
    return {one: known.get(one, NO_NAME) for one in wanted}


def name_of(actor: Actor, person_id: UUID) -> str:
    """The name behind one pseudonym."""
    return names_of(actor, [person_id])[person_id]


def wards(actor: Actor) -> list[Ward]:
    """All wards and clinics, by code."""
    return list(Ward.objects.order_by("code")) if _insider(actor) else []


def ward(actor: Actor, code: str) -> Ward | None:
    """A ward by its code; None where there is none."""
    return Ward.objects.filter(code=code).first() if _insider(actor) else None


def sign_ins_of(actor: Actor, person_id: UUID, *, now: datetime) -> list[SignIn]:
    """The sign-ins of a person that still stand, newest first: not those of a browser that was closed long ago."""
    if not _insider(actor):
        return []
    standing = SignIn.objects.open().filter(person=person_id, seen_at__gt=now - rules.IDLE_END, started_at__gt=now - rules.END)
    return list(standing.order_by("-started_at"))


def factors_of(actor: Actor, person_id: UUID) -> list[Authenticator]:
    """The passkeys and the code app of a person, oldest first: one's own, or for an administrator."""
    allowed = actor.id == person_id or rules.may_look_after_people(actor)
    return list(Authenticator.objects.filter(user=person_id).order_by("created_at")) if allowed else []


def good_invitation(_actor: Actor, secret: Digest, *, now: datetime) -> Invitation | None:
    """The invitation that a link's secret opens; None where it is unknown, used, over, or its person has left. Whoever has the
    secret may know.
    """
    good = Invitation.objects.filter(secret_digest=secret, used_at=None, until__gt=now, person__is_active=True)
    return good.select_related("person").first()


def open_invitation(actor: Actor, person_id: UUID, *, now: datetime) -> Invitation | None:
    """The link of a person that is still good, for an administrator."""
    if not rules.may_look_after_people(actor):
        return None
    return Invitation.objects.filter(person=person_id, used_at=None, until__gt=now).order_by("-made_at").first()


def lock_after(somebody: Person, *, site: timedelta) -> tuple[frozenset[str], timedelta]:
    """The codes of a person's wards, and after how long their screen locks: the shortest that a ward asks for, else the site's."""
    rows = list(somebody.wards.values_list("code", "lock_seconds"))
    asked = [seconds for _, seconds in rows if seconds]
    return frozenset(code for code, _ in rows), timedelta(seconds=min(asked)) if asked else site


def teams(actor: Actor) -> list[Team]:
    """All teams that can be asked, by name."""
    return list(Team.objects.select_related("lead").order_by("name")) if _insider(actor) else []


def team(actor: Actor, team_id: UUID) -> Team:
    """One team. Raises NotFound."""
    found = Team.objects.select_related("lead").filter(pk=team_id).first() if _insider(actor) else None
    if found is None:
        raise NotFound(team_id)
    return found


def on_call(actor: Actor, team_id: UUID, *, at: datetime) -> OnCall:
    """Who is on call for a team at a moment. Nobody is an answer, and the phone number stands beside it. Raises NotFound."""
    return who_is_on_call(team(actor, team_id), at=at)


def on_call_of_all(actor: Actor, *, at: datetime) -> list[tuple[Team, OnCall]]:
    """Every team that can be asked, by name, with who is on call for it at a moment."""
    every = teams(actor)
    there = who_are_on_call(every, at=at)
    return [(team, there[team.pk]) for team in every]


def shift(actor: Actor, shift_id: UUID) -> Shift:
    """One shift of a rota, with its team and person. Raises NotFound."""
    found = Shift.objects.select_related("team", "person").filter(pk=shift_id).first() if _insider(actor) else None
    if found is None:
        raise NotFound(shift_id)
    return found


def teams_of(actor: Actor, person_id: UUID, *, at: datetime) -> list[Team]:
    """The teams of a person, by name: those that they belong to or lead, and those that they are on call for at that moment."""
    if not _insider(actor):
        return []
    now = Shift.objects.filter(person=person_id, begins__lte=at, ends__gt=at).values("team")
    mine = Q(people=person_id) | Q(lead=person_id) | Q(pk__in=now)
    return list(Team.objects.filter(mine).distinct().order_by("name"))


def agreements(actor: Actor, *, now: datetime) -> list[Agreement]:
    """What two people agreed to be done to the keys, is good now and was not done yet; the newest first."""
    if not rules.may_ask_for_keys(actor):
        return []
    rows = Agreement.objects.filter(ended_at=None, until__gt=now).select_related("asked_by", "agreed_by").order_by("-agreed_at")
    return [row for row in rows if rules.still_agreed(row, now=now)]


def begun(actor: Actor, what: ForKeys) -> bool:
    """Whether something that two people agreed to was begun and not ended."""
    return _insider(actor) and Agreement.objects.filter(what=what, ended_at=None, begun_at__isnull=False).exists()
