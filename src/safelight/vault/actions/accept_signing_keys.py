from collections.abc import Mapping
from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.vault.facts import SigningKeysAccepted
from safelight.vault.models import Belonging


@action
def accept_signing_keys(*, by: Actor, proofs: Mapping[str, bytes], now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Take this machine's signing keys for the database's own, after the others were lost: an operator knows that they were."""
    for name, proof in proofs.items():
        Belonging.objects.update_or_create(pk=name, defaults={"proof": proof, "noted_at": now})
    state(SigningKeysAccepted(names=tuple(sorted(proofs))))
