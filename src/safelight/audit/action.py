"""The action: the only way to change or reveal the record.

Rules that hold here:
1. An action is keyword-only and is told who acts (`by`) and when (`now`).
2. It runs in one transaction and states at least one fact; both commit together, or neither does.
3. An action that another action calls joins its transaction and its entry.
4. A refusal, a damage or a fault rolls all back and leaves one entry that says so.
"""

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

import structlog
from django.db import connection, transaction

from safelight.audit.ledger import append
from safelight.audit.listeners import tell
from safelight.audit.models import Outcome
from safelight.kernel.actor import Actor
from safelight.kernel.errors import Refusal, SafelightError
from safelight.kernel.facts import Fact, Plain

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger()


@dataclass(slots=True)
class _Record:
    name: str
    facts: list[Fact] = field(default_factory=list)


_current: ContextVar[_Record | None] = ContextVar("action", default=None)
_ACTIONS: dict[str, Callable[..., object]] = {}


class NothingStated(RuntimeError):
    """An action ended without stating a fact: a fault in its code."""


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function an action. Raises TypeError at import when its signature is not one."""
    name = f"{function.__module__.split('.')[-3]}.{function.__name__}"
    _check_signature(function, name)

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _current.get() is not None:  # rule 3
            return function(*args, **kwargs)
        record = _Record(name)
        token = _current.set(record)
        try:
            with transaction.atomic():
                _open_guard(name)
                result = function(*args, **kwargs)
                _commit(record, kwargs)
                return result
        except SafelightError as no:
            _note(name, Outcome.REFUSED if isinstance(no, Refusal) else Outcome.FAILED, no.code, kwargs, about=no.patient_id)
            raise
        except Exception as fault:  # a bug: it leaves its entry (rule 4) and goes on up unchanged
            _note(name, Outcome.FAILED, type(fault).__name__, kwargs)
            raise
        finally:
            _current.reset(token)

    _ACTIONS[name] = run
    return run


def state(fact: Fact) -> None:
    """State a fact of the running action: it goes into the entry, and its listeners hear it inside the transaction."""
    record = _current.get()
    if record is None:
        raise RuntimeError("a fact is stated inside an action")
    record.facts.append(fact)
    tell(fact)


def every_action() -> dict[str, Callable[..., object]]:
    """All actions by name, for the documentation and the tests."""
    return dict(_ACTIONS)


def _check_signature(function: Callable[..., object], name: str) -> None:
    parameters = inspect.signature(function).parameters
    if any(p.kind is not inspect.Parameter.KEYWORD_ONLY for p in parameters.values()):
        raise TypeError(f"{name}: an action is keyword-only")
    if not {"by", "now"} <= parameters.keys():
        raise TypeError(f"{name}: an action is told who acts (by) and when (now)")
    if name in _ACTIONS:
        raise TypeError(f"{name}: there is such an action already")


def _open_guard(name: str) -> None:
    """Let guarded tables take writes in this transaction (PostgreSQL; see guards.py)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('safelight.action', %s, true)", [name])


def _commit(record: _Record, given: dict[str, object]) -> None:
    if not record.facts:
        raise NothingStated(record.name)
    patients = {value for fact in record.facts for key, value in _fields(fact) if key == "patient" and isinstance(value, UUID)}
    append(
        by=_by(given),
        action=record.name,
        outcome=Outcome.DONE,
        at=given["now"],  # type: ignore[arg-type]  # the signature was checked
        facts=record.facts,
        patients=patients,
    )


def _note(name: str, outcome: Outcome, reason: str, given: dict[str, object], *, about: UUID | None = None) -> None:
    """Write the entry of what was refused or failed, in a transaction of its own. Holds the ids that were asked for, nothing else.

    It is about the patient who was asked for, and about whom the refusal names: whoever asks for a photo asks for its patient.
    """
    ids: dict[str, Plain] = {key: str(value) for key, value in given.items() if isinstance(value, UUID)}
    log.info("action.not_done", action=name, outcome=outcome.value, reason=reason, **ids)
    with transaction.atomic():
        append(
            by=_by(given),
            action=name,
            outcome=outcome,
            at=given["now"],  # type: ignore[arg-type]  # the signature was checked
            reason=reason,
            about=ids,
            patients={patient for patient in (given.get("patient_id"), about) if isinstance(patient, UUID)},
        )


def _by(given: dict[str, object]) -> Actor:
    by = given["by"]
    if not isinstance(by, Actor):
        raise TypeError("an action is told who acts")
    return by


def _fields(fact: Fact) -> list[tuple[str, object]]:
    return [(name, getattr(fact, name)) for name in fact.__dataclass_fields__ if name != "name"]
