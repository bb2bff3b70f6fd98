"""Stores that fail while a card is imported: nothing that the vault does not hold whole is ever named by a receipt."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from tests.attacks.test_station_door import Door
from tests.factories import cards
from tests.factories.frames import digest_of, photo
from tests.faults import asked
from tests.servers.site import Site, make_keys
from tests.simulators.stores import FAULTS

from safelight.custody.models import Frame
from safelight.vault import objects
from safelight.vault.errors import StoreFull
from safelight.vault.models import StoredObject

ONE, TWO = photo(1), photo(2) * 400  # the second is several segments long


@pytest.fixture
def with_store(settings, tmp_path):
    def choose(fault: str) -> None:
        settings.SAFELIGHT_OBJECT_STORE = {
            "adapter": "tests.simulators.stores.MisbehavingStore",
            "folder": tmp_path / "vault",
            "fault": fault,
        }

    return choose


@pytest.mark.django_db
@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
@pytest.mark.goal("R8")
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_a_store_does_wrong_no_receipt_names_what_it_does_not_hold(with_store, fault):
    make_keys()
    door = Door()
    import_id = door.announce(ONE, TWO)
    with_store(fault)
    sent = [door.send(import_id, data).status_code for data in (ONE, TWO)]
    said = door.ask("POST", f"imports/{import_id}/receipt")
    named = [data for data in (ONE, TWO) if said.status_code == 200 and digest_of(data) in said.content.decode()]
    with_store("")
    for data in named:
        frame = Frame.objects.select_related("stored").get(digest=digest_of(data))
        assert objects.read_back(frame.stored) == digest_of(data)
    if fault in {"full", "away", "slow and away"}:
        assert sent == [503, 503]
        assert StoredObject.objects.count() == 0
    if fault == "replaces":
        assert len(named) == 2
    # Whatever happened, the next reading of the card ends well.
    door.ask("POST", f"imports/{import_id}/receipt")
    door.announce(ONE, TWO)
    assert [door.send(import_id, data).status_code for data in (ONE, TWO)] == [200, 200]
    said = door.ask("POST", f"imports/{import_id}/receipt")
    assert said.status_code == 200, said.content
    assert all(digest_of(data) in said.content.decode() for data in (ONE, TWO))


@pytest.mark.django_db
@pytest.mark.goal("R8")
def test_a_card_that_does_not_fit_is_refused_before_anything_is_copied(tmp_path):
    room = objects.chosen.store().room()
    with pytest.raises(StoreFull):
        objects.make_sure_of_room(room // 2 + (1 << 30))
    objects.make_sure_of_room(room // 4)


@contextmanager
def small_disk(*options: str):
    """The vault on a disk of its own."""
    place = Path(django_settings.SAFELIGHT_OBJECT_STORE["folder"])
    place.mkdir(exist_ok=True)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(options), "vault", place], check=False).returncode:
        cards.refuse_or_skip("a disk of its own for the vault needs root")
    try:
        yield lambda *changed: subprocess.run(["mount", "-o", ",".join(("remount", *changed)), place], check=True)
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@pytest.mark.slow
@pytest.mark.goal("R8")
@pytest.mark.requirement("D3")
@pytest.mark.xdist_group("vault-disk")
def test_a_full_disk_leaves_the_card_as_it_is_says_so_and_goes_on_without_a_restart(site: Site, tmp_path):
    card = tmp_path / "card"
    photos = cards.fill(card, 8)
    with small_disk("size=2g", "nr_inodes=9") as disk:  # room for a handful of objects, then ENOSPC in the midst of copying
        done = site.run_station("import", card, "--json")
        assert done.returncode == 75
        assert "The store is full. Nothing was lost" in done.stderr
        assert asked.digests_on(card) == cards.digests(photos)
        disk("nr_inodes=1000")
        status, said = site.bring(card)
        assert (status, said["erased"]) == (0, 8)
        assert asked.lost(photos, card) == []
        assert asked.kept_twice() == 0
    assert asked.ledger_is_fine()


@pytest.mark.slow
@pytest.mark.goal("R8")
@pytest.mark.xdist_group("vault-disk")
def test_a_disk_that_is_nearly_full_is_told_before_copying_begins(site: Site, tmp_path):
    card = tmp_path / "card"
    photos = cards.fill(card, 2)
    with small_disk("size=512m") as disk:
        done = site.run_station("import", card)
        assert done.returncode == 75
        assert "The store is full" in done.stderr
        assert "Copying" not in done.stderr
        assert asked.digests_on(card) == cards.digests(photos)
        disk("size=2g")
        assert site.bring(card)[0] == 0


@pytest.mark.slow
@pytest.mark.goal("R8")
@pytest.mark.xdist_group("vault-disk")
def test_a_read_only_disk_leaves_the_card_as_it_is(site: Site, tmp_path):
    card = tmp_path / "card"
    photos = cards.fill(card, 2)
    with small_disk("size=2g") as disk:
        disk("ro")
        assert site.bring(card)[0] == 75
        assert asked.digests_on(card) == cards.digests(photos)
        disk("rw")
        assert site.bring(card)[0] == 0
