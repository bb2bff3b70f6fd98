"""What mail needs: the guests, the list of accredited domains, certificates, and the letters that went out and came in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Guest(models.Model):
    """One colleague of another organisation, as the asker confirmed them for one question.

    `sealed` holds name, organisation and address; `domain` the address's, in its plain form. Of the link's secret only the
    SHA-256 is kept. `accredited` and `list_dated` say what the list of DCB1596 said when the asker confirmed.
    """

    id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    domain = models.CharField(max_length=253)
    accredited = models.BooleanField()
    list_dated = models.DateField(null=True, blank=True)
    by_letter = models.BooleanField(default=False)
    secret_digest = models.CharField(max_length=64, unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    confirmed_by = models.UUIDField()
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            # A link is opened by a code to the mailbox: only where the domain looks after mailboxes to the standard.
            models.CheckConstraint(name="sharing_guest_links_accredited", condition=Q(by_letter=True) | Q(accredited=True)),
            models.CheckConstraint(name="sharing_guest_list_dated", condition=Q(accredited=False) | Q(list_dated__isnull=False)),
        ]

    def __repr__(self) -> str:
        return f"<Guest {self.pk}>"


class GuestCode(models.Model):
    """A one-time code. It opens the browser that asked for it, once, within minutes, in a few tries.

    One is made for every link that is shown, right or wrong, so that both take the same time; only one with a `guest` is mailed, and
    only that can fit. `network` is a fingerprint of where it was shown, which the limits count by.
    """

    id = models.UUIDField(primary_key=True)
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, null=True, blank=True, related_name="codes")
    public_id = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    browser_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True, blank=True)
    network = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["made_at"], name="sharing_codes_by_time"),
            models.Index(fields=["network", "-made_at"], name="sharing_codes_of_network"),
            models.Index(fields=["public_id", "-made_at"], name="sharing_codes_of_question"),
            models.Index(fields=["guest", "-made_at"], name="sharing_codes_of_guest"),
            models.Index(fields=["browser_digest", "-made_at"], name="sharing_codes_of_browser"),
        ]


class GuestBrowser(models.Model):
    """A browser in which a guest has proved the mailbox. Of what its cookie holds only the SHA-256 is kept."""

    id = models.UUIDField(primary_key=True)
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="browsers")
    digest = models.CharField(max_length=64, unique=True)
    proved_at = models.DateTimeField()
    until = models.DateTimeField()


class AccreditedList(models.Model):
    """One edition of the public list of domains accredited under DCB1596: dated, with an owner who looks after it."""

    id = models.UUIDField(primary_key=True)
    dated = models.DateField()
    owner = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    taken_at = models.DateTimeField()
    taken_by = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-dated", "-taken_at"], name="sharing_newest_list")]


class AccreditedDomain(models.Model):
    """A whole domain of an edition, lower case, in its ASCII form (IDNA)."""

    edition = models.ForeignKey(AccreditedList, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253)
    organisation = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "domain"], name="sharing_domain_once")]


class MailCertificate(models.Model):
    """A certificate (PEM) by which letters to one address are encrypted and letters from it are checked.

    It is found by the address's blind index, made by the index key of the number `index_key`.
    """

    id = models.UUIDField(primary_key=True)
    address_index = models.BinaryField(max_length=16, db_index=True)
    index_key = models.PositiveSmallIntegerField(default=1)
    sealed_address = models.BinaryField()
    pem = models.TextField()
    fingerprint = models.CharField(max_length=64)
    good_until = models.DateTimeField()
    added_by = models.UUIDField()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["address_index", "fingerprint"], condition=Q(removed_at=None), name="sharing_certificate_once")
        ]


class Posting(models.Model):
    """One letter that goes to a guest: promised, then sent or refused; later perhaps returned. Its copy is filed sealed.

    `part` counts the letters of a set that is too large for one, `items` are the shared photos enclosed in it. `message_id` is
    drawn with the row, the same at each try.
    """

    id = models.UUIDField(primary_key=True)
    opinion = models.ForeignKey("sharing.Opinion", on_delete=models.PROTECT, related_name="+")
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="postings")
    part = models.PositiveSmallIntegerField(default=1)
    items = models.JSONField(default=list)
    message_id = models.CharField(max_length=120, unique=True)
    return_tag = models.CharField(max_length=32, unique=True)
    copy = models.ForeignKey("vault.StoredObject", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    promised_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_why = models.CharField(max_length=60, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["next_try_at"], condition=Q(sent_at=None, refused_at=None), name="sharing_letters_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opinion", "part"], name="sharing_posting_part"),
            models.CheckConstraint(name="sharing_posting_one_end", condition=Q(sent_at=None) | Q(refused_at=None)),
        ]

    @property
    def enclosed(self) -> int:
        """How many photos are in the letter itself."""
        return len(self.items)


class Placed(models.TextChoices):
    """What became of a letter that came in."""

    ANSWER = "answer", "filed as an answer"
    WAITS = "waits", "waits for a person"
    BY_A_PERSON = "by_a_person", "filed by a person"
    RETURNED = "returned", "says that a letter of ours did not arrive"
    AUTOMATIC = "automatic", "sent by a machine, no answer"
    SET_ASIDE = "set_aside", "set aside by a person"


class ArrivedLetter(models.Model):
    """A letter in the mailbox, as it came: kept sealed, known by its Message-ID and digest, so that one that comes twice is kept once.

    `why` is the code of what kept it from being an answer. `signed` tells whether a signature was there, verified, and the sender's.
    """

    id = models.UUIDField(primary_key=True)
    identity = models.CharField(max_length=64, unique=True)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    letter = models.ForeignKey("vault.StoredObject", on_delete=models.PROTECT, related_name="+")
    domain = models.CharField(max_length=253, blank=True)
    opinion = models.ForeignKey("sharing.Opinion", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    placed = models.CharField(max_length=12, choices=Placed)
    why = models.CharField(max_length=40, blank=True)
    signed = models.BooleanField(default=False)
    attachments = models.PositiveSmallIntegerField(default=0)
    arrived_at = models.DateTimeField()
    placed_by = models.UUIDField(null=True, blank=True)
    placed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["placed", "arrived_at"], name="sharing_letters_wait")]
        constraints: ClassVar = [models.CheckConstraint(name="sharing_letter_placed", condition=Q(placed__in=Placed.values))]
