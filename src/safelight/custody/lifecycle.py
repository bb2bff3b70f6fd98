"""The life of a frame and of a camera, in tables."""

from enum import StrEnum

from safelight.kernel.lifecycle import Lifecycle


class FrameState(StrEnum):
    ANNOUNCED = "announced"
    RECEIVED = "received"
    VERIFIED = "verified"
    RELEASED = "released"
    ERASED = "erased"
    LEFT = "left"
    DAMAGED = "damaged"
    DISPOSED = "disposed"


class FrameMove(StrEnum):
    RECEIVE = "receive"
    VERIFY = "verify"
    RELEASE = "release"
    ERASE = "erase"
    LEAVE = "leave"
    DAMAGE = "damage"
    ANNOUNCE = "announce"
    DISPOSE = "dispose"


FRAME: Lifecycle[FrameState, FrameMove] = Lifecycle(
    name="frame",
    start=FrameState.ANNOUNCED,
    table={
        (FrameState.ANNOUNCED, FrameMove.RECEIVE): FrameState.RECEIVED,
        (FrameState.ANNOUNCED, FrameMove.LEAVE): FrameState.LEFT,
        (FrameState.RECEIVED, FrameMove.VERIFY): FrameState.VERIFIED,
        (FrameState.RECEIVED, FrameMove.LEAVE): FrameState.LEFT,
        (FrameState.RECEIVED, FrameMove.DAMAGE): FrameState.DAMAGED,
        (FrameState.VERIFIED, FrameMove.RELEASE): FrameState.RELEASED,
        (FrameState.VERIFIED, FrameMove.DAMAGE): FrameState.DAMAGED,
        (FrameState.RELEASED, FrameMove.RELEASE): FrameState.RELEASED,
        (FrameState.RELEASED, FrameMove.ERASE): FrameState.ERASED,
        (FrameState.RELEASED, FrameMove.DAMAGE): FrameState.DAMAGED,
        (FrameState.ERASED, FrameMove.DAMAGE): FrameState.DAMAGED,
        (FrameState.LEFT, FrameMove.ANNOUNCE): FrameState.ANNOUNCED,
        (FrameState.DAMAGED, FrameMove.ANNOUNCE): FrameState.ANNOUNCED,
        # Only of a card that never came back. Should it come back after all, its photos are taken as if for the first time.
        (FrameState.RECEIVED, FrameMove.DISPOSE): FrameState.DISPOSED,
        (FrameState.VERIFIED, FrameMove.DISPOSE): FrameState.DISPOSED,
        (FrameState.DAMAGED, FrameMove.DISPOSE): FrameState.DISPOSED,
        (FrameState.DISPOSED, FrameMove.ANNOUNCE): FrameState.ANNOUNCED,
    },
)


class DisposalState(StrEnum):
    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    SETTLED = "settled"


class DisposalMove(StrEnum):
    AGREE = "agree"
    REFUSE = "refuse"
    SETTLE = "settle"


DISPOSAL: Lifecycle[DisposalState, DisposalMove] = Lifecycle(
    name="disposal",
    start=DisposalState.ASKED,
    table={
        (DisposalState.ASKED, DisposalMove.AGREE): DisposalState.DONE,
        (DisposalState.ASKED, DisposalMove.REFUSE): DisposalState.REFUSED,
        # The card came back after all: there is nothing left to decide, and nobody has.
        (DisposalState.ASKED, DisposalMove.SETTLE): DisposalState.SETTLED,
    },
)


class CameraState(StrEnum):
    IN_CABINET = "in_cabinet"
    OUT = "out"
    LOCKED = "locked"
    FAULTY = "faulty"
    LOST = "lost"
    RETIRED = "retired"


class CameraMove(StrEnum):
    CHECK_OUT = "check_out"
    BRING_BACK = "bring_back"
    BRING_BACK_WITH_PHOTOS = "bring_back_with_photos"
    UNLOCK = "unlock"
    REPORT_FAULT = "report_fault"
    MEND = "mend"
    REPORT_LOST = "report_lost"
    FIND = "find"
    RETIRE = "retire"


CAMERA: Lifecycle[CameraState, CameraMove] = Lifecycle(
    name="camera",
    start=CameraState.IN_CABINET,
    table={
        (CameraState.IN_CABINET, CameraMove.CHECK_OUT): CameraState.OUT,
        (CameraState.OUT, CameraMove.BRING_BACK): CameraState.IN_CABINET,
        (CameraState.OUT, CameraMove.BRING_BACK_WITH_PHOTOS): CameraState.LOCKED,
        (CameraState.LOCKED, CameraMove.UNLOCK): CameraState.IN_CABINET,
        **{(state, CameraMove.REPORT_FAULT): CameraState.FAULTY for state in (CameraState.IN_CABINET, CameraState.OUT, CameraState.LOCKED)},
        (CameraState.FAULTY, CameraMove.MEND): CameraState.IN_CABINET,
        **{
            (state, CameraMove.REPORT_LOST): CameraState.LOST
            for state in (CameraState.IN_CABINET, CameraState.OUT, CameraState.LOCKED, CameraState.FAULTY)
        },
        (CameraState.LOST, CameraMove.FIND): CameraState.LOCKED,
        (CameraState.IN_CABINET, CameraMove.RETIRE): CameraState.RETIRED,
        (CameraState.FAULTY, CameraMove.RETIRE): CameraState.RETIRED,
    },
)
