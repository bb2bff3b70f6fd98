"""Cards that are bad, waver, lie, are locked, or come out too early: the real station on real file systems, its server in memory."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from tests.factories import cards
from tests.faults import carving
from tests.faults.reader import NAMES, odd_card, photos_of, whys
from tests.shared import PROJECT
from tests.simulators.door import NOW, Door

from handover.reasons import Left
from station.card import opened
from station.job import Job
from station.journal import Journal
from station.mounting import CannotOpen
from station.outcome import Outcome
from station.reading import CardOut

pytestmark = [pytest.mark.slow, pytest.mark.one_database, pytest.mark.goal("R4"), pytest.mark.xdist_group("cards")]


@pytest.fixture
def card(tmp_path):
    with odd_card(tmp_path) as made:
        yield made


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def bring(door, tmp_path):
    return lambda what: import_by(door, tmp_path, what)


def import_by(door: Door, folder: Path, what: Path) -> Outcome:
    """The station's import of a card, at a door; its home lies in the folder."""
    (folder / "home").mkdir(exist_ok=True)
    server = door.server()
    try:
        with opened(what) as there:
            return Job(there, door.identity, server, Journal(folder / "home"), tell=lambda *_: None, now=lambda: NOW).run()
    finally:
        server.close()


@pytest.mark.parametrize("share", [1, 4], ids=["as large as it says", "a quarter as large"])
def test_a_device_is_taken_and_wiped(card, door, bring, share):
    card.tell(wraps=card.image.stat().st_size // share)
    outcome = bring(card.device)
    assert (outcome.kind, outcome.clean, outcome.filled) == ("device", True, True)
    assert set(door.kept.values()) == set(card.photos.values())
    assert (carving.probes(card.image, card.photos), carving.names(card.image, card.photos)) == (0, 0)


def test_a_photo_on_a_bad_sector_is_left_and_the_others_go_on(card, door, bring):
    card.tell(bad=[[card.where("IMG_0002.JPG"), 512]])
    assert whys(bring(card.device)) == {"IMG_0002.JPG": Left.UNREADABLE}
    card.tell()
    assert card.there() == ["IMG_0002.JPG"]
    assert bring(card.device).clean
    assert set(door.kept.values()) == set(card.photos.values())


def test_a_photo_that_reads_otherwise_each_time_is_left_as_unstable(card, door, bring):
    card.tell(waver=[[card.where("IMG_0002.JPG"), 1]])
    outcome = bring(card.device)
    assert whys(outcome) == {"IMG_0002.JPG": Left.UNSTABLE}
    assert list(door.left.values()) == ["unstable"]
    card.tell()
    assert card.there() == ["IMG_0002.JPG"]


@pytest.mark.goal("R5")
def test_a_photo_that_reads_otherwise_only_before_it_would_be_erased_is_kept(card, door, bring):
    at = card.where("IMG_0002.JPG")
    door.before["receipt"] = lambda _request: card.tell(waver=[[at, 1]])
    assert whys(bring(card.device)) == {"IMG_0002.JPG": Left.CHANGED}
    card.tell()
    assert card.there() == ["IMG_0002.JPG"]


@pytest.mark.goal("R1")
@pytest.mark.parametrize("when", ["cards", "frame", "receipt", "certificate"])
def test_a_card_that_is_pulled_out_is_finished_when_it_comes_back(card, door, bring, when):
    door.before[when] = lambda _request: card.tell(dead=True)
    if when == "certificate":  # everything was said before: only giving the card back fails
        assert bring(card.device).erased == 3
    else:
        with pytest.raises(CardOut):
            bring(card.device)
        assert door.certificates == []
    card.tell()
    door.before.clear()
    assert sorted({*card.there(), *[name for name, data in card.photos.items() if data in door.kept.values()]}) == NAMES
    assert bring(card.device).clean
    erased = {digest for certificate in door.certificates for digest in certificate.erased}
    assert erased == cards.digests(card.photos)
    assert carving.probes(card.image, card.photos) == 0


@pytest.mark.goal("R6")
def test_a_card_that_says_yes_and_drops_what_it_is_told_is_found_out(card, door, bring):
    door.before["receipt"] = lambda _request: card.tell(lie=True)
    outcome = bring(card.device)
    assert outcome.residue == 3
    assert set(whys(outcome).values()) == {Left.NOT_PROVED}
    [certificate] = door.certificates
    assert (certificate.residue, certificate.empty, certificate.erased) == (3, False, ())


@pytest.mark.goal("R1")
@pytest.mark.goal("R2")
def test_a_card_that_is_pulled_out_at_any_tenth_is_finished_when_it_comes_back(tmp_path, sweep, tally):
    counts = tally("card pulled out", of=10)
    tenths = range(1, 11) if sweep else (4, 8)
    (tmp_path / "whole").mkdir()
    with odd_card(tmp_path / "whole") as card:
        before = card.requests()
        import_by(Door(), tmp_path / "whole", card.device)
        whole = card.requests() - before
    for tenth in tenths:
        folder = tmp_path / f"tenth-{tenth}"
        folder.mkdir()
        door = Door()
        with odd_card(folder) as card:
            card.tell(dead_after=card.requests() + whole * tenth // 11)
            with suppress(CardOut, CannotOpen, OSError):
                import_by(door, folder, card.device)
            card.tell()
            kept = {name for name, data in card.photos.items() if data in door.kept.values()}
            gone = set(NAMES) - set(card.there())
            receipts = kept if "receipt" in door.asked else set()
            again = import_by(door, folder, card.device)
            erased = {digest for certificate in door.certificates for digest in certificate.erased}
            finished = again.clean and erased == cards.digests(card.photos) and carving.probes(card.image, card.photos) == 0
            counts.note({"lost": sorted(gone - kept), "early": len(gone - receipts), "twice": 0}, finished=finished)
    assert (counts.lost, counts.early, counts.finished) == (0, 0, counts.runs)


@pytest.mark.parametrize(("when", "why"), [(("frames", "cards"), Left.UNSTABLE), (("receipt",), Left.CHANGED)])
def test_a_bit_that_flips_without_a_word_is_noticed_and_its_photo_stays(card, door, bring, when, why):
    at, digest = card.where("IMG_0002.JPG"), sha256(card.photos["IMG_0002.JPG"]).hexdigest().encode()
    for word in when:  # the server hears of a photo after its first reading and before its second
        door.before[word] = lambda asked: card.tell(flip=[[at, 1]]) if "receipt" in when or digest in asked.read() else None
    assert whys(bring(card.device)) == {"IMG_0002.JPG": why}
    card.tell()
    assert card.there() == ["IMG_0002.JPG"]


@pytest.mark.goal("R5")
@pytest.mark.parametrize("when", ["cards", "frame", "receipt"])
def test_a_card_that_was_changed_for_another_is_not_touched(card, door, bring, tmp_path, when):
    other = cards.exfat_image(tmp_path / "other.img")
    theirs = {name: cards.a_photo(number, size=(600, 400)) for number, name in enumerate(NAMES, 7)}
    (tmp_path / "theirs").mkdir()
    cards.put(other, theirs, tmp_path / "theirs")
    before = other.read_bytes()
    door.before[when] = lambda _request: card.tell(swap=str(other))
    with pytest.raises(CardOut):  # and none of its photos is called unstable
        bring(card.device)
    card.tell()
    door.before.clear()
    assert photos_of(before, theirs) == photos_of(other.read_bytes(), theirs) == set(NAMES)
    assert bring(card.device).clean


@pytest.mark.goal("R5")
def test_an_empty_card_that_was_changed_for_a_full_one_fills_nothing(tmp_path, door, bring):
    """What is free on the one is taken on the other."""
    other = cards.exfat_image(tmp_path / "other.img")
    theirs = {name: cards.a_photo(number, size=(600, 400)) for number, name in enumerate(NAMES, 7)}
    (tmp_path / "theirs").mkdir()
    cards.put(other, theirs, tmp_path / "theirs")
    with odd_card(tmp_path, empty=True) as card:
        door.before["receipt"] = lambda _request: card.tell(swap=str(other))
        with pytest.raises(CardOut):
            bring(card.device)
    assert photos_of(other.read_bytes(), theirs) == set(NAMES)


@pytest.mark.requirement("D8")
def test_the_same_card_twice_sends_and_erases_nothing_new(card, door, bring):
    assert bring(card.device).clean
    kept, asked = dict(door.kept), len(door.asked)
    outcome = bring(card.device)
    assert (outcome.clean, outcome.erased) == (True, 0)
    assert door.kept == kept
    assert "frame" not in door.asked[asked:]


def test_a_card_whose_lock_is_on_is_copied_and_stays_as_it_is(tmp_path, door, bring):
    image = cards.exfat_image(tmp_path / "card.img")
    photos = {name: cards.a_photo(number) for number, name in enumerate(NAMES)}
    cards.put(image, photos, tmp_path)
    with cards.attached(image) as device:
        subprocess.run(["blockdev", "--setro", device], check=True)
        outcome = bring(device)
        subprocess.run(["blockdev", "--setrw", device], check=True)
    assert set(whys(outcome).values()) == {Left.WRITE_PROTECTED}
    assert len(outcome.left) == 3
    assert set(door.kept.values()) == set(photos.values())
    assert bring(image).clean


@pytest.mark.goal("R1")
def test_a_card_that_does_not_let_go_loses_nothing(tmp_path, door, bring):
    image = cards.exfat_image(tmp_path / "card.img")
    photos = {name: cards.a_photo(number) for number, name in enumerate(NAMES)}
    cards.put(image, photos, tmp_path)
    left = {}

    def hold(_request):
        mounts = [Path(line.split()[1]) for line in Path("/proc/mounts").read_text().splitlines() if "safelight-card-" in line]
        shown = [root / "DCIM/100SAFEL/IMG_0001.JPG" for root in mounts]  # another test beside this one may have a card in, too
        ours = next(file for file in shown if file.is_file() and file.read_bytes() == photos[file.name])
        left["handle"] = ours.open("rb")  # somebody looks at the card meanwhile

    door.before["cards"] = hold
    door.on_receipt = lambda _request: httpx.Response(200, text=door.receipt(digests=()))
    assert len(bring(image).left) == 3
    left["handle"].close()
    time.sleep(0.5)
    with cards.attached(image) as device, cards.mounted(device, tmp_path / "look") as root:
        assert {path.name: path.read_bytes() for path in root.rglob("*.JPG")} == photos


def strange(door: Door, card: Path, home: Path, *inject: str) -> tuple[int, dict]:
    """The station's program in a system that fails at one place."""
    if shutil.which("strace") is None:
        pytest.skip("not installed: strace")
    with door.serving() as address:
        home.mkdir(exist_ok=True)
        replace(door.identity, server=address).save(home)
        faulty = ["strace", "-f", "-qq", "-o", "/dev/null", *inject]
        station = [sys.executable, "-m", "station.command", "--home", str(home), "import", str(card), "--json"]
        environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
        done = subprocess.run([*faulty, *station], check=False, capture_output=True, text=True, env=environment)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"stderr": done.stderr}


@pytest.mark.goal("R5")
def test_a_folder_that_cannot_be_read_is_never_taken_for_an_empty_one(tmp_path, door):
    card = tmp_path / "card"
    cards.fill(card, 2)
    hidden = cards.fill(card, 2, dcf="101SAFEL")
    broken = card / "DCIM" / "101SAFEL"
    status, said = strange(door, card, tmp_path / "home", "-P", str(broken), "-e", "trace=getdents64", "-e", "inject=getdents64:error=EIO")
    assert (status, said["erased"]) == (1, 2), said
    assert said["left"] == [{"name": "DCIM/101SAFEL", "reason": "unreadable"}]
    assert {path.name: path.read_bytes() for path in broken.iterdir()} == hidden
    assert not door.certificates[0].empty


@pytest.mark.goal("R5")
@pytest.mark.parametrize("call", ["read", "openat", "newfstatat"])
def test_a_file_that_the_system_does_not_give_is_left_and_the_others_go_on(tmp_path, door, call):
    card = tmp_path / "card"
    photos = cards.fill(card, 3)
    broken = card / "DCIM" / "100SAFEL" / "IMG_0002.JPG"
    status, said = strange(door, card, tmp_path / "home", "-P", str(broken), "-e", f"trace={call}", "-e", f"inject={call}:error=EIO")
    assert (status, said["erased"]) == (1, 2), said
    assert said["left"] == [{"name": "DCIM/100SAFEL/IMG_0002.JPG", "reason": "unreadable"}]
    assert broken.read_bytes() == photos["IMG_0002.JPG"]


@pytest.mark.goal("R5")
@pytest.mark.parametrize(("call", "error"), [("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("fsync", "EIO"), ("rename", "EROFS")])
def test_a_file_that_cannot_be_overwritten_is_not_said_to_be_erased(tmp_path, door, call, error):
    card = tmp_path / "card"
    photos = cards.fill(card, 3)
    broken = card / "DCIM" / "100SAFEL" / "IMG_0002.JPG"
    status, said = strange(door, card, tmp_path / "home", "-P", str(broken), "-e", f"trace={call}", "-e", f"inject={call}:error={error}")
    assert (status, said["erased"]) == (1, 2), said
    assert [line["name"] for line in said["left"]] == ["DCIM/100SAFEL/IMG_0002.JPG"]
    assert len(door.certificates[0].erased) == 2
    assert broken.exists()
    assert photos["IMG_0002.JPG"] in door.kept.values()


@pytest.mark.goal("R8")
def test_a_station_whose_own_disk_is_full_erases_nothing(tmp_path, door):
    """The journal must be durable before the first byte goes."""
    card = tmp_path / "card"
    cards.fill(card, 2)
    journal = tmp_path / "home" / "erasing"
    status, _ = strange(door, card, tmp_path / "home", "-P", str(journal), "-e", "trace=write", "-e", "inject=write:error=ENOSPC")
    assert status != 0
    assert len(list(card.rglob("*.JPG"))) == 2
