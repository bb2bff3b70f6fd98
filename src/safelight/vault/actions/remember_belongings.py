from collections.abc import Mapping
from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.vault.facts import BelongingsRemembered
from safelight.vault.models import Belonging


@action
def remember_belongings(*, by: Actor, proofs: Mapping[str, bytes], now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Remember the store and the keys that this database belongs to. What is remembered already stays: whoever was first is right."""
    for name, proof in proofs.items():
        Belonging.objects.get_or_create(pk=name, defaults={"proof": proof, "noted_at": now})
    state(BelongingsRemembered(names=tuple(sorted(proofs))))
