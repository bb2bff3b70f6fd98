"""What can go wrong with an object or a key."""

from safelight.kernel.errors import Damage, Refusal, Unavailable


class ObjectDamaged(Damage):
    """The bytes of an object are not what was kept, or do not open under its key."""

    code = "vault.object_damaged"
    says = "One of the stored files is damaged. Nothing was changed. The people who look after the system have been told."


class ObjectMissing(Damage):
    """The store holds no object of this name, though the record says so."""

    code = "vault.object_missing"
    says = "One of the stored files is missing. Nothing was changed. The people who look after the system have been told."


class NameInUse(Damage):
    """The store holds another object under this random name."""

    code = "vault.name_in_use"


class StoreFull(Unavailable):
    """The store takes no more."""

    code = "vault.store_full"
    says = "The store is full. Nothing was lost: leave the card as it is. The people who look after the system have been told."


class StoreUnfit(Unavailable):
    """The store does not keep a promise that a receipt rests on. Nothing is handed to it until it does."""

    code = "vault.store_unfit"
    says = "The store does not keep what it must promise, so no card is released. The people who look after the system have been told."


class StoreAway(Unavailable):
    """The store does not take or give an object now."""

    code = "vault.store_away"
    says = "The store does not answer. Nothing was lost: leave the card as it is and try again in a minute."


class KeysAway(Unavailable):
    """The key service does not answer, or its keys cannot be read."""

    code = "vault.keys_away"
    says = "The keys of the store cannot be reached. Nothing was lost. Try again in a minute."


class WrongKey(Damage):
    """A wrapped key does not open in this context: it was moved from another object or holder, or changed."""

    code = "vault.wrong_key"
    says = "One of the stored files cannot be opened. Nothing was changed. The people who look after the system have been told."


class Shredded(Refusal):
    """The object was disposed of: its key is gone."""

    code = "vault.shredded"
    says = "This photo was disposed of."
    status = 410


class TooLarge(Refusal):
    """More bytes came than an object may hold."""

    code = "vault.too_large"
    says = "This file is larger than Safelight takes. It stays where it is."
    status = 413


class KeyInUse(Refusal):
    """A root key that something hangs on, or that a backup may need, stays."""

    code = "vault.key_in_use"
    says = "Something still needs this key, so it stays. Nothing was changed."
    status = 409
