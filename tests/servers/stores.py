"""Run a command on a hospital's own stores: a real Ceph for the objects, SoftHSM for the keys. `stores.py COMMAND ARGUMENTS...`"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.servers import ceph, softhsm
from tests.shared import PROJECT

from safelight.vault.adapters.pkcs11 import Pkcs11Keys


def main() -> int:
    """The exit status of the command."""
    with tempfile.TemporaryDirectory(prefix="safelight-stores-") as folder, ceph.running(Path(folder)) as cluster:
        token = softhsm.make_token(Path(folder) / "softhsm")
        Pkcs11Keys.make(**token)
        stores = {
            "SAFELIGHT_TEST_STORE": json.dumps({"adapter": "safelight.vault.adapters.s3.S3Store", **cluster.settings()}),
            "SAFELIGHT_TEST_KEYS": json.dumps({"adapter": "safelight.vault.adapters.pkcs11.Pkcs11Keys", **token}),
        }
        return subprocess.run(sys.argv[1:], check=False, env={**os.environ, **stores}, cwd=PROJECT).returncode


if __name__ == "__main__":
    sys.exit(main())
