"""Moving the urgent clock inside an action: its steps are laid out, taken and stopped."""

from datetime import datetime, timedelta
from uuid import uuid5

from safelight.audit.action import state
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing.models.notices import After, Step
from safelight.sharing.models.opinions import Opinion
from safelight.sharing.notice_facts import ClockStarted, StepSet, StepTaken
from safelight.sharing.notices import promising, rules
from safelight.sharing.notices.promising import Told
from safelight.sharing.notices.rules import ClockRules
from safelight.staff.models import Person


def lay_out(opinion: Opinion, *, turn: int, fixed: ClockRules) -> None:
    """Fix every step of a question as the rules are now. None is due yet."""
    waits = [(after, number, wait) for after in After for number, wait in enumerate(fixed.waits(after))]
    Step.objects.bulk_create(
        Step(
            id=uuid5(opinion.pk, f"step|{turn}|{after}|{number}"),
            opinion=opinion,
            turn=turn,
            after=after,
            number=number,
            wait=wait,
        )
        for after, number, wait in waits
    )
    state(ClockStarted(opinion=opinion.pk, patient=opinion.patient_id, turn=turn, seconds=tuple(wait for *_, wait in waits)))


def set_going(opinion: Opinion, after: After, *, since: datetime, now: datetime) -> None:
    """Let the steps of the newest turn count from a moment. A first step that is due already is taken at once."""
    fresh = Step.objects.filter(opinion=opinion, after=after, number=0, due_at=None, done_at=None, stopped_at=None)
    first = fresh.order_by("-turn").first()
    if first is not None:
        first.opinion = opinion
        _set_due(first, since=since, now=now)


def take(step: Step, *, now: datetime) -> None:
    """Take a step, once: tell those whose turn it is, the asker where it is told that nobody came, and set the next one going.

    Raises NotPossibleNow where it was taken or stopped before, or is not due.
    """
    if not Step.objects.filter(pk=step.pk, done_at=None, stopped_at=None, due_at__lte=now).update(done_at=now):
        raise NotPossibleNow("step", step.pk)
    opinion, after, number = step.opinion, After(step.after), step.number
    told = promising.those_asked(opinion, rules.whom(number), at=now)
    occasion = f"step|{step.pk}"
    promising.promise(opinion, told, rules.says(number, after), occasion=occasion, step=step, now=now)
    if heard := rules.asker_hears(number, after):
        asker = Person.objects.filter(pk=opinion.asked_by, is_active=True).first()
        promising.promise(opinion, Told((asker,) if asker else ()), heard, occasion=f"{occasion}|asker", step=step, now=now)
    people = tuple(person.pk for person in told.people)
    state(StepTaken(opinion=opinion.pk, patient=opinion.patient_id, step=step.pk, people=people, team=told.team.pk if told.team else None))
    following = Step.objects.filter(opinion=opinion, turn=step.turn, after=after, number=number + 1, done_at=None, stopped_at=None).first()
    if following is not None:
        following.opinion = opinion
        _set_due(following, since=now, now=now)


def stop(opinion: Opinion, *, now: datetime, after: After | None = None) -> int:
    """No step that was not taken will be; returns how many were stopped. `after`: only those that count from it."""
    open_steps = Step.objects.filter(opinion=opinion, done_at=None, stopped_at=None)
    return (open_steps.filter(after=after) if after else open_steps).update(stopped_at=now)


def _set_due(step: Step, *, since: datetime, now: datetime) -> None:
    due = since + timedelta(seconds=step.wait)
    Step.objects.filter(pk=step.pk, done_at=None, stopped_at=None).update(due_at=due)
    if due <= now:
        take(step, now=now)
    else:
        state(StepSet(opinion=step.opinion_id, patient=step.opinion.patient_id, step=step.pk, since=now, due_at=due))
