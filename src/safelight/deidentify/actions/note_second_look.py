from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.deidentify import found_rows, queries, rules
from safelight.deidentify.boxes import Box
from safelight.deidentify.errors import LookedAtAnother, NotedAlready
from safelight.deidentify.facts import CopyRecalled, LookedAgain
from safelight.deidentify.lifecycle import CopyState
from safelight.deidentify.models import CoveredCopy, Decision, SecondLook
from safelight.deidentify.said import SealedFound, SecondSeen
from safelight.kernel.actor import Actor
from safelight.photographs.models import Photograph


@action
def note_second_look(*, by: Actor, seen: SecondSeen, now: datetime, new_id: UUID) -> None:
    """Note what the computer saw when it looked again at a covered copy, or at the draft of one.

    1. The copy is of the photo as it is now, and shows the picture that was looked at; each picture is noted once in brief, once whole.
    2. What still looks like something, and is not shown on purpose, is put to a person: nothing new is signed before they decided.
    3. A copy that was approved already is recalled by it: it is shown to nobody from now on.
    """
    copy = queries.copy(by, seen.copy)
    [photograph] = queries.locked(by, [copy.photograph_id])
    access.require(by, photograph.patient_id, now=now)
    copy = queries.copy(by, seen.copy)  # as it is now that nobody can change it
    here = queries.findings(by, photograph.pk)
    areas = [Box(*area) for area in copy.areas] if copy.state == CopyState.APPROVED else list(rules.covered(here))
    _check_picture(photograph, copy, areas, seen)  # (1)
    if any((look.picture, look.whole) == (seen.picture, seen.whole) for look in queries.second_looks(by, [copy.pk]).get(copy.pk, [])):
        raise NotedAlready(copy.pk)
    shown = [box for each in here if each.state == Decision.SHOW and (box := rules.box_of(each))]
    open_now = {each.pk: rules.box_of(each) for each in here if each.state == Decision.UNDECIDED}
    left = [each for each in seen.found if rules.still_there(each.box, areas=areas, shown=shown)]
    put = list(_put(by, photograph, left, open_now, last=max((each.number for each in here), default=0), now=now))  # (2)
    recalls = copy.state == CopyState.APPROVED and bool(put)
    SecondLook.objects.create(
        id=new_id,
        copy=copy,
        picture=seen.picture,
        whole=seen.whole,
        failed=seen.failed,
        recalls=recalls,
        found=[str(one) for one in put],
        at=now,
    )
    about = {"photograph": photograph.pk, "patient": photograph.patient_id, "copy": copy.pk}
    state(LookedAgain(**about, whole=seen.whole, added=len(put), failed=seen.failed))
    if recalls:  # (3)
        state(CopyRecalled(**about))


def _check_picture(photograph: Photograph, copy: CoveredCopy, areas: Iterable[Box], seen: SecondSeen) -> None:
    is_it = rules.picture(photograph.record_copy_id, areas, copy.turn) == seen.picture
    if copy.state == CopyState.REJECTED or not rules.as_now(copy, photograph) or not is_it:
        raise LookedAtAnother(photograph.pk)


def _put(
    by: Actor, photograph: Photograph, left: Iterable[SealedFound], open_now: dict[UUID, Box | None], *, last: int, now: datetime
) -> Iterator[UUID]:
    """The findings that a person has to decide now: each new, but for one that is still open at its place."""
    for each in left:
        known = next((one for one, box in open_now.items() if rules.same_place(box, each.box)), None)
        if known is None:
            last += 1
            known = found_rows.add(by, photograph, each, number=last, now=now).pk
            open_now[known] = each.box
        yield known
