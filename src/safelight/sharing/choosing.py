"""What a question can be about, and to whom it can go: what the page that asks has to know first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from safelight.access import queries as access
from safelight.consent import queries as consents
from safelight.consent.models import Purpose
from safelight.deidentify import queries as copies
from safelight.deidentify.lacking import Lacking, lacking
from safelight.deidentify.models import Approval
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.patients.identity import Identity
from safelight.photographs import queries as photographs
from safelight.photographs.models import Photograph
from safelight.sharing import queries, rules
from safelight.sharing.errors import NoPhotosChosen, NotYoursToAsk
from safelight.sharing.models import KeptQuestion, Opinion
from safelight.staff import queries as staff
from safelight.staff.models import Person, Team
from safelight.staff.rota import OnCall

LOOKED_BACK, MOST_LOOKED_AT = timedelta(days=90), 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """Photos of one patient that somebody wants to ask about.

    `not_yet` are those without a covered copy that may be shown, `lacking` why, `areas` how many places in them are still to decide,
    `never` those that cannot have one. `here` and `elsewhere` tell whether the patient agrees to each.
    """

    patient: UUID
    photographs: tuple[Photograph, ...]
    approvals: dict[UUID, Approval]
    not_yet: tuple[Photograph, ...]
    never: tuple[Photograph, ...]
    lacking: dict[UUID, Lacking]
    areas: int
    here: bool
    elsewhere: bool

    @property
    def ids(self) -> tuple[UUID, ...]:
        return tuple(photograph.pk for photograph in self.photographs)

    @property
    def looked_at(self) -> bool:
        """Whether all that is missing is the computer's second look, which comes by itself."""
        return {self.lacking.get(one.pk) for one in self.not_yet} == {Lacking.SECOND_LOOK}

    def says(self, photograph: Photograph) -> str:
        """Why a photo has no copy to show, in words; empty where it has one."""
        why = self.lacking.get(photograph.pk)
        return "" if why is None else "It cannot be covered." if photograph in self.never else why.words


@dataclass(frozen=True, slots=True)
class TeamShown:
    """A team that can be asked: who is on call, and in how many minutes it answers as a rule (None where nobody knows yet)."""

    team: Team
    on_call: OnCall
    minutes: int | None

    @property
    def who(self) -> str:
        """Who gets it now, in a few words: "Mr C Lim", or the team where nobody is on call."""
        first = next(iter(self.on_call.in_turn), None)
        return first.name if first else self.team.name

    @property
    def words(self) -> str:
        """The team and who gets it now: "Burns: Mr C Lim"."""
        return f"{self.team.name}: {'nobody is on call' if self.on_call.nobody else self.who}"


def choose(actor: Actor, photograph_ids: Iterable[UUID], *, now: datetime) -> Chosen:
    """What is known of some photos before a question about them. Raises NotYoursToAsk, NoPhotosChosen, NotFound, NoCareRelationship."""
    if not rules.may_ask(actor):
        raise NotYoursToAsk
    rows = [photographs.photograph(actor, one) for one in dict.fromkeys(photograph_ids)][: rules.MOST_PHOTOS + 1]
    if not 0 < len(rows) <= rules.MOST_PHOTOS:
        raise NoPhotosChosen
    patient = patients.patient(actor, rows[0].patient_id).pk
    access.require_care(actor, patient, now=now)
    same = patients.same_patient(actor, patient)
    if any(row.patient_id not in same for row in rows):
        raise NoPhotosChosen
    standing = copies.approvals(actor, [row.pk for row in rows])
    without = [row for row in rows if row.pk not in standing]
    never = tuple(row for row in without if copies.coverable(actor, row))
    not_yet = tuple(row for row in without if row not in never)
    return Chosen(
        patient=patient,
        photographs=tuple(rows),
        approvals=standing,
        not_yet=not_yet,
        never=never,
        lacking=lacking(actor, [row.pk for row in without]),
        areas=sum(copies.to_decide(actor, [row.pk for row in not_yet]).values()),
        here=consents.allows(actor, patient, Purpose.ADVICE_HERE, at=now),
        elsewhere=consents.allows(actor, patient, Purpose.ADVICE_ELSEWHERE, at=now),
    )


def newest_photos(actor: Actor, patient_id: UUID, *, now: datetime) -> tuple[UUID, ...]:
    """The photos of a patient's latest visit that has any, at most as many as can be asked about. Raises NotFound, NoCareRelationship."""
    access.require(actor, patient_id, now=now)
    newest = photographs.page_of(actor, patient_id, site=None, before=None, most=rules.MOST_PHOTOS).photographs
    return tuple(one.pk for one in newest if one.visit_id == newest[0].visit_id)


def photos_of_visit(actor: Actor, visit_id: UUID, *, now: datetime) -> tuple[UUID, ...]:
    """The photos of one visit, at most as many as can be asked about. Raises NotFound, NoCareRelationship."""
    visit = photographs.visit(actor, visit_id)
    access.require(actor, visit.patient_id, now=now)
    rows = photographs.page_of(actor, visit.patient_id, site=None, before=None).photographs
    return tuple(one.pk for one in rows if one.visit_id == visit_id)[: rules.MOST_PHOTOS]


def teams(actor: Actor, *, now: datetime) -> list[TeamShown]:
    """The teams that can be asked, by name."""
    return [TeamShown(team, on_call, _minutes(team.pk, now=now)) for team, on_call in staff.on_call_of_all(actor, at=now)]


def people(actor: Actor) -> list[Person]:
    """The people who can be asked by name: all who work here and treat or photograph, but for the one who asks."""
    treating = {"clinician", "photographer"}
    return [one for one in staff.people(actor) if one.is_active and one.pk != actor.id and treating & set(one.roles)]


def _minutes(team_id: UUID, *, now: datetime) -> int | None:
    """The median time to the first answer, of the last fifty questions in three months."""
    rows = Opinion.objects.filter(team=team_id, answered_at__isnull=False, asked_at__gt=now - LOOKED_BACK).order_by("-asked_at")
    minutes = [
        (answered - asked) / timedelta(minutes=1)
        for asked, answered in rows.values_list("asked_at", "answered_at")[:MOST_LOOKED_AT]
        if answered
    ]
    return round(median(minutes)) if minutes else None


def arrived(actor: Actor, *, now: datetime) -> list[tuple[KeptQuestion, Identity, int]]:
    """The questions that the actor wrote at a slate and whose photos are in the record now, with whose they are and how many."""
    kept = queries.kept_by(actor)
    counts = photographs.counts_of_visits(actor, [one.visit_id for one in kept])
    ready = [one for one in kept if counts.get(one.visit_id)]
    seen = access.may_see_many(actor, [one.visit.patient_id for one in ready], now=now)
    names = patients.identities(actor, seen)
    return [(one, names[one.visit.patient_id], counts[one.visit_id]) for one in ready if one.visit.patient_id in names]


def patient_of_visit(actor: Actor, visit_id: UUID, *, now: datetime) -> UUID:
    """Whose visit it is, for somebody who may see them. Raises NotFound, NoCareRelationship."""
    visit = photographs.visit(actor, visit_id)
    access.require(actor, visit.patient_id, now=now)
    return visit.patient_id
