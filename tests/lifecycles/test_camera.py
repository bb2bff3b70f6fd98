"""Every move from every state of a camera, by the real actions: the table, and nothing beside it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from tests.factories.custody import KEEPER, acting, check_out, make_camera, prove_empty
from tests.factories.staff import make_person

from safelight.audit.models import Move
from safelight.custody.actions.find_camera import find_camera
from safelight.custody.actions.mend_camera import mend_camera
from safelight.custody.actions.report_camera_lost import report_camera_lost
from safelight.custody.actions.report_fault import report_fault
from safelight.custody.actions.retire_camera import retire_camera
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.actions.unlock_camera import unlock_camera
from safelight.custody.lifecycle import CAMERA, CameraMove, CameraState
from safelight.custody.models import Camera, CheckOut
from safelight.custody.rules import CardSaid
from safelight.kernel.errors import Refusal
from safelight.vault import upkeep

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.requirement("A2")]


@pytest.fixture(autouse=True, scope="module")
def _keys() -> None:
    upkeep.make_keys()


class Hands:
    """Moves one camera as people do, one minute a move."""

    def __init__(self) -> None:
        self.camera = make_camera(at=NINE)
        self.person = make_person()
        self.minutes = 0

    @property
    def now(self) -> datetime:
        self.minutes += 1
        return NINE + timedelta(minutes=self.minutes)

    def read_the_card(self) -> None:
        prove_empty(self.camera.cards.get(), at=self.now)

    def do(self, move: CameraMove) -> None:
        camera, by = self.camera.pk, acting(self.person)
        moves: dict[CameraMove, Callable[[], object]] = {
            CameraMove.CHECK_OUT: lambda: check_out(self.camera, self.person, out_at=self.now),
            CameraMove.BRING_BACK: lambda: return_camera(by=by, camera_id=camera, card=CardSaid.EMPTY, now=self.now),
            CameraMove.BRING_BACK_WITH_PHOTOS: lambda: return_camera(by=by, camera_id=camera, card=CardSaid.HAS_PHOTOS, now=self.now),
            CameraMove.UNLOCK: lambda: unlock_camera(by=by, camera_id=camera, now=self.now),
            CameraMove.REPORT_FAULT: lambda: report_fault(by=by, camera_id=camera, fault="It does not focus.", now=self.now),
            CameraMove.MEND: lambda: mend_camera(by=KEEPER, camera_id=camera, now=self.now),
            CameraMove.REPORT_LOST: lambda: report_camera_lost(by=by, camera_id=camera, now=self.now),
            CameraMove.FIND: lambda: find_camera(by=by, camera_id=camera, now=self.now),
            CameraMove.RETIRE: lambda: retire_camera(by=KEEPER, camera_id=camera, now=self.now),
        }
        self.read_the_card()
        moves[move]()


WAY_TO: dict[CameraState, tuple[CameraMove, ...]] = {
    CameraState.IN_CABINET: (),
    CameraState.OUT: (CameraMove.CHECK_OUT,),
    CameraState.LOCKED: (CameraMove.CHECK_OUT, CameraMove.BRING_BACK_WITH_PHOTOS),
    CameraState.FAULTY: (CameraMove.REPORT_FAULT,),
    CameraState.LOST: (CameraMove.REPORT_LOST,),
    CameraState.RETIRED: (CameraMove.RETIRE,),
}
PAIRS = list(product(CameraState, CameraMove))


@pytest.fixture
def hands() -> Hands:
    return Hands()


def state_of(hands: Hands) -> CameraState:
    return CameraState(Camera.objects.get(pk=hands.camera.pk).state)


@pytest.mark.parametrize(("state", "move"), PAIRS, ids=[f"{state.value}-{move.value}" for state, move in PAIRS])
class TestEachMoveFromEachState:
    def test_leads_where_the_table_says_or_nowhere(self, hands, state, move):
        for step in WAY_TO[state]:
            hands.do(step)
        assert state_of(hands) is state
        if (state, move) in CAMERA.table:
            hands.do(move)
            assert state_of(hands) is CAMERA.table[state, move]
            row = Move.objects.latest("pk")
            assert (row.row, row.move, row.before, row.after) == (hands.camera.pk, move.value, state.value, CAMERA.table[state, move].value)
        else:
            with pytest.raises(Refusal):
                hands.do(move)
            assert state_of(hands) is state


@pytest.mark.parametrize(("state", "move"), CAMERA.table, ids=[f"{state.value}-{move.value}" for state, move in CAMERA.table])
def test_a_camera_is_in_somebodys_hands_only_while_it_is_out(hands, state, move):
    for step in (*WAY_TO[state], move):
        hands.do(step)
    out = state_of(hands) is CameraState.OUT
    assert (Camera.objects.get(pk=hands.camera.pk).holder is not None) is out
    assert CheckOut.objects.filter(back_at=None).exists() is out


def test_every_state_can_be_reached():
    assert set(CAMERA.table.values()) == set(CameraState)
