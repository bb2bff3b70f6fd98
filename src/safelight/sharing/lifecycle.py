"""The life of a share, in a table."""

from enum import StrEnum

from safelight.kernel.lifecycle import Lifecycle


class ShareState(StrEnum):
    OFFERED = "offered"
    OPENED = "opened"
    ANSWERED = "answered"
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"
    EXPIRED = "expired"


class ShareMove(StrEnum):
    OPEN = "open"
    ANSWER = "answer"
    PASS_ON = "pass_on"  # noqa: S105 - a move, no password
    CLOSE = "close"
    TAKE_BACK = "take_back"
    EXPIRE = "expire"


# Who answers by mail may never have opened the page. An answer outlives its share: it waits until it has been read.
SHARE: Lifecycle[ShareState, ShareMove] = Lifecycle(
    name="share",
    start=ShareState.OFFERED,
    table={
        (ShareState.OFFERED, ShareMove.OPEN): ShareState.OPENED,
        (ShareState.OPENED, ShareMove.OPEN): ShareState.OPENED,
        (ShareState.ANSWERED, ShareMove.OPEN): ShareState.ANSWERED,
        (ShareState.OFFERED, ShareMove.ANSWER): ShareState.ANSWERED,
        (ShareState.OPENED, ShareMove.ANSWER): ShareState.ANSWERED,
        (ShareState.ANSWERED, ShareMove.ANSWER): ShareState.ANSWERED,
        (ShareState.OFFERED, ShareMove.PASS_ON): ShareState.OFFERED,
        (ShareState.OPENED, ShareMove.PASS_ON): ShareState.OFFERED,
        (ShareState.ANSWERED, ShareMove.CLOSE): ShareState.CLOSED,
        (ShareState.OFFERED, ShareMove.TAKE_BACK): ShareState.TAKEN_BACK,
        (ShareState.OPENED, ShareMove.TAKE_BACK): ShareState.TAKEN_BACK,
        (ShareState.ANSWERED, ShareMove.TAKE_BACK): ShareState.TAKEN_BACK,
        (ShareState.OFFERED, ShareMove.EXPIRE): ShareState.EXPIRED,
        (ShareState.OPENED, ShareMove.EXPIRE): ShareState.EXPIRED,
    },
)
OPEN_STATES = (ShareState.OFFERED, ShareState.OPENED, ShareState.ANSWERED)
