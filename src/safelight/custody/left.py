"""Why a file stays on its card, in words, for the packages above: the list itself is handover's."""

from handover.methods import COPIED_BY_BROWSER as COPIED
from handover.methods import DELETED_BY_CAMERA as DELETED
from handover.methods import EMPTIED_BY_BROWSER as EMPTIED
from handover.reasons import SAYS, Left

__all__ = ["COPIED", "DAMAGED", "DELETED", "EMPTIED", "why_left"]

DAMAGED = "The stored copy of this photo is damaged. The photo stays on the card."


def why_left(code: str) -> str:
    """What a person is told; a frame without a code stays because its copy is damaged."""
    return SAYS[Left(code)] if code else DAMAGED
