"""Whether this machine's store and keys are those of the database. A machine with a folder, a bucket or keys of its own must not serve.

1. The store carries an identity under a fixed name, made once and never replaced; the database remembers it. A store that was moved or
   restored brings it along.
2. Of each root key the database keeps a known text that this key wrapped, of each index key in play what it makes of a known text, of
   a signing key its public half. They tell nothing of the keys.
3. Where the database remembers nothing yet (the first start, or one from before this rule) what is there must fit: the newest
   objects are in the store and open under the keys, or there is no object at all, in either.
4. A store that the database remembers has one of the newest objects at least: one that was put back to an older time has none. A single
   photo that is missing keeps nobody from starting.
5. Each machine leaves a mark in the store, and the database remembers it for some weeks. Whoever does not see another's mark has
   another folder, be it a copy of that one with its identity.
6. Comparing changes nothing; what is new is remembered by an action. Of two first starts at once one wins, and both compare again.
"""

from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import QuerySet

from safelight.kernel.actor import Actor
from safelight.vault import chosen, objects
from safelight.vault.actions.accept_signing_keys import accept_signing_keys
from safelight.vault.actions.adopt_store import adopt_store
from safelight.vault.actions.remember_belongings import remember_belongings
from safelight.vault.errors import (
    KeysAway,
    KeysNotHere,
    KeysOfAnother,
    NameInUse,
    ObjectMissing,
    ObjectsMissing,
    SigningKeyOfAnother,
    StoreInUse,
    StoreNotShared,
    StoreOfAnother,
    StoreOlder,
    WrongKey,
)
from safelight.vault.indexes import in_play
from safelight.vault.models import Belonging, StoredObject
from safelight.vault.ports import Wrapped

IDENTITY = UUID("5afe1151-0b9e-4c75-8000-000000000001")  # the name of the object that holds a store's identity
STORE, INDEX, ROOT, MACHINE = Belonging.STORE, Belonging.INDEX, Belonging.ROOT, Belonging.MACHINE
MARKS_COUNT_FOR = timedelta(days=35)
CONTEXT, TEXT = b"v1|what belongs to a database", bytes(32)
VOUCH = 20  # objects that are asked where nothing is remembered yet
LATEST = 3  # objects of which one must be there

Proofs = dict[str, bytes]


def recognise(*, by: Actor, signers: Mapping[str, str], machine: str, new_identity: UUID, new_mark: UUID, now: datetime) -> None:
    """Compare, remember what is new, and return where all of it belongs to the database. `signers`: public halves by name.

    Raises StoreOfAnother, StoreOlder, StoreNotShared, StoreInUse, KeysOfAnother, SigningKeyOfAnother; StoreAway, KeysNotHere.
    """
    new = _compared(signers, now=now)
    if new.get(STORE) == b"":
        new[STORE] = _identified(new_identity)
    name = f"{MACHINE}{sha256(machine.encode()).hexdigest()[:32]}"
    if not Belonging.objects.filter(pk=name, noted_at__gt=now - MARKS_COUNT_FOR / 2).exists():
        chosen.store().keep(new_mark, [b"a mark"])
        new[name] = new_mark.bytes
    if new:
        remember_belongings(by=by, proofs=new, forget_before=now - MARKS_COUNT_FOR, now=now)
        _compared(signers, now=now)  # (6)


def recognise_keys(*, by: Actor, now: datetime) -> None:
    """The same for root keys alone: before and after a rotation, so that no other machine starts without the new one."""
    if new := _new_keys(_remembered()):
        remember_belongings(by=by, proofs=new, forget_before=now - MARKS_COUNT_FOR, now=now)
        _new_keys(_remembered())


def compare(signers: Mapping[str, str], *, now: datetime) -> None:
    """Raises as `recognise` does, and changes nothing."""
    _compared(signers, now=now)


def require_keys() -> None:
    """Raises KeysNotHere where this machine has no root keys, without a question to the database."""
    try:
        chosen.keys().roots()
    except KeysAway as away:
        raise KeysNotHere(*away.args) from None


def accept(*, by: Actor, signers: Mapping[str, str], now: datetime) -> None:
    """Take other signing keys for the database's own, after those that it remembers were lost."""
    accept_signing_keys(by=by, proofs=_proofs(signers), now=now)


def own_names() -> set[UUID]:
    """The objects in the store that are nobody's photo and no orphans either: its identity and the marks of machines."""
    return {IDENTITY, *(UUID(bytes=bytes(row.proof)) for row in Belonging.objects.filter(name__startswith=MACHINE))}


def adopt(*, by: Actor, missing: int, new_identity: UUID, now: datetime) -> int:
    """Take the store that the settings name for the database's own, after objects were carried to it; returns how many it holds.

    Raises ObjectsMissing where it lacks another number of objects than `missing`.
    """
    names = {name for name, _ in chosen.store().names()}
    rows = set(StoredObject.objects.filter(shredded_at=None).values_list("pk", flat=True))
    if len(rows - names) != missing:
        raise ObjectsMissing(len(rows - names))
    adopt_store(by=by, identity=_identity() or _identified(new_identity), missing=missing, now=now)
    return len(rows & names)


def _compared(signers: Mapping[str, str], *, now: datetime) -> Proofs:
    """What is not remembered yet; an empty value for a store that has no identity yet."""
    known = _remembered()
    new = _new_signers(known, signers) | _new_keys(known) | _new_store(known)
    marks = Belonging.objects.filter(name__startswith=MACHINE, noted_at__gt=now - MARKS_COUNT_FOR)
    if not all(_is_there(UUID(bytes=bytes(row.proof))) for row in marks):  # (5)
        raise StoreNotShared
    return new


def _remembered() -> Proofs:
    return {row.name: bytes(row.proof) for row in Belonging.objects.all()}


def _new_store(known: Proofs) -> Proofs:
    held = _identity()
    if STORE in known:
        if held != known[STORE]:
            raise StoreOfAnother
        since = Belonging.objects.get(pk=STORE).noted_at  # what was missing when an operator took the store is known to be
        latest = list(_newest().filter(kept_at__gt=since).values_list("pk", flat=True)[:LATEST])
        if latest and not any(map(_is_there, latest)):  # (4)
            raise StoreOlder
        return {}
    newest = list(_newest().values_list("pk", flat=True)[:VOUCH])
    if newest and not any(map(_is_there, newest)):  # (3)
        raise StoreOfAnother
    if not newest and held is not None and any(name != IDENTITY for name, _ in chosen.store().names()):
        raise StoreInUse
    return {STORE: held or b""}


def _newest() -> QuerySet[StoredObject]:
    return StoredObject.objects.filter(shredded_at=None).order_by("-kept_at")


def _new_keys(known: Proofs) -> Proofs:
    keys = chosen.keys()
    try:
        made_of = {Belonging.index_name(number): keys.mac(CONTEXT, TEXT, number=number) for number in in_play()}
        if any(known.get(name, proof) != proof for name, proof in made_of.items()):
            raise KeysOfAnother
        for name, proof in known.items():
            if name.startswith(ROOT) and keys.unwrap(Wrapped(name.removeprefix(ROOT), proof), CONTEXT) != TEXT:
                raise KeysOfAnother
        if not any(name.startswith(INDEX) for name in known):
            _vouched()
        made = keys.wrap(TEXT, CONTEXT)
    except WrongKey:
        raise KeysOfAnother from None
    except KeysAway as away:
        raise KeysNotHere(*away.args) from None
    new = {name: proof for name, proof in made_of.items() if name not in known}
    return new if ROOT + made.key_id in known else new | {ROOT + made.key_id: made.sealed}


def _vouched() -> None:
    """(3) Raises KeysOfAnother where none of the newest objects opens."""
    newest = list(_newest()[:VOUCH])
    for stored in newest:
        try:
            objects.rewrap(stored, holder=stored.holder)
        except WrongKey:
            continue
        return
    if newest:
        raise KeysOfAnother


def _new_signers(known: Proofs, signers: Mapping[str, str]) -> Proofs:
    made = _proofs(signers)
    if any(known.get(name, proof) != proof for name, proof in made.items()):
        raise SigningKeyOfAnother
    return {name: proof for name, proof in made.items() if name not in known}


def _proofs(signers: Mapping[str, str]) -> Proofs:
    return {name: sha256(public.encode()).digest() for name, public in signers.items()}


def _identity() -> bytes | None:
    try:
        reader = chosen.store().open(IDENTITY, fresh=True)
    except ObjectMissing:
        return None
    with closing(reader):
        return reader.read_at(0, reader.size)


def _identified(new_identity: UUID) -> bytes:
    """Give the store an identity, unless somebody was first; returns the one that it has."""
    with suppress(NameInUse):
        chosen.store().keep(IDENTITY, [new_identity.bytes])
    return _identity() or b""


def _is_there(name: UUID) -> bool:
    try:
        chosen.store().stat(name)
    except ObjectMissing:
        return False
    return True
