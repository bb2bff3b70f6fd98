"""A real service for access tokens on loopback: node-oidc-provider, whose tokens Dovecot of tests/servers/mail.py takes."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from tests.servers.mail import Mail
from tests.servers.postgresql import free_port
from tests.shared import PROJECT

SECRET = "a-secret-of-the-tests-and-of-nothing-else"


@dataclass(frozen=True)
class TokenService:
    """Where it listens, and a refresh token of the mailbox, as somebody would have got it by signing in once."""

    port: int
    refresh: str

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    def set(self, **what: str) -> None:
        """What it does wrong: `fault` expired, somebody or none; `client` gone or back."""
        httpx.get(f"http://127.0.0.1:{self.port}/__set", params=what, trust_env=False).raise_for_status()

    def given(self) -> dict[str, int]:
        """How many tokens it has given, by grant."""
        return dict(httpx.get(f"http://127.0.0.1:{self.port}/__count", trust_env=False).json())


def needed() -> None:
    """Leave the test out where the program is not there."""
    if shutil.which("node") is None or not (PROJECT / "node_modules" / "oidc-provider").exists():
        pytest.skip("node and the package oidc-provider are not installed: npm ci")


@contextmanager
def running(mail: Mail) -> Iterator[TokenService]:
    """The service until the block ends; its key is the one that the mailbox trusts."""
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    with tempfile.NamedTemporaryFile(suffix=".pem") as key:
        Path(key.name).write_bytes(mail.token_key.private_bytes(serialization.Encoding.PEM, *plain))
        port = free_port()
        command = ["node", "tests/servers/tokens.mjs", str(port), key.name, "safelight@nhs.test"]
        process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert process.stdout
            line = next((line for line in process.stdout if line.startswith("{")), "")
            assert line, f"the service for tokens ended with {process.wait(10)}"
            yield TokenService(port, json.loads(line)["refresh"])
        finally:
            process.terminate()
            process.wait(10)
