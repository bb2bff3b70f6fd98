from collections.abc import Mapping
from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.vault.facts import BelongingsRemembered
from safelight.vault.models import Belonging


@action
def remember_belongings(*, by: Actor, proofs: Mapping[str, bytes], forget_before: datetime, now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Remember the store, the keys and the machines that belong to this database.

    1. Store and keys that are remembered already stay: whoever was first is right.
    2. A machine's mark is the newest that it left; marks from before `forget_before` are forgotten.
    """
    machines = {name: proof for name, proof in proofs.items() if name.startswith(Belonging.MACHINE)}
    for name, proof in machines.items():  # (2)
        Belonging.objects.update_or_create(pk=name, defaults={"proof": proof, "noted_at": now})
    Belonging.objects.filter(name__startswith=Belonging.MACHINE, noted_at__lt=forget_before).delete()
    for name, proof in proofs.items() - machines.items():  # (1)
        Belonging.objects.get_or_create(pk=name, defaults={"proof": proof, "noted_at": now})
    state(BelongingsRemembered(names=tuple(sorted(proofs))))
