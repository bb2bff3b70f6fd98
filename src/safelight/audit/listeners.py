"""The only road upward: a higher package reacts to a fact of a lower one, inside the transaction of its action."""

from collections.abc import Callable
from typing import TypeVar

from safelight.kernel.facts import Fact

F = TypeVar("F", bound=Fact)
_LISTENERS: dict[type[Fact], list[Callable[[Fact], None]]] = {}


def on(kind: type[F]) -> Callable[[Callable[[F], None]], Callable[[F], None]]:
    """Enter a function as listener for a fact. It runs inside the action's transaction: promise work there, do none."""

    def enter(listener: Callable[[F], None]) -> Callable[[F], None]:
        _LISTENERS.setdefault(kind, []).append(listener)  # type: ignore[arg-type]  # called with its own kind only
        return listener

    return enter


def tell(fact: Fact) -> None:
    """Call every listener of the fact's kind, in the order of their entering."""
    for listener in _LISTENERS.get(type(fact), ()):
        listener(fact)
