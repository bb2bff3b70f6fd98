"""From opening a set of two photos of 24 MP to Save answered, in a browser over the installed product: seconds, CPU, and the second look.

Run from the project: `python benchmarks/cover_set.py [rounds]`; Chromium must be there. Server and worker are the product's own, in a
temporary folder, with every finder. A hand that presses at once stands for a person: what is measured is what they would wait for, and
what is left of the 16 seconds is theirs.

1. Open: from the address to both photos drawn on the page, with the areas that were found before.
2. Kept: from "Cover all" to the boxes kept by the server.
3. Saved: from Save to the next page. Both copies have been made by then.
4. Looked: from "Cover all" to the end of the computer's look at the whole of both copies. Nobody waits for it.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import kit
from playwright.sync_api import Page, sync_playwright

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
BAR_SECONDS = 16.0  # product.md: cover an urgent set of two
PATIENCE = 240.0
_DRAWN = (
    "() => { const all = [...document.querySelectorAll('.sl-sheet img')]; return all.length === 2 && all.every((one) => one.naturalWidth) }"
)

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def wait_for(done: Callable[[], bool]) -> float:
    """How long it took until something came true."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError
        time.sleep(0.02)
    return time.monotonic() - began


def looked_at(record, photos) -> tuple[UUID, ...]:
    """Two photos once the computer has looked at them, as it has before somebody sits down."""
    from safelight.deidentify import queries
    from safelight.deidentify.rules import FinderState
    from safelight.kernel import clock

    for photo in photos:
        wait_for(lambda one=photo: queries.finder_state(record.by, one, now=clock.now()) is FinderState.DONE)
    return tuple(photo.pk for photo in photos)


def covered(page: Page, record, ids: tuple[UUID, ...], site: kit.Site) -> dict[str, float]:
    """One set, from its address to Save answered."""
    from django.urls import reverse

    from safelight.deidentify import queries

    patient = reverse("photographs:patient", args=[record.patient.pk])
    before, began = web_cpu(site), time.monotonic()
    page.goto(f"{site.address}{reverse('deidentify:set')}?photos={','.join(map(str, ids))}&next={patient}", wait_until="load")
    opened = wait_for(lambda: page.evaluate(_DRAWN)) + time.monotonic() - began
    decided = time.monotonic()
    every = page.get_by_role("button", name="Cover all")
    if every.is_visible():
        every.click()
    kept = wait_for(lambda: not queries.to_decide(record.by, ids))
    page.get_by_label("I looked at both photos. Nothing else identifies the patient.").click()
    saving = time.monotonic()
    with page.expect_navigation(timeout=PATIENCE * 1000):
        page.get_by_role("button", name="Save both").click()
    saved = time.monotonic() - saving
    whole, cpu = time.monotonic() - began, web_cpu(site) - before
    signed = [copy.pk for copy in queries.decided(record.by, ids).values()]
    wait_for(lambda: all(any(look.whole for look in queries.second_looks(record.by, [one]).get(one, [])) for one in signed))
    looked = time.monotonic() - decided
    recalled = sum(any(look.recalls for look in looks) for looks in queries.second_looks(record.by, signed).values())
    return {"open": opened, "kept": kept, "saved": saved, "whole": whole, "cpu": cpu, "looked": looked, "recalled": recalled}


def web_cpu(site: kit.Site) -> float:
    """CPU seconds of all that the person's requests run in: not the worker and what looks for it."""
    every = kit.processes(site.server)
    workers = [pid for pid, (_, command) in every.items() if "safelight.config.command worker" in command]
    return sum(seconds for seconds, _ in every.values()) - sum(every[pid][0] + kit.cpu_below(pid) for pid in workers)


def main() -> None:
    """Measure, print, write build/bench/cover_set.json."""
    files = kit.photographs()
    with tempfile.TemporaryDirectory(dir=kit.FIGURES.parent) as name, sync_playwright() as browsers:
        kit.installed(Path(name))
        from django.conf import settings
        from tests.factories.photographs import make_record
        from tests.factories.staff import cookie_for

        from safelight.config.demo import running

        record = make_record()
        sets = [[record.photos(1, jpeg=files[(number + one) % 4])[0] for one in (0, 1)] for number in range(ROUNDS)]
        place = running.Place(Path(name), int(os.environ["SAFELIGHT_DEMO_PORT"]))
        with running.server(place):
            site = kit.Site(Path(name), place.address)
            chromium = browsers.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"])
            page = chromium.new_page(viewport={"width": 1366, "height": 768})
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(record.person), "url": site.address, "sameSite": "Strict"}
            page.context.add_cookies([cookie])
            rounds = [covered(page, record, looked_at(record, photos), site) for photos in sets]
            chromium.close()
    rows: list[dict[str, object]] = [
        {"label": label, "value": round(statistics.median(one[name] for one in rounds), 2), **more}
        for label, name, more in (
            ("open, both photos drawn", "open", {}),
            ("all areas covered, kept", "kept", {}),
            ("Save answered", "saved", {}),
            ("all of it", "whole", {"bar": BAR_SECONDS, "worst": round(max(one["whole"] for one in rounds), 2)}),
            ("CPU of all of it", "cpu", {}),
            ("the whole second look at both, behind it", "looked", {}),
        )
    ]
    recalled = round(sum(one["recalled"] for one in rounds))
    rows.append({"label": "copies recalled where nobody waited for the look", "value": recalled, "unit": f"of {2 * ROUNDS}"})
    kit.publish("cover_set", "s", rows, about="two photos of 24 MP, from opening the set to Save answered")


if __name__ == "__main__":
    main()
