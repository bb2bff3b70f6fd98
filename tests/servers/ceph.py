"""A real Ceph with its S3 gateway, on loopback, for the tests of the store that speaks S3."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

HERE = Path(__file__).parent
PROGRAMS = ("ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "ceph-authtool")
PATIENCE = 60.0
BUCKET, ACCESS, SECRET = "photos", "AK", "SK"
REQUIRED = "SAFELIGHT_CORPUS_REQUIRED"


@dataclass(frozen=True)
class Ceph:
    """The gateway's address and where its processes live."""

    endpoint: str
    place: Path

    @property
    def gateway(self) -> int:
        """The process that serves."""
        return next(int(file.read_text()) for file in (self.place / "run").glob("*rgw*.pid"))

    def make_account(self, access: str, secret: str) -> None:
        """An account of its own, to which the others' buckets are shut."""
        said = ["user", "create", f"--uid={access}", f"--display-name={access}", f"--access-key={access}", f"--secret-key={secret}"]
        command = ["radosgw-admin", "-n", "client.rgw", *said]
        subprocess.run(command, check=True, capture_output=True, timeout=60, env=self._told())

    def settings(self, bucket: str = BUCKET) -> dict[str, str]:
        """What the adapter is told."""
        return {"endpoint": self.endpoint, "bucket": bucket, "access_key": ACCESS, "secret_key": SECRET}

    def freeze(self) -> None:
        os.kill(self.gateway, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.gateway, signal.SIGCONT)

    def stop(self) -> None:
        """kill -9 of the gateway; what it had in hand is left as it is."""
        os.kill(self.gateway, signal.SIGKILL)

    def start_again(self) -> None:
        """A gateway on what the last one left, once it answers."""
        subprocess.run(["radosgw", "-n", "client.rgw"], check=True, capture_output=True, timeout=60, env=self._told())
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                _client(self.endpoint).list_objects_v2(Bucket=BUCKET)
            except EndpointConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return

    def _told(self) -> dict[str, str]:
        return {**os.environ, "CEPH_CONF": str(self.place / "ceph.conf")}


def needed() -> None:
    """Skip where it is not installed, but where everything is required."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing and os.environ.get(REQUIRED):
        pytest.fail(f"not installed: {missing}")
    if missing:
        pytest.skip(f"not installed: {missing}")


@contextmanager
def running(folder: Path) -> Iterator[Ceph]:
    """Ceph below `folder`, with one bucket. Its processes are ended by their ids."""
    monitor, gateway = _free_port(), _free_port()
    place = folder / "ceph"
    try:
        subprocess.run(["bash", HERE / "ceph.sh", place, str(monitor), str(gateway)], check=True, capture_output=True, timeout=180)
        endpoint = f"http://127.0.0.1:{gateway}"
        make_bucket(endpoint, BUCKET)
        _warm_up(endpoint)
        yield Ceph(endpoint, place)
    finally:
        for file in (place / "run").glob("*.pid"):
            with suppress(ProcessLookupError, ValueError):
                os.kill(int(file.read_text()), signal.SIGCONT)
                os.kill(int(file.read_text()), signal.SIGKILL)


def make_bucket(endpoint: str, bucket: str) -> None:
    _client(endpoint).create_bucket(Bucket=bucket)


def _warm_up(endpoint: str) -> None:
    """Keep one object. The first one of a new Ceph makes the pool that all lie in: on a busy machine that takes longer than a store may
    take to answer.
    """
    client = _client(endpoint)
    client.put_object(Bucket=BUCKET, Key="first", Body=b"first")
    client.delete_object(Bucket=BUCKET, Key="first")


def _client(endpoint: str) -> Any:
    """A client that waits long, and asks again: what is slow is the machine of the tests."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=ACCESS,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
        config=Config(read_timeout=60, retries={"total_max_attempts": 5}, s3={"addressing_style": "path"}),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
