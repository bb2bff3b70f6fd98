"""What sharing asks of whoever carries letters out of the house."""

from dataclasses import dataclass
from typing import Protocol

from safelight.kernel.errors import Refusal, Unavailable


class CourierRefused(Refusal):
    """The letter was refused for good: sending it again would change nothing."""

    code = "sharing.courier_refused"
    says = "The mail server does not take this letter. Nobody has got it. Check the address, or ring."
    status = 409


class LetterTooLarge(CourierRefused):
    """The letter is larger than the mail server takes, counted as it travels: base64 makes a photo a third larger."""

    code = "sharing.letter_too_large"
    says = "The photos are too large for one letter. Nobody has got it. Send fewer, or send a link."


class NoCourier(CourierRefused):
    """The site has set up no mail."""

    code = "sharing.no_courier"
    says = "This hospital has set up no mail here. Nobody has been told. Ring instead."


class CourierAway(Unavailable):
    """The mail server does not answer, asks to wait, or does not let Safelight in. The letter waits."""

    code = "sharing.courier_away"
    says = "The mail server does not take letters just now. The letter waits and is tried again. Ring if it cannot wait."


class CourierNotTrusted(CourierAway):
    """The server is not the one that the settings name, or does not encrypt. Nothing was said to it."""

    code = "sharing.courier_not_trusted"
    says = "The mail server could not prove who it is, so nothing was sent to it. The letter waits. Tell the people who look after mail."


@dataclass(frozen=True, slots=True, repr=False)
class Attachment:
    """A file beside a letter's words. Its name is one of ours, never one that came in."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """A letter as it is meant, not as it travels.

    `secure` has the relay encrypt it on its way out; `reply_token` makes the address by which an answer finds its question;
    `certificates` (PEM, one for each of `to`) have it signed and encrypted here. A repr shows none of it.
    """

    to: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    secure: bool = False
    reply_token: str = ""
    certificates: tuple[bytes, ...] = ()


class Courier(Protocol):
    """Carries letters. Waits for a network: never inside an action."""

    def send(self, letter: Letter, *, message_id: str) -> None:
        """When this returns, the next server has the letter for every one of `to`. Raises otherwise, and then none was given it.

        `message_id` ("<...@...>") is the caller's, the same at every repeat, so that a double can be known as one. Raises
        Unavailable (a repeat is right) or CourierRefused (for good). The connection is encrypted and the server's name proved
        before anything is said that is not for everybody.
        """
