"""A second opinion, unattended: photos are covered, the team on call is asked, opens, answers; another question is taken back."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from safelight.config.demo import running
from safelight.config.demo.colleagues import BURNS_TEAM
from safelight.config.demo.hospital import Hospital
from safelight.deidentify import making, rules
from safelight.deidentify import queries as copies
from safelight.deidentify.actions.approve_copies import approve_copies
from safelight.deidentify.actions.keep_boxes import keep_boxes
from safelight.deidentify.actions.view_desk import view_desk
from safelight.deidentify.boxes import Box
from safelight.deidentify.models import Checklist, Decision, Signing
from safelight.deidentify.rules import FinderState
from safelight.deidentify.said import OWED, BoxSaid, Said
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.kernel.errors import Refusal
from safelight.photographs.models import Photograph
from safelight.sharing import answering, asking, shown
from safelight.sharing.actions.ask_opinion import ask_opinion
from safelight.sharing.actions.give_opinion import give_opinion
from safelight.sharing.actions.note_answer_read import note_answer_read
from safelight.sharing.actions.open_opinion import open_opinion
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.actions.view_shared_copy import view_shared_copy
from safelight.sharing.asking import Fresh, Recipient
from safelight.sharing.models import Answer, Opinion, Quick, Urgency
from safelight.sharing.models.notices import Notice
from safelight.sharing.rules import Ended
from safelight.staff.models import Team

PATIENT, PHOTOS = "0000018", 2
PATIENCE, DECIDED_AT_MOST = 240.0, 6
LASTS = timedelta(days=7)
STRIP = Box(0.0, 0.0, 1.0, 0.05)
NOT_AGAIN = "The computer did not look again at the copies in time. Look into server.log."


@dataclass(frozen=True, slots=True)
class Consulted:
    """What came of it, counted in the record, and in words what is not as it must be."""

    figures: dict[str, object]
    off: tuple[str, ...]


def consult(hospital: Hospital) -> Consulted:
    """Cover two photos of one patient, ask twice, have one answered and take the other back."""
    photos = list(Photograph.objects.filter(patient=hospital.patients[PATIENT], kind="jpeg").order_by("taken_at")[:PHOTOS])
    covered = _cover(hospital, photos)
    team = Team.objects.get(name=BURNS_TEAM)
    urgent = _ask(hospital, photos, Recipient(team=team.pk), Urgency.URGENT, "Spreading since six. Theatre now, or wait for the morning?")
    routine = _ask(hospital, photos, Recipient(person=hospital.people["patel"].id), Urgency.ROUTINE, "Would you graft this?")
    told = _all_told(urgent)  # before it is answered: what was not sent by then tells nothing any more
    opened = _answered(hospital, urgent)
    take_back(by=hospital.people["khan"], opinion_id=routine.pk, why=Ended.ASKER, now=clock.now())
    shut = _is_shut(hospital, routine)
    told = _all_told(urgent) and told
    states = dict(Opinion.objects.values_list("pk", "state"))
    figures: dict[str, object] = {
        "covered": covered,
        "signatures": Signing.objects.count(),
        "asked": len(states),
        "answered": Answer.objects.filter(opinion=urgent).count(),
        "taken_back": sum(state == "taken_back" for state in states.values()),
        "notices": Notice.objects.filter(sent_at__isnull=False).count(),
    }
    off = _off(figures, opened=opened, shut=shut, told=told, closed=states[urgent.pk] == "closed")
    return Consulted(figures, tuple(off))


def _all_told(opinion: Opinion) -> bool:
    return wait_for(lambda: not Notice.objects.filter(opinion=opinion, sent_at=None, given_up_at=None).exists())


def wait_for(done: Callable[[], bool]) -> bool:
    """Whether something came true in time."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def _off(figures: dict[str, object], *, opened: int, shut: bool, told: bool, closed: bool) -> Iterator[str]:
    expected = {"covered": PHOTOS, "signatures": 1, "asked": 2, "answered": 1, "taken_back": 1}
    for name, value in expected.items():
        if figures[name] != value:
            yield f"{name} is {figures[name]} and should be {value}"
    if opened == 0:
        yield "the colleague saw no pixels"
    if not shut:
        yield "a question that was taken back could be opened"
    if not told or figures["notices"] == 0:
        yield "a notice did not go out"
    if not closed:
        yield "the answer was read and the question did not close"


def _cover(hospital: Hospital, photos: list[Photograph]) -> int:
    """Decide what the computer found, cover a strip besides, and decide what its second look finds; then sign for the set, once.

    Returns how many copies may be shown, and still when the computer has looked at the whole of each.
    """
    by, ids = hospital.people["khan"], tuple(photo.pk for photo in photos)
    for photo in photos:
        if not wait_for(lambda one=photo: copies.finder_state(by, one, now=clock.now()) is FinderState.DONE):  # type: ignore[misc]  # a default of a lambda has no type
            raise running.NotStarted("The computer did not look at the photos in time. Look into server.log.")
    for photo in photos:
        _decide_everything(by, photo)
    made = tuple(making.make(by, one, now=clock.now(), approval=uuid4()) for one in ids)
    signing = Said(kind=Checklist.FULL, statements=OWED[Checklist.FULL])
    approve_copies(by=by, photograph_ids=ids, made=made, signing=signing, now=clock.now(), new_id=uuid4())
    signed = [copy.pk for copy in copies.decided(by, ids).values()]
    if not wait_for(lambda: all(any(look.whole for look in copies.second_looks(by, [one]).get(one, [])) for one in signed)):
        raise running.NotStarted(NOT_AGAIN)
    return len(copies.approvals(by, ids))


def _decide_everything(by: Actor, photo: Photograph) -> None:
    """Until the computer sees nothing more in what would be shown."""
    more = [BoxSaid(id=uuid4(), box=STRIP, state=Decision.COVER)]
    for _ in range(DECIDED_AT_MOST):
        _decide(by, photo, more)
        if not wait_for(lambda: _looked_again(by, photo)):
            raise running.NotStarted(NOT_AGAIN)
        if not rules.undecided(copies.findings(by, photo.pk)):
            return
        more = []
    raise running.NotStarted("The computer found something new in a photo each time that it looked. Look into server.log.")


def _decide(by: Actor, photo: Photograph, more: list[BoxSaid]) -> None:
    view_desk(by=by, photograph_id=photo.pk, now=clock.now(), new_id=uuid4())
    found = [
        BoxSaid(id=each.pk, box=Box(each.x, each.y, each.w, each.h), state=Decision.COVER)
        for each in copies.findings(by, photo.pk)
        if each.x is not None and each.y is not None and each.w is not None and each.h is not None
    ]
    newest = copies.newest_copy(by, photo.pk)
    version = newest.version if newest else 0
    keep_boxes(by=by, photograph_id=photo.pk, version=version, boxes=(*found, *more), turn=0, now=clock.now())


def _looked_again(by: Actor, photo: Photograph) -> bool:
    """Whether the computer has looked at the whole of what would be shown of a photo."""
    draft = copies.draft_of(by, photo.pk)
    looks = copies.second_looks(by, [draft.pk]).get(draft.pk, []) if draft else []
    return draft is not None and rules.looked_wholly(copies.picture_now(by, draft), looks)


def _ask(hospital: Hospital, photos: list[Photograph], to: Recipient, urgency: Urgency, words: str) -> Opinion:
    by = hospital.people["khan"]
    said = asking.prepare(
        by,
        asking=uuid4(),
        patient=hospital.patients[PATIENT],
        photographs=[photo.pk for photo in photos],
        urgency=urgency,
        to=[to],
        fresh=[Fresh(opinion=uuid4(), public_id=secrets.token_hex(5), items=tuple(uuid4() for _ in photos))],
        words=words,
        expires_at=clock.now() + LASTS,
        confirmed=False,
    )
    return ask_opinion(by=by, asking=said, now=clock.now())[0]


def _answered(hospital: Hospital, opinion: Opinion) -> int:
    """The colleague on call opens, looks, answers; the asker reads it. How many bytes of pixels the colleague was given."""
    lim = hospital.people["lim"]
    open_opinion(by=lim, opinion_id=opinion.pk, now=clock.now(), new_id=uuid4())
    item: UUID = opinion.items.order_by("place").values_list("pk", flat=True)[0]
    permit = view_shared_copy(by=lim, item_id=item, now=clock.now(), new_id=uuid4())
    pixels = shown.pixels(permit, name="Mr C Lim", moment=clock.now)
    said = answering.say(uuid4(), quick=Quick.SEND_TO_THEATRE, words="Mark the edge with a pen. I am on my way.")
    give_opinion(by=lim, opinion_id=opinion.pk, said=said, now=clock.now())
    note_answer_read(by=hospital.people["khan"], opinion_id=opinion.pk, answers=1, now=clock.now())
    return len(pixels)


def _is_shut(hospital: Hospital, opinion: Opinion) -> bool:
    try:
        open_opinion(by=hospital.people["patel"], opinion_id=opinion.pk, now=clock.now(), new_id=uuid4())
    except Refusal:
        return True
    return False
