"""One card from reader to certificate, against a server that lies, refuses and goes away."""

import errno
import os
from hashlib import sha256
from uuid import UUID

import httpx
import pytest
from tests.factories import cards
from tests.simulators.door import IMPORT, NOW, Door, problem

from handover.note import Signer
from handover.reasons import Left
from handover.receipt import ReceiptRefused
from station.card import opened
from station.job import Job
from station.journal import Journal
from station.outcome import Outcome
from station.reading import CardOut
from station.server import Refused, TryLater

RAN = "DCIM/100SAFEL/IMG_0001.JPG"


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def card(tmp_path):
    return tmp_path / "card"


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def bring(door, card, home):
    steps: list[tuple[str, int, int]] = []

    def run(**how: float) -> Outcome:
        server = door.server()
        with opened(card) as there:
            job = Job(there, door.identity, server, Journal(home), tell=lambda *step: steps.append(step), now=lambda: NOW, **how)
            outcome = job.run()
        server.close()
        return outcome

    run.steps = steps
    return run


def files(card) -> list[str]:
    return sorted(str(path.relative_to(card)) for path in card.rglob("*") if path.is_file())


@pytest.mark.requirement("D2")
def test_takes_a_card_from_reading_to_its_certificate(door, card, bring):
    photos = cards.fill(card, 3)
    outcome = bring()
    assert outcome.clean
    assert door.kept == {sha256(data).hexdigest(): data for data in photos.values()}
    assert files(card) == []
    assert (card / "DCIM").is_dir()
    [certificate] = door.certificates
    assert set(certificate.erased) == cards.digests(photos)
    assert (certificate.card_import, certificate.left, certificate.residue, certificate.empty, certificate.filled) == (
        IMPORT,
        (),
        0,
        True,
        False,
    )
    assert [step for step, *_ in bring.steps if step != "send"][:2] == ["read", "check"]


def test_says_what_the_documentation_says(door, card, bring):
    photos = cards.fill(card, 1)
    (card / "NOTES.TXT").write_text("hello")
    said = bring().as_json()
    digest = cards.digests(photos).pop()
    assert said.pop("seconds") > 0
    assert said == {
        "card": "folder",
        "frames": [{"name": RAN, "sha256": digest, "state": "erased", "reason": ""}],
        "erased": 1,
        "left": [{"name": "NOTES.TXT", "reason": "unknown_file"}],
        "residue": 0,
    }


@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
def test_erases_nothing_before_a_receipt_and_nothing_that_it_does_not_name(door, card, bring):
    photos = cards.fill(card, 3)
    seen = []
    door.not_yet = 3

    def look(_request):
        seen.append(files(card))

    door.before["receipt"] = look
    kept = sorted(cards.digests(photos))[:2]
    door.on_receipt = lambda _request: httpx.Response(200, text=door.receipt(digests=tuple(kept)))
    outcome = bring()
    assert all(len(there) == 3 for there in seen)
    assert [sha256((card / name).read_bytes()).hexdigest() for name in files(card)] == sorted(cards.digests(photos))[2:]
    assert [fate.why for fate in outcome.left] == [Left.NOT_ON_RECEIPT]
    assert not door.certificates[0].empty


@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
@pytest.mark.parametrize("changed", [{"station": IMPORT}, {"card_import": UUID(int=1)}, {"manifest": "0" * 64}])
def test_a_receipt_for_another_card_erases_nothing(door, card, bring, changed):
    cards.fill(card, 2)
    door.before["receipt"] = lambda _request: httpx.Response(200, text=door.receipt(**changed))
    with pytest.raises(ReceiptRefused):
        bring()
    assert len(files(card)) == 2


@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
def test_a_receipt_under_another_key_erases_nothing(door, card, bring):
    cards.fill(card, 2)
    identity = door.identity
    door.signer = Signer.from_seed("safelight.test/receipts", bytes([1]) * 32)
    assert door.identity == identity
    with pytest.raises(ReceiptRefused):
        bring()
    assert len(files(card)) == 2


def test_asks_for_the_receipt_until_every_frame_is_at_rest(door, card, bring):
    cards.fill(card, 1)
    door.not_yet = 3
    assert bring().clean
    assert door.asked.count("receipt") == 4


def test_gives_up_waiting_for_the_receipt_and_leaves_the_card_as_it_is(door, card, bring):
    cards.fill(card, 1)
    door.not_yet = 1 << 30
    with pytest.raises(TryLater):
        bring(patience=0.2)
    assert len(files(card)) == 1


@pytest.mark.goal("R4")
def test_a_frame_that_reads_otherwise_each_time_is_left_as_unstable_and_holds_nobody_up(door, card, bring):
    photos = cards.fill(card, 3)
    bad = sha256(photos["IMG_0002.JPG"]).hexdigest()

    def refuse(request):
        if request.url.path.endswith(bad):
            request.read()
            return problem(422, "custody.other_bytes")
        return None

    door.before["frame"] = refuse
    outcome = bring()
    assert files(card) == ["DCIM/100SAFEL/IMG_0002.JPG"]
    assert (card / "DCIM/100SAFEL/IMG_0002.JPG").read_bytes() == photos["IMG_0002.JPG"]
    assert door.left == {bad: "unstable"}
    assert door.asked.count("frame") == 5  # once while the card was being read, and read again once when it was announced
    assert [(fate.name, fate.why) for fate in outcome.left] == [("DCIM/100SAFEL/IMG_0002.JPG", Left.UNSTABLE)]
    assert door.certificates[0].left == ((bad, Left.UNSTABLE),)


@pytest.mark.parametrize(("status", "why"), [(413, Left.TOO_LARGE), (415, Left.NOT_A_PHOTO), (403, Left.REFUSED)])
def test_a_frame_that_the_server_does_not_take_is_left_with_its_reason(door, card, bring, status, why):
    photos = cards.fill(card, 1)
    door.before["frame"] = lambda request: problem(status, "custody.some_reason") if request.read() else None
    assert [fate.why for fate in bring().left] == [why]
    assert door.left == {cards.digests(photos).pop(): why.value}
    assert len(files(card)) == 1


@pytest.mark.goal("R4")
@pytest.mark.parametrize("more", [b"more", b""], ids=["grew", "shrank"])
def test_a_file_that_changes_between_two_readings_is_left(door, card, bring, more):
    photos = cards.fill(card, 2)
    path = card / RAN

    def write(_request):
        path.write_bytes(photos["IMG_0001.JPG"] + more if more else photos["IMG_0001.JPG"][:-50])

    door.before["cards"] = write
    outcome = bring()
    assert [(fate.name, fate.why) for fate in outcome.left] == [(RAN, Left.CHANGED)]
    assert files(card) == [RAN]


@pytest.mark.goal("R5")
@pytest.mark.asvs("15.4.2")
def test_a_file_that_the_camera_wrote_after_the_receipt_is_not_erased(door, card, bring):
    cards.fill(card, 2)
    path = card / RAN

    def write(_request):
        path.write_bytes(cards.a_photo(9))

    door.before["receipt"] = write
    assert [(fate.name, fate.why) for fate in bring().left] == [(RAN, Left.CHANGED)]
    assert files(card) == [RAN]
    assert not door.certificates[0].empty


@pytest.mark.goal("R5")
def test_a_photo_that_came_while_the_card_was_wiped_stays_and_the_card_is_not_called_empty(door, card, bring):
    cards.fill(card, 1)
    new = card / "DCIM" / "100SAFEL" / "IMG_0777.JPG"
    door.before["receipt"] = lambda _request: new.write_bytes(b"\xff\xd8\xff a new one") and None
    outcome = bring()
    assert new.exists()
    assert not outcome.clean
    assert not door.certificates[0].empty


@pytest.mark.requirement("C9")
@pytest.mark.requirement("D5")
def test_a_card_that_may_be_evidence_is_left_as_it_is(door, card, bring):
    photos = cards.fill(card, 2)
    (card / "NOTES.TXT").write_text("hello")
    door.held = True
    outcome = bring()
    assert {fate.why for fate in outcome.left} == {Left.HELD}
    assert len(files(card)) == 3
    assert set(door.certificates[0].left) == {(digest, Left.HELD) for digest in cards.digests(photos)}
    assert "import" not in door.asked  # nothing that was given up is asked for either


@pytest.mark.requirement("C9")
@pytest.mark.requirement("D5")
def test_evidence_stops_an_overwriting_that_a_power_cut_broke_off(door, card, bring, home):
    data = cards.fill(card, 2)["IMG_0001.JPG"]
    with opened(card) as there:
        Journal(home).note(there.volume, RAN, len(data), sha256(data).hexdigest())
    begun = bytes(4096) + data[4096:]
    (card / RAN).write_bytes(begun)
    door.held = True
    assert {fate.why for fate in bring().left} == {Left.HELD}
    assert (card / RAN).read_bytes() == begun
    door.held = False  # a named person has released the card
    assert bring().clean


def test_two_files_of_the_same_bytes_are_sent_once_and_both_erased(door, card, bring):
    cards.fill(card, 1)
    (card / "DCIM" / "101SAFEL").mkdir()
    (card / "DCIM" / "101SAFEL" / "IMG_0001.JPG").write_bytes((card / RAN).read_bytes())
    outcome = bring()
    assert (outcome.erased, door.asked.count("frame"), files(card)) == (2, 1, [])


def test_an_empty_card_is_proved_empty(door, card, bring):
    (card / "DCIM").mkdir(parents=True)
    assert bring().clean
    assert door.certificates[0].empty
    assert (card / "DCIM").is_dir()


@pytest.mark.requirement("A10")
def test_the_cameras_own_files_go_with_the_photos_and_others_stay_until_somebody_has_looked(door, card, bring):
    cards.fill(card, 1)
    (card / "MISC").mkdir()
    (card / "MISC" / "AUTPRINT.MRK").write_text("print")
    (card / "DCIM" / "100SAFEL" / "._IMG_0001.JPG").write_bytes(bytes(4096))
    (card / "VOICE.WAV").write_bytes(b"RIFF a voice")
    outcome = bring()
    assert files(card) == ["DCIM/100SAFEL/._IMG_0001.JPG", "MISC/AUTPRINT.MRK", "VOICE.WAV"]
    assert [fate.why for fate in outcome.left] == [Left.UNKNOWN_FILE]
    door.given_up = [sha256(b"RIFF a voice").hexdigest()]
    assert bring().clean
    assert files(card) == []


@pytest.mark.requirement("A10")
def test_what_was_given_up_is_those_bytes_and_no_others(door, card, bring):
    cards.fill(card, 1)
    (card / "VOICE.WAV").write_bytes(b"RIFF another voice")
    door.given_up = [sha256(b"RIFF a voice").hexdigest()]
    bring()
    assert files(card) == ["VOICE.WAV"]


@pytest.mark.goal("R2")
def test_goes_on_where_it_was_when_the_server_went_away(door, card, bring):
    photos = cards.fill(card, 3)
    calls = []

    def away(request):
        calls.append(request)
        if len(calls) > 1:
            raise httpx.ReadError("gone")

    door.before["frame"] = away
    with pytest.raises(TryLater):
        bring()
    assert len(files(card)) == 3
    del door.before["frame"]
    before = len(door.kept)
    assert bring().clean
    assert len(door.kept) == 3 == len(photos)
    assert before >= 1


@pytest.mark.goal("R2")
def test_says_in_its_next_certificate_what_it_erased_and_could_not_say(door, card, bring):
    photos = cards.fill(card, 3)

    def away(_request):
        raise httpx.ReadError("gone")

    door.before["certificate"] = away
    with pytest.raises(TryLater):
        bring()
    assert files(card) == []
    del door.before["certificate"]
    outcome = bring()
    assert outcome.erased == 0
    assert set(door.certificates[0].erased) == cards.digests(photos)
    bring()
    assert door.certificates[1].erased == ()


@pytest.mark.goal("R2")
@pytest.mark.parametrize("zeroed", [4096, 20_000, None], ids=["begun", "half", "all"])
def test_finishes_a_file_that_it_was_overwriting_when_the_power_went(door, card, bring, home, zeroed):
    photos = cards.fill(card, 2)
    path, data = card / RAN, photos["IMG_0001.JPG"]
    digest = sha256(data).hexdigest()
    with opened(card) as there:
        Journal(home).note(there.volume, RAN, len(data), digest)
    count = len(data) if zeroed is None else zeroed
    path.write_bytes(bytes(count) + data[count:])
    outcome = bring()
    assert outcome.clean
    assert outcome.erased == 2
    assert set(door.certificates[0].erased) == cards.digests(photos)
    assert not (home / "erasing").exists()


def test_its_own_zeros_without_a_note_are_no_photo_and_stay(door, card, bring):
    cards.fill(card, 1)
    (card / "DCIM" / "100SAFEL" / "IMG_0002.JPG").write_bytes(bytes(9_000))
    assert [fate.why for fate in bring().left] == [Left.NOT_A_PHOTO]


def test_a_file_that_was_renamed_before_it_went_is_taken_away(door, card, bring):
    cards.fill(card, 1)
    (card / "DCIM" / "100SAFEL" / "ZZ00AF17.TMP").write_bytes(bytes(9_000))
    (card / "F0000003.BIN").write_bytes(bytes(9_000))
    (card / "DCIM" / "100SAFEL" / "ZZ00AF18.TMP").write_bytes(b"not zeros at all")
    assert [fate.name for fate in bring().left] == ["DCIM/100SAFEL/ZZ00AF18.TMP"]
    assert files(card) == ["DCIM/100SAFEL/ZZ00AF17.TMP", "DCIM/100SAFEL/ZZ00AF18.TMP", "F0000003.BIN"]


@pytest.mark.goal("R1")
@pytest.mark.requirement("D3")
def test_a_photo_whose_name_went_before_the_card_refused_is_said_to_be_gone_at_the_next_run(door, card, bring, monkeypatch):
    photos, real, faults = cards.fill(card, 2), os.truncate, [OSError(errno.ENOSPC, "the card refuses")]

    def truncate(path, length):
        if faults:
            raise faults.pop()
        real(path, length)

    monkeypatch.setattr(os, "truncate", truncate)
    assert not bring().clean
    assert bring().clean
    first, second = door.certificates
    assert len(first.erased) == len(second.erased) == 1
    assert {*first.erased, *second.erased} == cards.digests(photos)
    assert files(card) == []


def test_a_card_that_is_pulled_out_while_it_is_read_is_said_to_be_out(door, card, bring, tmp_path):
    cards.fill(card, 3)
    door.before["cards"] = lambda _request: card.rename(tmp_path / "pocket") and None
    with pytest.raises(CardOut):
        bring()
    assert len(files(tmp_path / "pocket")) == 3
    assert door.left == {}
    assert door.certificates == []


@pytest.mark.goal("R1")
def test_a_card_that_is_pulled_out_while_it_is_wiped_is_finished_when_it_comes_back(door, card, bring, tmp_path):
    photos = cards.fill(card, 3)
    seen = []

    def pull(_request):
        seen.append(1)
        card.rename(tmp_path / "pocket")

    door.before["receipt"] = pull
    with pytest.raises(CardOut):
        bring()
    (tmp_path / "pocket").rename(card)
    del door.before["receipt"]
    assert bring().clean
    assert set(door.certificates[0].erased) == cards.digests(photos)


def test_a_refused_card_stays_as_it_is(door, card, bring):
    cards.fill(card, 1)
    door.before["cards"] = lambda _request: problem(401, "custody.unknown_station", "This station is not enrolled.")
    with pytest.raises(Refused, match="unknown_station"):
        bring()
    assert len(files(card)) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_the_server_says_when_it_cannot_now_reaches_the_person(door, card, bring, status):
    cards.fill(card, 1)
    door.before["cards"] = lambda _request: problem(status, "vault.store_full", "The store is full.")
    with pytest.raises(TryLater) as later:
        bring()
    assert later.value.says == "The store is full."


@pytest.mark.parametrize("status", [302, 404])
def test_an_answer_of_something_else_than_safelight_is_a_refusal(door, card, bring, status):
    cards.fill(card, 1)
    door.before["cards"] = lambda _request: httpx.Response(status, text="<html>Sign in to the hospital's network</html>")
    with pytest.raises(Refused):
        bring()
    assert len(files(card)) == 1
