"""kill -9 of web, worker and database while questions are asked, told of and answered; and a gateway that fails now and then."""

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
from tests.faults.asking import QUICK, Hospital, hospital
from tests.servers import postgresql, worker
from tests.servers.listening import listening
from tests.servers.worker import wait_until

from safelight.audit import checkpoint, verify
from safelight.audit.keys import make_seed
from safelight.audit.models import Entry
from safelight.sharing.models import Notice, Step
from safelight.sharing.models.notices import After

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.goal("R2")]
AT_ONCE = 30.0  # seconds; a step that only the clock's next minute noticed would take up to sixty


def test_each_notice_goes_out_at_least_once_and_each_step_is_taken_once(seed):
    chance, questions = random.Random(seed), 5
    team = make_team(people=(make_person("lim", "Mr C Lim"), make_person("webb", "Dr E Webb")))
    with listening() as pager:
        make_webhook(f"{pager.address}/call", team=team)
        pager.answers = [chance.choice([201, 201, 201, 500, 503]) for _ in range(questions * 2)]
        running = worker.start(queues="push=3")
        try:
            for _ in range(questions):
                make_question(team=team, fixed=QUICK)
            for _ in range(2):
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


@pytest.mark.slow
@pytest.mark.requirement("G9")
def test_no_kill_loses_a_notice_a_step_or_an_answer(tmp_path, sweep, seed):
    """Each turn asks, answers some over the web, and kills one process in the middle of it."""
    chance = random.Random(seed)
    victims = [Hospital.kill_worker, Hospital.kill_web]
    if sweep and postgresql.can_be_killed():
        victims.append(Hospital.kill_database)
    with hospital(tmp_path) as here:
        here.pager.answers = [chance.choice([201, 201, 201, 500, 503]) for _ in range(60 if sweep else 15)]
        for turn in range(20 if sweep else 6):
            asked = here.ask(10 if sweep else 5)
            kill = victims[turn % len(victims)]
            print(f"{turn}: {kill.__name__}")
            with here.answering(asked[:4] if sweep else asked[:2]):
                time.sleep(chance.uniform(0.0, 1.0))
                kill(here)
        here.wait_until_all_is_told()
        assert here.notices_that_never_came() == []
        assert here.steps_not_taken_once() == []
        assert here.answers_lost() == []
        assert here.ledger_is_fine()


def test_a_step_missed_while_no_worker_lived_is_taken_at_once_and_once(seed):
    team = make_team(people=(make_person("lim", "Mr C Lim"),))
    question = make_question(team=team, fixed=QUICK)
    time.sleep(1.5)
    assert Step.objects.filter(opinion=question, after=After.ASKED, done_at__isnull=False).count() == 1
    with worker.running(queues="push=3"):
        serves = time.monotonic()
        wait_until(lambda: Step.objects.filter(opinion=question, after=After.ASKED, done_at__isnull=False).count() > 1)
        assert time.monotonic() - serves < AT_ONCE
        wait_until(lambda: Step.objects.filter(opinion=question, after=After.ASKED, done_at=None).count() == 0)
    steps = Step.objects.filter(opinion=question, after=After.ASKED).order_by("number")
    waits = [(later.done_at - earlier.done_at).total_seconds() for earlier, later in pairwise(steps[1:])]
    assert min(waits) >= 1
