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


class StoreRefuses(StoreAway):
    """The store answers, and does not let this machine in: it does not take the account, its key, its rights or the machine's clock."""

    code = "vault.store_refuses"
    says = (
        "The store does not let Safelight in. Nothing was lost: leave the card as it is. For whoever runs Safelight: set "
        "SAFELIGHT_S3_ACCESS_KEY and SAFELIGHT_S3_SECRET_KEY to an account that may read, write, list and delete in SAFELIGHT_S3_BUCKET, "
        "and see that this machine's clock is right."
    )


class BucketMissing(StoreAway):
    """The store answers, and has no bucket of this name: nothing can be said of the objects in it."""

    code = "vault.bucket_missing"
    says = (
        "The store has no bucket of the name that is set. Nothing was lost: leave the card as it is. For whoever runs Safelight: set "
        "SAFELIGHT_S3_ENDPOINT and SAFELIGHT_S3_BUCKET to the store of this database, or make the bucket if this is the first start."
    )


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


class IndexKeyTurned(Refusal):
    """What was about to be written was made ready with an index key that is not the newest any more."""

    code = "vault.index_key_turned"
    says = "The key by which numbers are found was changed just now. Nothing was saved. Send it again."
    status = 409


class StoreOfAnother(Refusal):
    """The store of this machine is not the one that the database remembers: other machines' photos would be missing here."""

    code = "vault.store_of_another"
    says = (
        "Safelight does not start: this database keeps its photos in another store than the one that is set here. Nothing was changed. "
        "Set SAFELIGHT_DATA or SAFELIGHT_S3_… to the store of the other machines. Several machines need one S3 store. "
        "If the photos were carried here on purpose: safelight vault adopt."
    )
    status = 503


class StoreOlder(Refusal):
    """The store is the database's own, and lacks the newest photos: it was restored from an older time than the database."""

    code = "vault.store_older"
    says = (
        "Safelight does not start, or stops: the store is the right one, but the newest photos of the database are not in it. It was put "
        "back to an older time, or something deletes from it. Nothing was changed. Restore the store to a time after the database's. "
        "If these photos cannot be brought back: safelight vault adopt, with the number that is missing."
    )
    status = 503


class StoreNotShared(Refusal):
    """Another machine serves this database, and its mark is not in this store: one of the two folders is a copy of the other."""

    code = "vault.store_not_shared"
    says = (
        "Safelight does not start, or stops: another machine serves this database and keeps its photos in another folder than this one, "
        "which may be a copy. Nothing was changed. Stop that machine and set one S3 store for both. When all photos are in one store: "
        "safelight vault adopt."
    )
    status = 503


class StoreInUse(Refusal):
    """The store holds photos of another database, of which this one knows nothing."""

    code = "vault.store_in_use"
    says = (
        "Safelight does not start: the store that is set here holds photos of another database, and this database is empty. Nothing was "
        "changed. Set SAFELIGHT_DATABASE to the database that belongs to it, restore that from its backup, or name an empty store."
    )
    status = 503


class KeysOfAnother(Refusal):
    """A root key that the database needs is not here, or is another under the same name."""

    code = "vault.keys_of_another"
    says = (
        "Safelight does not start: this machine's root keys are not all of those that this database belongs to. Nothing was changed. "
        "Carry the file of root keys in SAFELIGHT_KEYS from the machine that made the newest one, or set the same PKCS#11 token."
    )
    status = 503


class SigningKeyOfAnother(Refusal):
    """Receipts or checkpoints that this machine signs would be taken by nobody."""

    code = "vault.signing_key_of_another"
    says = (
        "Safelight does not start: a key that signs receipts or checkpoints is missing, or another than on the machine that was first. "
        "Nothing was changed. Carry the files in SAFELIGHT_KEYS from that machine, and set the same SAFELIGHT_ADDRESS and SAFELIGHT_SITE. "
        "If they are lost: safelight vault accept-signing-keys."
    )
    status = 503


class KeysNotHere(KeysAway):
    """The file of root keys is missing or cannot be read, or the token does not answer."""

    code = "vault.keys_not_here"
    says = (
        "Safelight does not start: the root keys cannot be read. Nothing was changed. Carry the file of root keys in SAFELIGHT_KEYS from "
        "another machine, for its owner's eyes only (0400), or start the token's service. Make no new ones."
    )


class ObjectsMissing(Refusal):
    """A store that is to be adopted lacks objects; the number is told beside it."""

    code = "vault.objects_missing"
    says = "This store does not hold all photos of this database, so it was not taken. Nothing was changed. Carry the others to it first."
    status = 409
