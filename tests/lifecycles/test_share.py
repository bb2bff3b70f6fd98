"""Every move from every state of a share, by the real actions: the table, and nothing beside it."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.factories.sharing import answer, make_asked, one_asked, open_it
from tests.factories.staff import actor_of

from safelight.audit.models import Move
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.errors import Refusal
from safelight.sharing.actions.expire_opinions import expire_opinions
from safelight.sharing.actions.note_answer_read import note_answer_read
from safelight.sharing.actions.pass_on import pass_on
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.asking import Recipient
from safelight.sharing.lifecycle import SHARE, ShareMove, ShareState
from safelight.sharing.models import Opinion
from safelight.sharing.rules import Ended

pytestmark = pytest.mark.django_db
WAY_TO: dict[ShareState, tuple[ShareMove, ...]] = {
    ShareState.OFFERED: (),
    ShareState.OPENED: (ShareMove.OPEN,),
    ShareState.ANSWERED: (ShareMove.ANSWER,),
    ShareState.CLOSED: (ShareMove.ANSWER, ShareMove.CLOSE),
    ShareState.TAKEN_BACK: (ShareMove.TAKE_BACK,),
    ShareState.EXPIRED: (ShareMove.EXPIRE,),
}
PAIRS = list(product(ShareState, ShareMove))


class Hands:
    """Moves one share as people, the worker and the clock do."""

    def __init__(self) -> None:
        self.shareable, self.opinion, self.asked = one_asked(lasts=timedelta(days=1))

    def do(self, move: ShareMove) -> None:
        by, opinion = self.shareable.record.by, self.opinion.pk
        moves: dict[ShareMove, Callable[[], object]] = {
            ShareMove.OPEN: lambda: open_it(self.opinion, self.asked),
            ShareMove.ANSWER: lambda: answer(self.opinion, self.asked),
            ShareMove.PASS_ON: self._pass_on,
            ShareMove.CLOSE: lambda: note_answer_read(by=by, opinion_id=opinion, answers=1, now=clock.now()),
            ShareMove.TAKE_BACK: lambda: take_back(by=by, opinion_id=opinion, why=Ended.ASKER, now=clock.now()),
            ShareMove.EXPIRE: lambda: expire_opinions(by=WORKER, opinion_ids=(opinion,), now=self.opinion.expires_at),
        }
        moves[move]()

    def _pass_on(self) -> None:
        other = make_asked(f"other{uuid4().hex[:6]}", "Ms D Roy")
        by, to = actor_of(self.asked), Recipient(person=other.pk)
        pass_on(by=by, opinion_id=self.opinion.pk, to=to, now=clock.now(), new_id=uuid4())
        self.asked = other


@pytest.fixture
def hands() -> Hands:
    return Hands()


def state_of(hands: Hands) -> ShareState:
    return ShareState(Opinion.objects.get(pk=hands.opinion.pk).state)


@pytest.mark.parametrize(("state", "move"), PAIRS, ids=[f"{state.value}-{move.value}" for state, move in PAIRS])
def test_each_move_leads_where_the_table_says_or_nowhere(hands, state, move):
    for step in WAY_TO[state]:
        hands.do(step)
    assert state_of(hands) is state
    if (state, move) in SHARE.table:
        hands.do(move)
        assert state_of(hands) is SHARE.table[state, move]
    else:
        with pytest.raises(Refusal):
            hands.do(move)
        assert state_of(hands) is state


def test_every_move_is_a_row_with_who_and_when(hands):
    for step in (ShareMove.OPEN, ShareMove.ANSWER, ShareMove.CLOSE):
        hands.do(step)
    rows = Move.objects.filter(subject="share", row=hands.opinion.pk).order_by("pk")
    assert [(row.move, row.after, row.by) for row in rows] == [
        ("open", "opened", hands.asked.pk),
        ("answer", "answered", hands.asked.pk),
        ("close", "closed", hands.shareable.record.person.pk),
    ]


def test_every_state_can_be_reached():
    assert {*SHARE.table.values(), SHARE.start} == set(ShareState)


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "lost"},
        {"urgency": "whenever"},
        {"person": None},
        {"state": "answered"},
        {"state": "taken_back"},
        {"opened_at": clock.now()},
        {"expires_at": clock.now() - timedelta(days=400)},
    ],
    ids="-".join,
)
def test_the_database_refuses_what_no_action_writes(hands, changed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=hands.opinion.pk).update(**changed)
