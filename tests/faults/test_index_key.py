"""kill -9 of the command that turns the key for finding numbers: everybody is found, and the next run ends it."""

import json
import subprocess
import sys

import pytest
from tests.contracts.turning import all_found, many
from tests.factories.agreements import agreed
from tests.servers.worker import environment, wait_until
from tests.shared import PROJECT

from safelight.patients.models import Patient
from safelight.staff.models import ForKeys
from safelight.vault import indexes
from safelight.vault.adapters.file_keys import FileKeys

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asvs("13.3.4")]


@pytest.mark.goal("R2")
def test_kill_9_in_the_middle_costs_nothing_and_the_next_run_ends_it(settings, tmp_path, sweep):
    if not sweep:
        pytest.skip("--sweep asks for it; a key service that leaves at any call is tried in tests/contracts")
    settings.SAFELIGHT_KEY_SERVICE = {"adapter": "safelight.vault.adapters.file_keys.FileKeys", "file": str(tmp_path / "root.json")}
    FileKeys.make(tmp_path / "root.json")
    process = {"env": environment(SAFELIGHT_TEST_KEYS=json.dumps(settings.SAFELIGHT_KEY_SERVICE)), "cwd": PROJECT, "text": True}
    command_line = [sys.executable, "-m", "safelight.config.command", "vault", "rotate-index"]
    known = many(1000)
    for _ in range(5):
        agreed(ForKeys.ROTATE_INDEX)
        before = indexes.in_play()[0]
        running = subprocess.Popen(command_line, stdout=subprocess.PIPE, **process)
        wait_until(lambda before=before, running=running: running.poll() is not None or Patient.objects.exclude(index_key=before).exists())
        running.kill()
        running.communicate(timeout=60)
        if Patient.objects.values("index_key").distinct().count() == 2:
            break
    assert Patient.objects.values("index_key").distinct().count() == 2, "no run was caught in its middle"
    assert all_found(known)
    assert len(known) == 20
    again = subprocess.run(command_line, capture_output=True, timeout=300, check=True, **process)
    said = json.loads(again.stdout)
    assert (said["made"], said["damaged"]) == (False, 0)
    assert set(Patient.objects.values_list("index_key", flat=True)) == {said["index_key"]}
    assert all_found(known)
