"""Refusals of mail: guests, the list of accredited domains, certificates, letters that came in."""

from safelight.kernel.errors import Refusal, Unavailable


class NotAccredited(Refusal):
    """The domain is not on the list (DCB1596), or there is no list: a link would end in a mailbox that nobody vouches for."""

    code = "sharing.not_accredited"
    says = "This address does not belong to a mail service that is accredited for patient data. Nobody was asked. Use their NHS address."
    status = 409


class NameOrganisationMissing(Refusal):
    """Who the guest is was not said in full (G6)."""

    code = "sharing.name_and_organisation_missing"
    says = "Write the colleague's full name and where they work. Nobody was asked."
    status = 422


class ListNotReadable(Refusal):
    """The file is not a list of domains. `lines` are the first that are not understood; nothing was taken."""

    code = "sharing.list_not_readable"
    says = "This file is not a list of domains that can be read. The list in use stays. Check the column called domain."
    status = 422

    def __init__(self, *lines: int) -> None:
        self.lines = lines
        super().__init__(*lines)


class ListOlder(Refusal):
    """The list is dated before the one in use, or in the future."""

    code = "sharing.list_older"
    says = "This list is older than the one in use, or dated in the future. The list in use stays."
    status = 409


class ListThere(Refusal):
    """The very same list is in use."""

    code = "sharing.list_there"
    says = "This list is in use already."
    status = 409


class NotYoursToSetUp(Refusal):
    """Administrators and the IG lead look after mail."""

    code = "sharing.not_yours_to_set_up"
    says = "Your account does not look after mail. An administrator or the information governance lead does."
    status = 403


class CertificateNotGood(Refusal):
    """A certificate is for another address, has ended, or is none."""

    code = "sharing.certificate_not_good"
    says = "This certificate cannot be used: it must be for this address, be valid now, and hold an RSA key. Nothing was kept."
    status = 422


class NoScanner(Refusal):
    """The site has set up no virus scanner: a file that a stranger may have sent is not given out."""

    code = "sharing.no_scanner"
    says = "No virus scanner is set up here, so files that come by mail are not given out. The file stays in the mailbox. Ask IT."
    status = 409


class ScannerAway(Unavailable):
    """The virus scanner does not answer, or could not look at the whole file."""

    code = "sharing.scanner_away"
    says = "The virus scanner did not look at this file, so it was not given out. Nothing was lost. Try again in some minutes."


class FileNotClean(Refusal):
    """The virus scanner found something in a file."""

    code = "sharing.file_not_clean"
    says = "The virus scanner found something in this file, so it was not given out. Do not fetch it from the mailbox. Tell IT."
    status = 409


class LetterPlacedAlready(Refusal):
    """Somebody filed it, or set it aside."""

    code = "sharing.letter_placed_already"
    says = "Somebody has dealt with this letter already. Look at the page again."
    status = 409


class NotYoursToPlace(Refusal):
    """The information governance lead deals with letters that nobody could place: they are about patients."""

    code = "sharing.not_yours_to_place"
    says = "Your account does not deal with these letters. The information governance lead does."
    status = 403
