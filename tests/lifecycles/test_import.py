"""A card, from the reader into the vault and back empty: the real server, the real worker, the real station, on loopback."""

import time
from pathlib import Path

import pytest
from django.conf import settings
from tests.factories import cards
from tests.factories.custody import KEEPER
from tests.faults import asked, carving
from tests.servers import site as sites
from tests.servers.site import Site
from tests.servers.worker import wait_until

from safelight.custody.actions.decide_leftover import decide_leftover
from safelight.custody.actions.revoke_station import revoke_station
from safelight.custody.models import Frame, Import, LeftOver, Station
from safelight.custody.rules import Decision
from safelight.kernel import clock
from safelight.vault import objects

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def site():
    with sites.running() as running:
        yield running


@pytest.mark.requirement("D2")
@pytest.mark.requirement("D3")
@pytest.mark.requirement("D6")
@pytest.mark.requirement("D10")
@pytest.mark.goal("S8")
def test_a_folder_is_kept_proved_and_wiped_and_nothing_lies_anywhere_in_the_clear(site: Site, tmp_path):
    began, card, mark = time.time(), tmp_path / "card", cards.planted()
    photos = cards.fill(card, 10, mark=mark)
    assert len(asked.in_the_clear(mark, tmp_path, since=began)) == 10
    status, said = site.bring(card)
    assert status == 0, (said, site.log)
    assert said["card"] == "folder"
    assert said["erased"] == 10
    assert (said["left"], said["residue"]) == ([], 0)
    assert {frame["sha256"] for frame in said["frames"]} == cards.digests(photos)
    assert {(frame["state"], frame["reason"]) for frame in said["frames"]} == {("erased", "")}
    assert [path for path in card.rglob("*") if path.is_file()] == []

    for frame in Frame.objects.select_related("stored"):
        assert frame.state == "erased"
        assert objects.read_back(frame.stored) == frame.digest
        assert b"".join(objects.open_object(frame.stored)) in photos.values()
    done = Import.objects.get()
    assert done.finished_at
    assert done.certificate["erased"] == 10
    assert done.certificate["empty"]
    assert asked.ledger_is_fine()
    assert asked.in_the_clear(mark, settings.SAFELIGHT_TEST_FOLDER, site.folder, tmp_path) == []
    assert asked.in_the_clear(mark, *asked.ANYWHERE, since=began) == []


@pytest.mark.requirement("D8")
def test_the_same_card_twice_files_nothing_twice_and_is_wiped_again(site: Site, tmp_path):
    card = tmp_path / "card"
    photos = cards.fill(card, 3)
    assert site.bring(card)[0] == 0
    kept = set(Frame.objects.values_list("stored", flat=True))
    for name, data in photos.items():
        (card / "DCIM" / "100SAFEL").mkdir(parents=True, exist_ok=True)
        (card / "DCIM" / "100SAFEL" / name).write_bytes(data)
    status, said = site.bring(card)
    assert (status, said["erased"]) == (0, 3)
    assert set(Frame.objects.values_list("stored", flat=True)) == kept
    assert Frame.objects.count() == 3


@pytest.mark.requirement("D8")
def test_a_photo_whose_copy_broke_meanwhile_is_not_erased_but_copied_anew(site: Site, tmp_path):
    card = tmp_path / "card"
    photos = cards.fill(card, 2)
    assert site.bring(card)[0] == 0
    site.kill_worker()  # what it still reads back would be fresh again
    broken = Frame.objects.select_related("stored").order_by("pk")[0]
    place = Path(settings.SAFELIGHT_OBJECT_STORE["folder"]) / broken.stored.pk.hex[:2] / broken.stored.pk.hex
    place.write_bytes(bytes(broken.stored.sealed_size))
    Frame.objects.update(verified_at="2026-11-24T09:00:00Z")
    (card / "DCIM" / "100SAFEL").mkdir(parents=True, exist_ok=True)
    for name, data in photos.items():
        (card / "DCIM" / "100SAFEL" / name).write_bytes(data)
    status, said = site.bring(card)
    assert status == 75  # Damage: somebody is told, and the card is as it was
    assert len(list(card.rglob("*.JPG"))) == 2
    assert Frame.objects.get(pk=broken.pk).state == "damaged"
    status, said = site.bring(card)
    assert (status, said["erased"]) == (0, 2)
    again = Frame.objects.select_related("stored").get(pk=broken.pk)
    assert again.stored.pk != broken.stored.pk
    assert objects.read_back(again.stored) == again.digest


@pytest.mark.one_database
@pytest.mark.requirement("D4")
@pytest.mark.parametrize("system", ["exfat", "exfat with a partition", "fat16", "fat32"])
def test_nothing_can_be_recovered_from_a_card_that_was_wiped(site: Site, tmp_path, system):
    image, mark = tmp_path / "card.img", cards.planted()
    blank = cards.exfat_image(image) if system.startswith("exfat") else cards.fat_image(image, mib=40, bits=int(system[3:]))
    photos = {f"IMG_{number:04}.JPG": cards.a_photo(number, mark=mark, size=(900, 600)) for number in range(1, 7)}
    cards.put(blank, photos, tmp_path)
    if system.endswith("partition"):
        image = cards.partitioned(blank, tmp_path / "whole.img")
    assert carving.recovered(image, photos, tmp_path / "before") == len(photos)
    status, said = site.bring(image)
    assert status == 0, (said, site.log)
    assert (said["card"], said["erased"], said["residue"]) == ("image", 6, 0)
    assert carving.recovered(image, photos, tmp_path / "after") == 0
    assert carving.probes(image, photos) == 0
    assert carving.names(image, photos) == 0
    assert asked.in_the_clear(mark, settings.SAFELIGHT_TEST_FOLDER, site.folder, image.parent) == []


@pytest.mark.requirement("A10")
def test_another_file_stays_until_a_person_has_looked_and_then_goes(site: Site, tmp_path):
    card = tmp_path / "card"
    cards.fill(card, 1)
    (card / "VOICE.WAV").write_bytes(b"RIFF a voice")
    status, said = site.bring(card)
    assert (status, said["erased"], said["left"]) == (1, 1, [{"name": "VOICE.WAV", "reason": "unknown_file"}])
    assert (site.bring(card)[0], (card / "VOICE.WAV").exists()) == (1, True)
    leftover = LeftOver.objects.order_by("pk")[0]
    decide_leftover(by=KEEPER, leftover_id=leftover.pk, decision=Decision.ERASE, reason="A voice memo of the wall.", now=clock.now())
    assert site.bring(card)[0] == 0
    assert [path for path in card.rglob("*") if path.is_file()] == []


def test_what_is_put_into_the_reader_is_imported_by_itself(site: Site, tmp_path):
    reader = tmp_path / "reader"
    reader.mkdir()
    station = site.start_station("watch", reader)
    try:
        cards.fill(reader, 2)
        wait_until(lambda: Frame.objects.filter(state="erased").count() == 2, 60)
        wait_until(lambda: not list(reader.rglob("*.JPG")))
        cards.fill(reader, 1, first=7)
        wait_until(lambda: Frame.objects.filter(state="erased").count() == 3, 60)
    finally:
        station.kill()
        station.communicate()


@pytest.mark.goal("R2")
def test_a_server_that_is_away_is_waited_for(site: Site, tmp_path):
    card = tmp_path / "card"
    photos = cards.fill(card, 2)
    site.kill_web()
    status, said = site.bring(card)
    assert status == 75
    assert "The server does not answer. Nothing was erased" in said["stderr"]
    assert len(list(card.rglob("*.JPG"))) == len(photos)
    site.start_web()
    assert site.bring(card)[0] == 0


@pytest.mark.goal("S1")
def test_a_station_that_was_taken_off_the_list_imports_nothing_more(site: Site, tmp_path):
    card = tmp_path / "card"
    cards.fill(card, 1)
    revoke_station(by=KEEPER, station_id=Station.objects.get().pk, now=clock.now())
    status, said = site.bring(card)
    assert status == 1
    assert "taken off the list" in said["stderr"]
    assert len(list(card.rglob("*.JPG"))) == 1
