"""The gateway of a real Ceph is killed while a card is imported: no photo is lost, and all is finished when there is a gateway again."""

import json
import shutil
from itertools import count
from uuid import uuid4

import pytest
from tests.factories import cards
from tests.faults import asked
from tests.servers import ceph, site

pytestmark = [
    pytest.mark.xdist_group("ceph"),
    pytest.mark.slow,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
PHOTOS, TRY_LATER, RUNS = 6, 75, 5


@pytest.fixture
def hospital(cluster, settings, monkeypatch):
    """A site whose objects lie in a bucket of their own."""
    bucket = f"b{uuid4().hex}"
    ceph.make_bucket(cluster.endpoint, bucket)
    settings.SAFELIGHT_OBJECT_STORE = {"adapter": "safelight.vault.adapters.s3.S3Store", **cluster.settings(bucket)}
    monkeypatch.setenv("SAFELIGHT_TEST_STORE", json.dumps(settings.SAFELIGHT_OBJECT_STORE))
    with site.running() as running:
        yield running


@pytest.mark.goal("R1")
@pytest.mark.goal("R10")
@pytest.mark.requirement("D3")
@pytest.mark.requirement("D8")
def test_a_gateway_that_is_stopped_costs_no_photo_and_the_card_is_finished_afterwards(hospital, cluster, tmp_path):
    met = 0
    for number, lines in enumerate((0, PHOTOS // 2, PHOTOS + 2)):
        card = tmp_path / f"card-{number}"
        photos = cards.fill(card, PHOTOS, first=number * PHOTOS + 1)
        station = hospital.start_station("import", card)
        for _ in range(lines):
            station.stderr.readline()
        cluster.stop()
        try:
            _, said = station.communicate(timeout=120)
            assert station.returncode in {0, TRY_LATER}, said
            left = asked.digests_on(card)
            if left:
                met += 1
                assert hospital.run_station("import", card).returncode == TRY_LATER
                assert asked.digests_on(card) == left
        finally:
            cluster.start_again()
        assert asked.lost(photos, card) == []
        for run in count(1):
            done = hospital.run_station("import", card)
            if done.returncode == 0:
                break
            assert run < RUNS, done.stderr + hospital.log[-6_000:]
        assert asked.lost(photos, card) == []
        assert asked.digests_on(card) == set()
        assert (asked.kept_twice(), asked.unfinished()) == (0, [])
        shutil.rmtree(card)
    assert met >= 1
    assert asked.ledger_is_fine()
