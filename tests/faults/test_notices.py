"""kill -9 of the worker while urgent questions wait, and a gateway that fails now and then."""

import json
import random
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from tests.factories.notices import make_question, make_webhook
from tests.factories.staff import make_person
from tests.factories.teams import make_team
from tests.servers import worker
from tests.servers.listening import listening
from tests.servers.worker import wait_until

from safelight.audit import checkpoint, verify
from safelight.audit.keys import make_seed
from safelight.audit.models import Entry
from safelight.sharing.models import Notice, Step
from safelight.sharing.models.notices import After
from safelight.sharing.notices.rules import ClockRules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.goal("R2")]
QUICK = ClockRules(minutes=(0, 1 / 60, 2 / 60, 3 / 60))


@pytest.mark.parametrize(("questions", "kills"), [(5, 2), pytest.param(30, 8, marks=pytest.mark.slow)])
def test_each_notice_goes_out_at_least_once_and_each_step_is_taken_once(seed, questions, kills):
    chance = random.Random(seed)
    team = make_team(people=(make_person("lim", "Mr C Lim"), make_person("webb", "Dr E Webb")))
    with listening() as pager:
        make_webhook(f"{pager.address}/call", team=team)
        pager.answers = [chance.choice([201, 201, 201, 500, 503]) for _ in range(questions * 2)]
        running = worker.start(queues="push=3")
        try:
            for _ in range(questions):
                make_question(team=team, fixed=QUICK)
            for _ in range(kills):
                time.sleep(chance.uniform(0.1, 1.5))
                running.kill()
                running = worker.start(queues="push=3")
            wait_until(lambda: Step.objects.filter(after=After.ASKED, done_at=None).count() == 0)
            wait_until(lambda: Notice.objects.filter(kind="webhook", sent_at=None).count() == 0)
        finally:
            running.kill()
    came = Counter(json.loads(body)["notice"] for _, _, body in pager.came)
    wanted = {str(pk) for pk in Notice.objects.filter(kind="webhook").values_list("pk", flat=True)}
    assert len(wanted) == questions * 4
    assert wanted == set(came)
    bodies = (json.loads(bytes(body)) for body in Entry.objects.filter(outcome="done").values_list("body", flat=True))
    taken = Counter(fact["step"] for body in bodies for fact in body["facts"] if fact["fact"] == "sharing.StepTaken")
    assert len(taken) == questions * 4
    assert set(taken.values()) == {1}
    if not Path(settings.SAFELIGHT_LEDGER_KEY).exists():
        make_seed(Path(settings.SAFELIGHT_LEDGER_KEY))
    assert verify.check(notes=verify.notes_in_database(), key=checkpoint.ledger_signer().vkey).ok


def test_a_step_missed_while_no_worker_lived_is_taken_at_once_and_once(seed):
    team = make_team(people=(make_person("lim", "Mr C Lim"),))
    question = make_question(team=team, fixed=QUICK)
    time.sleep(1.5)
    assert Step.objects.filter(opinion=question, after=After.ASKED, done_at__isnull=False).count() == 1
    with worker.running(queues="push=3"):
        wait_until(lambda: Step.objects.filter(opinion=question, after=After.ASKED, done_at=None).count() == 0)
    steps = Step.objects.filter(opinion=question, after=After.ASKED).order_by("number")
    waits = [(later.done_at - earlier.done_at).total_seconds() for earlier, later in pairwise(steps[1:])]
    assert min(waits) >= 1
