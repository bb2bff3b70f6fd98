"""Why a file stays on its card, in words, for the packages above: the list itself is handover's."""

from handover.reasons import SAYS, Left

DAMAGED = "The stored copy of this photo is damaged. The photo stays on the card."


def why_left(code: str) -> str:
    """What a person is told; a frame without a code stays because its copy is damaged."""
    return SAYS[Left(code)] if code else DAMAGED
