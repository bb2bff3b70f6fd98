"""TLS that is proved or not at all."""

import ssl
from pathlib import Path


def verified(authorities: Path | None) -> ssl.SSLContext:
    """Checks chain and name against a PEM file of authorities, or those of the machine; TLS 1.2 at least."""
    made = ssl.create_default_context(cafile=authorities)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made
