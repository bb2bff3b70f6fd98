"""Second opinions on a real web server and worker on loopback: how soon a notice is out, how soon a question is shut, how quick the pages
are at 1,000 open questions, and what 200 clinicians who poll cost.

Run from the project: `python benchmarks/opinions.py [questions] [clinicians]`; PostgreSQL with `python tests/servers/postgresql.py python`
before it. Ends by itself after two minutes. Prints a table and writes `build/bench/opinions.json`. The bars (p95): a notice is out within
2 s, a question that is taken back is refused at the next request and within 1 s, a page takes less than 300 ms.
"""

# ruff: noqa: E402 - Django is set up before its parts can be imported
import http.client
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

import kit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safelight.config.settings.test")

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, setup_test_environment, teardown_databases
from tests.factories.notices import make_webhook
from tests.factories.photographs import make_record
from tests.factories.sharing import WORDS, Shareable, covered, make_asked
from tests.factories.staff import cookie_for, make_person
from tests.factories.teams import make_team
from tests.guards import lifted
from tests.servers.listening import Listening, listening
from tests.servers.site import Site, make_keys
from tests.servers.worker import wait_until

from safelight.kernel import clock
from safelight.outbox.flows import migrate
from safelight.sharing import sealing
from safelight.sharing.models import Notice, Opinion, Urgency
from safelight.sharing.models.notices import Kind, Says
from safelight.staff.models import Person, Team

QUESTIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
CLINICIANS = int(sys.argv[2]) if len(sys.argv) > 2 else 200
ROUNDS, PAGE_ROUNDS, URGENT, POLL_EVERY, POLLED_FOR, AS_FAST_AS_POSSIBLE = 15, 30, 20, 15.0, 30.0, 10.0
NOTICE_BAR, SHUT_BAR, PAGE_BAR = 2_000, 1_000, 300
TOKEN = "0123456789abcdefghijklmnopqrstuv"
HERTZ = os.sysconf("SC_CLK_TCK")


class Browser:
    """One person's browser: one connection, kept open."""

    def __init__(self, site: Site, person: Person) -> None:
        self._cookies = f"{settings.SESSION_COOKIE_NAME}={cookie_for(person)}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        self._link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)

    def get(self, address: str, **headers: str) -> int:
        return self._ask("GET", address, None, headers)[0]

    def post(self, address: str, **form: object) -> tuple[int, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN}
        return self._ask("POST", address, urlencode(form), headers)

    def _ask(self, method: str, address: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        said = {"Cookie": self._cookies, "Sec-Fetch-Site": "same-origin", **headers}
        try:
            answer = self._answer(method, address, body, said)
        except (http.client.RemoteDisconnected, ConnectionError):  # idle for longer than the server keeps it
            self._link.close()
            answer = self._answer(method, address, body, said)
        answer.read()
        return answer.status, answer.headers.get("Location", "")

    def _answer(self, method: str, address: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        self._link.request(method, address, body, headers)
        return self._link.getresponse()


def from_send_to_notice(asker: Browser, shareable: Shareable, team: Team, pager: Listening) -> Iterator[tuple[float, UUID]]:
    """Milliseconds from pressing Send to the pager's call, and the question."""
    photos = ",".join(str(one.pk) for one in shareable.photographs)
    for _ in range(ROUNDS):
        heard, began = len(pager.came), time.perf_counter()
        form = {"asking": uuid4(), "question": WORDS, "who": team.pk, "urgency": "urgent", "days": "7", "photos": photos}
        status, where = asker.post(f"/ask/?photos={photos}", **form)
        assert status == 302, f"{status}: not asked"
        while len(pager.came) == heard:
            assert time.perf_counter() - began < 60, "no notice came"
            time.sleep(0.002)
        yield (time.perf_counter() - began) * 1000, UUID(where.strip("/").rpartition("/")[2])


def from_take_back_to_refused(asker: Browser, reader: Browser, opinions: list[UUID]) -> Iterator[tuple[float, int]]:
    """Milliseconds from pressing Take back to the first answer that is no picture any more, and how many pictures still came after it."""
    for opinion in opinions:
        photo = f"/opinions/{opinion}/photos/{Opinion.objects.get(pk=opinion).items.get().pk}/"
        assert reader.post(f"/opinions/{opinion}/open/")[0] == 302
        assert reader.get(photo) == 200
        began, late = time.perf_counter(), 0
        assert asker.post(f"/opinions/{opinion}/take-back/")[0] == 302
        while reader.get(photo) == 200:
            late += 1
        yield (time.perf_counter() - began) * 1000, late


def fill(shareable: Shareable, lim: Person, team: Team) -> None:
    """So many open questions in the boxes of one person and one team, some of them urgent; rows by hand, for it is about reading them."""
    now, rows = clock.now(), []
    for number in range(QUESTIONS):
        pk, asked_at = uuid4(), now - timedelta(minutes=number)
        to = {"team": team} if number % 2 else {"person": lim}
        rows.append(
            Opinion(
                id=pk,
                public_id=pk.hex[:10],
                asking=uuid4(),
                patient=shareable.record.patient,
                question=sealing.seal_question(WORDS, opinion=pk),
                urgency=Urgency.URGENT if number < URGENT else Urgency.ROUTINE,
                asked_by=shareable.record.person.pk,
                asked_at=asked_at,
                held_until=asked_at,
                expires_at=now + timedelta(days=7),
                **to,
            )
        )
    with lifted(connection):
        Opinion.objects.bulk_create(rows, batch_size=200)
        Notice.objects.bulk_create((_on_screen(row) for row in rows), batch_size=200)


def _on_screen(row: Opinion) -> Notice:
    pk, says = uuid4(), Says.URGENT if row.urgency == Urgency.URGENT else Says.ASKED
    told = {"person_id": row.person_id, "team_id": row.team_id, "says": says, "message_id": f"<{pk}@bench>"}
    return Notice(id=pk, opinion=row, kind=Kind.SCREEN, promised_at=row.asked_at, due_at=row.asked_at, sent_at=row.asked_at, **told)


def page_times(reader: Browser, asker: Browser, shareable: Shareable) -> dict[str, list[float]]:
    opinion = Opinion.objects.filter(person__isnull=False, state="offered").latest("asked_at").pk
    pages = {
        "For me": (reader, "/opinions/"),
        "My team": (reader, "/opinions/?box=team"),
        "I asked": (asker, "/opinions/?box=asked"),
        "One question": (reader, f"/opinions/{opinion}/"),
        "Ask": (asker, f"/ask/?photos={shareable.photographs[0].pk}"),
        "Home": (reader, "/"),
        "The red bar's poll": (reader, "/bar/"),
    }
    return {name: _times(lambda one=browser, where=address: one.get(where)) for name, (browser, address) in pages.items()}


def _times(ask: Callable[[], int]) -> list[float]:
    spent = []
    for _ in range(PAGE_ROUNDS + 1):
        began = time.perf_counter()
        assert ask() == 200
        spent.append((time.perf_counter() - began) * 1000)
    return spent[1:]


@dataclass(frozen=True)
class Polls:
    """What polling cost: each one's wait, how many a second and on how many cores; the same as fast as possible."""

    waits: list[float]
    rate: float
    cores: float
    most: float
    most_cores: float


def polled(browsers: list[Browser], site: Site) -> Polls:
    """Everybody's red bar asks every 15 seconds, evenly spread; then eight ask as fast as they can."""

    def poll(browser: Browser) -> float:
        began = time.perf_counter()
        assert browser.get("/bar/", **{"HX-Request": "true"}) == 200
        return (time.perf_counter() - began) * 1000

    with ThreadPoolExecutor(16) as pool:
        began, before, asked = time.perf_counter(), cpu_seconds(site), []
        for number in range(int(len(browsers) * POLLED_FOR / POLL_EVERY)):
            time.sleep(max(0.0, began + number * POLL_EVERY / len(browsers) - time.perf_counter()))
            asked.append(pool.submit(poll, browsers[number % len(browsers)]))
        waits = [one.result() for one in asked]
        lasted, spent = time.perf_counter() - began, cpu_seconds(site) - before
    with ThreadPoolExecutor(8) as pool:
        ends, before = time.perf_counter() + AS_FAST_AS_POSSIBLE, cpu_seconds(site)

        def busy(browser: Browser) -> int:
            done = 0
            while time.perf_counter() < ends:
                poll(browser)
                done += 1
            return done

        most = sum(pool.map(busy, browsers[:8]))
        of_most = cpu_seconds(site) - before
    return Polls(waits, len(waits) / lasted, spent / lasted, most / AS_FAST_AS_POSSIBLE, of_most / AS_FAST_AS_POSSIBLE)


def cpu_seconds(site: Site) -> float:
    """What the web server's processes have used."""
    spent = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        spent += (int(fields[11]) + int(fields[12])) if site.web and int(fields[2]) == site.web.pid else 0
    return spent / HERTZ


@contextmanager
def site_on_loopback() -> Iterator[Site]:
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    os.environ["SAFELIGHT_TEST_SECRET"] = settings.SECRET_KEY
    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as folder:
        site = Site(Path(folder))
        try:
            migrate()
            make_keys()
            if connection.vendor == "postgresql":  # the factories lay rows by hand, where actions alone may write
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('safelight.action', 'a benchmark', false)")
            yield site
        finally:
            site.end()
            teardown_databases(made, verbosity=0)


def run(site: Site, pager: Listening) -> list[dict[str, object]]:
    record, lim = make_record(yes=(1, 2)), make_asked(rings=False)
    team, photographs = make_team(people=(lim,)), record.photos(1)
    make_webhook(f"{pager.address}/call", team=team)
    Person.objects.update(email="")  # there is no mail here
    shareable = Shareable(record, photographs, [covered(one, record) for one in photographs])
    _leave_out_other_work()
    site.start_worker()
    site.start_web()
    wait_until(lambda: "worker.serves" in site.log, told=lambda: site.log)
    asker, reader = Browser(site, record.person), Browser(site, lim)
    sent = list(from_send_to_notice(asker, shareable, team, pager))
    shut = list(from_take_back_to_refused(asker, reader, [opinion for _, opinion in sent]))
    fill(shareable, lim, team)
    pages = page_times(reader, asker, shareable)
    everybody = [Browser(site, make_person(f"clinician{number}", f"Dr N {number}", wards=[])) for number in range(CLINICIANS)]
    polls = polled(everybody, site)
    return [
        _row("Send to notice out", [took for took, _ in sent], bar=NOTICE_BAR),
        _row("Take back to refused", [took for took, _ in shut], bar=SHUT_BAR, still_shown=sum(late for _, late in shut)),
        *(_row(f"{name}, {QUESTIONS} open questions", took, bar=PAGE_BAR) for name, took in pages.items()),
        _row(f"{CLINICIANS} clinicians polling", polls.waits, bar=PAGE_BAR),
        {"label": "Web server while they poll", "value": round(polls.cores, 3), "unit": "cores", "polls_a_second": round(polls.rate, 1)},
        {"label": "CPU of one poll", "value": round(polls.cores / polls.rate * 1000, 1)},
        {"label": "Polls a second, as fast as possible", "value": round(polls.most, 1), "unit": "1/s", "cores": round(polls.most_cores, 2)},
    ]


def _row(label: str, values: list[float], **more: float) -> dict[str, object]:
    """A row whose value is the 95th percentile."""
    p95 = statistics.quantiles(values, n=20, method="inclusive")[-1]
    return {"label": f"{label}, p95", "value": round(p95, 1), "median": round(statistics.median(values), 1), **more}


def _leave_out_other_work() -> None:
    """What the photos promised is not done: the copies of the factory are any picture, and a look at them would need another cover."""
    table = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET status = 'CANCELLED' WHERE status = 'ENQUEUED'")


def main() -> int:
    with site_on_loopback() as site, listening() as pager:
        try:
            rows = run(site, pager)
        except AssertionError as fault:
            raise SystemExit(f"{fault}\n{site.log[-12000:]}") from None
    kit.publish("opinions", "ms", rows, about=f"questions to colleagues over HTTP on {connection.vendor}, worker and pager on loopback")
    return int(any(kit.held_bar(row) is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
