"""A hospital under way whose processes are killed: questions are asked here, answered over the web, and told of by the worker."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import httpx
from django.conf import settings
from django.db import OperationalError, connection
from tests.factories.notices import make_question, make_webhook
from tests.factories.photographs import make_record
from tests.factories.sharing import make_asked
from tests.factories.staff import cookie_for, make_person
from tests.factories.teams import make_team
from tests.faults.asked import ledger_is_fine
from tests.servers import postgresql
from tests.servers.listening import Listening, listening
from tests.servers.site import Site, make_keys
from tests.servers.worker import wait_until

from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.sharing import sealing
from safelight.sharing.models import Answer, Notice, Opinion, Step
from safelight.sharing.models.notices import After, Says
from safelight.sharing.notices import rules
from safelight.sharing.notices.rules import ClockRules
from safelight.staff.models import Person, Team

PATIENCE = 180.0
QUICK = ClockRules(minutes=(0, 1 / 60, 2 / 60, 3 / 60))
TOKEN = "0123456789abcdefghijklmnopqrstuv"


class Hospital:
    """`taken` holds the words of each answer that the web server said it had, `tried` those of every one that was sent."""

    def __init__(self, site: Site, pager: Listening, asker: Person, team: Team, lim: Person) -> None:
        self.site, self.pager = site, pager
        self._asker, self._team, self._lim = asker, team, lim
        self.taken: list[str] = []
        self.tried: list[str] = []
        self._served = 0

    def start(self) -> None:
        self.site.start_worker()
        self.site.start_web()
        self._wait_for_worker()

    def ask(self, many: int) -> list[Opinion]:
        """So many questions to the team, whose clocks take a second a step."""
        return [make_question(team=self._team, asker=self._asker, fixed=QUICK) for _ in range(many)]

    @contextmanager
    def answering(self, opinions: list[Opinion]) -> Iterator[None]:
        """For the length of a block, and until each has an answer that was taken, Mr Lim opens and answers them in his browser."""
        cookies = {settings.SESSION_COOKIE_NAME: cookie_for(self._lim), settings.CSRF_COOKIE_NAME: TOKEN}
        failed: list[BaseException] = []

        def browse() -> None:
            try:
                for opinion in opinions:
                    self._answer(opinion.pk, cookies)
            except (AssertionError, httpx.HTTPError) as fault:
                failed.append(fault)

        browser = threading.Thread(target=browse)
        browser.start()
        try:
            yield
        finally:
            browser.join()
        assert failed == [], self.site.log[-4000:]

    def kill_worker(self) -> None:
        self.site.kill_worker()
        self.site.start_worker()
        self._wait_for_worker()

    def kill_web(self) -> None:
        self.site.kill_web()
        self.site.start_web()

    def kill_database(self) -> None:
        """kill -9 of the whole PostgreSQL server. Web and worker find their way back; one that ended is started, as a service is."""
        postgresql.kill()
        connection.close()
        postgresql.start_again()
        self.site.start_worker()
        self.site.start_web()

    def wait_until_all_is_told(self) -> None:
        wait_until(lambda: _asked(lambda: not self._open_steps() and not self._waiting()), PATIENCE, told=lambda: self.site.log[-6000:])

    def notices_that_never_came(self) -> list[UUID]:
        """Notices that went out by their rows, or still tell something, and that the pager has never heard of."""
        came = {json.loads(body)["notice"] for _, _, body in self.pager.came}
        rows = Notice.objects.filter(kind="webhook").select_related("opinion")
        owed = [row for row in rows if row.sent_at or rules.still_to_tell(row.opinion, Says(row.says), now=clock.now())]
        told = {(row.opinion_id, row.says) for row in owed}
        missing = [opinion for opinion in self._answered() if (opinion, Says.ANSWERED) not in told]
        missing += [opinion for opinion in self._unanswered() if not {(opinion, Says.URGENT), (opinion, Says.NOBODY_OPENED)} <= told]
        return missing + [row.pk for row in owed if str(row.pk) not in came or row.sent_at is None]

    def steps_not_taken_once(self) -> list[UUID]:
        """Steps that were taken twice, too early or out of turn; and of questions that nobody opened those that were not taken."""
        taken, wrong = Counter(fact["step"] for fact in self._facts("sharing.StepTaken")), []
        unanswered = self._unanswered()
        for step in Step.objects.filter(after=After.ASKED).order_by("opinion", "number"):
            times = taken[str(step.pk)]
            right = times == (1 if step.done_at else 0) and (step.done_at is None or step.done_at >= step.due_at)
            if not right or (step.opinion_id in unanswered and not step.done_at):
                wrong.append(step.pk)
        return wrong

    def answers_lost(self) -> list[str]:
        """Answers that were taken and are not in the record; or that are in it without their entry, or without having been sent."""
        rows = {str(row.pk): sealing.open_answer(row.words, answer=row.pk) for row in Answer.objects.all()}
        entered = Counter(fact["answer"] for fact in self._facts("sharing.OpinionAnswered"))
        lost = sorted(set(self.taken) - set(rows.values()))
        return lost + [key for key, words in rows.items() if entered[key] != 1 or words not in self.tried]

    def ledger_is_fine(self) -> bool:
        return ledger_is_fine()

    def _answer(self, opinion: UUID, cookies: dict[str, str]) -> None:
        """Open and answer one, again and again until the server says that it has it."""
        deadline, attempt = time.monotonic() + PATIENCE, 0
        there = f"{self.site.address}/opinions/{opinion}/"
        while time.monotonic() < deadline:
            attempt += 1
            words = f"{opinion}, try {attempt}"
            try:
                with httpx.Client(cookies=cookies, headers={"x-csrftoken": TOKEN}, timeout=60, trust_env=False) as browser:
                    opened = browser.post(f"{there}open/")
                    self.tried.append(words)
                    done = browser.post(f"{there}answer/", data={"quick": "on_my_way", "words": words})
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            if max(opened.status_code, done.status_code) >= 500:  # the database is away
                continue
            where = done.headers.get("location", "")
            assert (opened.status_code, done.status_code, where) == (302, 302, f"/opinions/{opinion}/"), done.text[-2000:]
            self.taken.append(words)
            return
        raise AssertionError("no answer was taken in time")

    def _wait_for_worker(self) -> None:
        """Until the worker that was started last serves."""
        self._served += 1
        wait_until(lambda: self.site.log.count("worker.serves") >= self._served, told=lambda: self.site.log[-4000:])

    def _open_steps(self) -> bool:
        return Step.objects.filter(after=After.ASKED, done_at=None, stopped_at=None).exists()

    def _waiting(self) -> bool:
        rows = Notice.objects.filter(kind="webhook", sent_at=None).select_related("opinion")
        return any(rules.still_to_tell(row.opinion, Says(row.says), now=clock.now()) for row in rows)

    def _answered(self) -> set[UUID]:
        return set(Opinion.objects.filter(answered_at__isnull=False).values_list("pk", flat=True))

    def _unanswered(self) -> set[UUID]:
        return set(Opinion.objects.filter(answered_at=None).values_list("pk", flat=True))

    def _facts(self, name: str) -> Iterator[dict[str, str]]:
        for body in Entry.objects.filter(outcome="done").values_list("body", flat=True):
            yield from (fact for fact in json.loads(bytes(body))["facts"] if fact["fact"] == name)


@contextmanager
def hospital(folder: Path) -> Iterator[Hospital]:
    """Web and worker with a pager for the team on call and one for the asker; the processes are ended by their ids afterwards."""
    make_keys()
    lim, webb = make_asked(rings=False), make_person("webb", "Dr E Webb")
    asker, team = make_record(yes=(1, 2)).person, make_team(people=(lim, webb))
    Person.objects.update(email="")  # there is no mail here: what is promised by mail would wait
    site = Site(folder)
    with listening() as pager:
        make_webhook(f"{pager.address}/team", team=team)
        make_webhook(f"{pager.address}/asker", person=asker)
        here = Hospital(site, pager, asker, team, lim)
        try:
            here.start()
            yield here
        finally:
            site.end()


def _asked(fact) -> bool:
    """What the database says; no while it is away."""
    try:
        return fact()
    except OperationalError:
        connection.close()
        return False
