"""The promise of the import: twenty photos of 24 MP are safe within thirty seconds of the card going in, and nobody touches anything.

The clock on the wall is what a person waits by. Where others use the machine as well, the promise is stretched by as many running
processes as there are for each core; the test prints what it saw.
"""

import json
import os
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from django.db.models import Max
from PIL import Image
from tests.factories import cards, pictures
from tests.faults import asked
from tests.servers.site import Site

from safelight.audit.models import Entry
from safelight.custody.models import Frame
from safelight.kernel import clock
from safelight.photographs.pictures import drawn

pytestmark = [pytest.mark.slow, pytest.mark.one_database]
PHOTOS = 20
SECONDS = 30.0
CAMERA = (6000, 4000)


def fill(card: Path) -> None:
    """A card as a camera of 24 MP leaves it: with a sensor's noise, about 6 MB a photo, each of its own digest."""
    folder = card / "DCIM" / "100SAFEL"
    folder.mkdir(parents=True)
    plain = np.asarray(pictures.scene(1, (1500, 1000)).resize(CAMERA)).astype(np.int16)
    noise = np.random.default_rng(1).integers(-9, 10, (CAMERA[1], CAMERA[0], 1), np.int16)
    grainy = Image.fromarray(np.clip(plain + noise, 0, 255).astype(np.uint8))
    jpeg = drawn.jpeg(grainy, pictures.BODY, datetime.fromisoformat("2026-11-24T09:12:00"))
    for number in range(1, PHOTOS + 1):
        (folder / f"IMG_{number:04}.JPG").write_bytes(jpeg + cards.planted())
    os.sync()


def test_twenty_photos_are_safe_within_thirty_seconds_and_without_a_click(site: Site, tmp_path):
    card = tmp_path / "card"
    fill(card)
    size = sum(path.stat().st_size for path in card.rglob("*.JPG")) / PHOTOS / 1e6
    busy = os.getloadavg()[0]
    before = set(Entry.objects.values_list("seq", flat=True))
    began, at, used = time.monotonic(), clock.now(), os.times()

    done = site.run_station("import", card)

    whole, cpu = time.monotonic() - began, os.times()
    assert done.returncode == 0, done.stderr
    safe = (Frame.objects.aggregate(last=Max("verified_at"))["last"] - at).total_seconds()
    station = cpu.children_user + cpu.children_system - used.children_user - used.children_system
    load = max(busy, os.getloadavg()[0])
    print(f"{PHOTOS} photos of {size:.1f} MB: safe in {safe:.1f} s, card empty in {whole:.1f} s")
    print(f"CPU of the station {station:.1f} s, load of the machine {load:.1f}")
    assert asked.digests_on(card) == set()
    assert Frame.objects.filter(verified_at__isnull=False).count() == PHOTOS
    assert safe <= SECONDS * max(1.0, load / (os.cpu_count() or 1))
    who = {json.loads(bytes(entry.body))["actor"]["kind"] for entry in Entry.objects.exclude(seq__in=before)}
    assert who <= {"station", "worker"}
