"""The life of a frame: every move from every state, and the orders that the database itself refuses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.frames import NOW, digest_of, frame_in, photo, read_a_card

from handover.reasons import Left
from safelight.audit.models import Move
from safelight.audit.moves import move
from safelight.custody.errors import Malformed, NotYetVerified
from safelight.custody.lifecycle import FRAME, FrameMove, FrameState
from safelight.custody.models import Frame
from safelight.kernel.actor import WORKER
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.vault import upkeep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def _keys():
    upkeep.make_keys()


@pytest.fixture(autouse=True)
def _as_in_an_action(db):
    """Moves are made here without an action, each for itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('safelight.action', 'tests', true)")


LEADS_TO = {
    FrameState.ANNOUNCED: {FrameMove.RECEIVE: "received", FrameMove.LEAVE: "left"},
    FrameState.RECEIVED: {
        FrameMove.VERIFY: "verified",
        FrameMove.LEAVE: "left",
        FrameMove.DAMAGE: "damaged",
        FrameMove.DISPOSE: "disposed",
    },
    FrameState.VERIFIED: {FrameMove.RELEASE: "released", FrameMove.DAMAGE: "damaged", FrameMove.DISPOSE: "disposed"},
    FrameState.RELEASED: {FrameMove.RELEASE: "released", FrameMove.ERASE: "erased", FrameMove.DAMAGE: "damaged"},
    FrameState.ERASED: {FrameMove.DAMAGE: "damaged"},
    FrameState.LEFT: {FrameMove.ANNOUNCE: "announced"},
    FrameState.DAMAGED: {FrameMove.ANNOUNCE: "announced", FrameMove.DISPOSE: "disposed"},
    FrameState.DISPOSED: {FrameMove.ANNOUNCE: "announced"},
}
# What each state rests on, so that the table alone decides here and not a constraint.
FACTS = {
    FrameMove.RELEASE: {"released_at": NOW},
    FrameMove.ERASE: {"erased_at": NOW},
    FrameMove.LEAVE: {"left_why": "unstable"},
    FrameMove.ANNOUNCE: {"left_why": "", "verified_at": None, "released_at": None, "erased_at": None},
}


@pytest.mark.requirement("D3")
@pytest.mark.parametrize("step", list(FrameMove))
@pytest.mark.parametrize("state", list(FrameState))
def test_each_move_from_each_state_leads_where_the_table_says_or_nowhere(state, step):
    _, frame = frame_in(state)
    moves = Move.objects.filter(row=frame.pk).count()
    expected = LEADS_TO[state].get(step)
    if expected is None:
        with pytest.raises(NotPossibleNow):
            move(frame, FRAME, step, by=WORKER, at=NOW, **FACTS.get(step, {}))
        assert Frame.objects.get(pk=frame.pk).state == state
        assert Move.objects.filter(row=frame.pk).count() == moves
        return
    move(frame, FRAME, step, by=WORKER, at=NOW, **FACTS.get(step, {}))
    assert Frame.objects.get(pk=frame.pk).state == expected
    last = Move.objects.filter(row=frame.pk).latest("pk")
    assert (last.before, last.after, last.move, last.by, last.at) == (state, expected, step, WORKER.id, NOW)


@pytest.mark.asvs("2.3.4")
def test_of_two_who_move_one_frame_at_once_one_is_told_that_it_was_second():
    _, one = frame_in(FrameState.VERIFIED)
    two = Frame.objects.get(pk=one.pk)
    move(one, FRAME, FrameMove.DAMAGE, by=WORKER, at=NOW)
    with pytest.raises(NotPossibleNow):
        move(two, FRAME, FrameMove.RELEASE, by=WORKER, at=NOW, released_at=NOW)


@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
@pytest.mark.asvs("2.3.1")
@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        (FrameState.ANNOUNCED, "state = 'erased'"),
        (FrameState.ANNOUNCED, "state = 'released'"),
        (FrameState.ANNOUNCED, "received_at = '2026-11-24 09:41:00'"),
        (FrameState.ANNOUNCED, "verified_at = '2026-11-24 09:41:00'"),
        (FrameState.RECEIVED, "state = 'released', released_at = '2026-11-24 09:41:00'"),
        (FrameState.RECEIVED, "erased_at = '2026-11-24 09:41:00'"),
        (FrameState.RECEIVED, "stored_id = NULL"),
        (FrameState.VERIFIED, "state = 'released'"),
        (FrameState.VERIFIED, "state = 'erased', erased_at = '2026-11-24 09:41:00'"),
        (FrameState.RELEASED, "state = 'erased'"),
        (FrameState.RELEASED, "verified_at = NULL"),
        (FrameState.ERASED, "released_at = NULL"),
        (FrameState.ANNOUNCED, "state = 'left'"),
        (FrameState.ANNOUNCED, "state = 'gone'"),
    ],
)
def test_the_database_itself_refuses_the_unsafe_order(state, wrong):
    _, frame = frame_in(state)
    pk = frame.pk.hex if connection.vendor == "sqlite" else str(frame.pk)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE custody_frame SET {wrong} WHERE id = %s", [pk])
    assert Frame.objects.get(pk=frame.pk).state == state


@pytest.mark.requirement("D8")
def test_the_database_itself_refuses_a_second_frame_of_the_same_bytes():
    _, frame = frame_in(FrameState.ERASED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Frame.objects.create(id=uuid4(), digest=frame.digest, size=1, kind="jpeg", announced_at=NOW)


@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
@pytest.mark.parametrize("state", [FrameState.ANNOUNCED, FrameState.RECEIVED])
def test_refuses_to_permit_while_one_frame_waits(state):
    one, two = photo(1), photo(2)
    reading = read_a_card(one, two)
    reading.receive(one)
    reading.verify(one)
    if state is FrameState.RECEIVED:
        reading.receive(two)
    with pytest.raises(NotYetVerified):
        reading.permit()
    assert reading.frame(one).state == "verified"


@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
def test_permits_what_was_verified_and_nothing_that_was_left_or_damaged():
    whole, left, damaged = photo(1), photo(2), photo(3)
    reading = read_a_card(whole, left, damaged)
    for data in (whole, damaged):
        reading.receive(data)
    reading.verify(whole)
    reading.damage(damaged)
    reading.leave(left, Left.UNSTABLE)
    assert reading.permit().digests == (digest_of(whole),)
    assert [reading.frame(data).state for data in (whole, left, damaged)] == ["released", "left", "damaged"]


@pytest.mark.goal("R5")
@pytest.mark.parametrize("state", [FrameState.ANNOUNCED, FrameState.RECEIVED, FrameState.VERIFIED, FrameState.LEFT, FrameState.DAMAGED])
def test_a_certificate_cannot_erase_what_was_never_released(state):
    reading, frame = frame_in(state)
    with pytest.raises(Malformed):
        reading.confirm(photo())
    assert Frame.objects.get(pk=frame.pk).erased_at is None


@pytest.mark.goal("R5")
def test_a_copy_that_breaks_between_receipt_and_certificate_is_damaged_and_the_card_is_empty_all_the_same():
    reading, frame = frame_in(FrameState.RELEASED)
    reading.damage(photo())
    reading.confirm(photo())
    frame.refresh_from_db()
    assert (frame.state, frame.erased_at) == ("damaged", NOW)


@pytest.mark.requirement("D8")
@pytest.mark.parametrize("state", [FrameState.LEFT, FrameState.DAMAGED])
def test_a_frame_that_was_left_or_damaged_is_wanted_again_when_its_card_comes_back(state):
    reading, frame = frame_in(state)
    before = frame.stored_id
    again = read_a_card(photo(), station=None, volume="another reading")
    assert again.frame(photo()).state == "announced"
    again.receive(photo())
    again.verify(photo())
    assert again.permit().digests == (digest_of(photo()),)
    frame.refresh_from_db()
    assert (frame.state, frame.left_why) == ("released", "")
    assert frame.stored_id != before
    assert reading.import_id != again.import_id


@pytest.mark.requirement("D3")
def test_a_copy_read_back_too_long_ago_is_read_again_before_a_receipt_names_it():
    reading, _ = frame_in(FrameState.VERIFIED)
    late = NOW + timedelta(minutes=11)
    with pytest.raises(NotYetVerified):
        reading.permit(now=late)
    reading.verify(photo(), now=late)
    assert reading.permit(now=late).digests == (digest_of(photo()),)


@pytest.mark.goal("R3")
def test_what_was_read_of_an_older_copy_says_nothing_of_a_newer_one():
    reading, frame = frame_in(FrameState.DAMAGED)
    old = frame.stored_id
    again = read_a_card(photo(), volume="another reading")
    again.receive(photo())
    from safelight.custody.actions.read_back_frame import read_back_frame
    from safelight.kernel.digest import Digest

    with pytest.raises(NotPossibleNow):
        read_back_frame(by=WORKER, frame_id=frame.pk, object_id=old, found=Digest(frame.digest), now=NOW)
    assert reading.frame(photo()).state == "received"
