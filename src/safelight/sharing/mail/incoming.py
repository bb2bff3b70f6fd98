"""What a letter that came in is: pure, over bytes that nobody trusts.

Rules that hold here, in this order:
1. Whatever says Auto-Submitted other than "no" is never an answer. A delivery report about one of our letters is known by the tag
   in the address it came back to.
2. The token in the plus address names the question.
3. Else In-Reply-To or References names a letter of ours.
4. Neither: a person says. The subject never says which question it is.
5. What only looks as if a machine had written it goes to a person: nobody's answer is thrown away, and no machine's is filed.
6. One sender, whose whole domain is the one that was asked; otherwise a person says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.utils import getaddresses
from hashlib import sha256

from safelight.sharing.mail import untrusted
from safelight.sharing.mail.addresses import Address, NotAnAddress, address

LONGEST_ANSWER = 4000
LARGEST = 40 * 2**20
_TAG = re.compile(r"\+([a-z0-9]{24,25})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,200}>")
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,5})$")
_AWAY = re.compile(r"\s*(automatic reply|auto(matic)?[ -]?(reply|response)|out of (the )?office)\b", re.IGNORECASE)
_AWAY_HEADERS = ("X-Autorespond", "X-Autoreply-From", "X-Mail-Autoreply")
_TO_HEADERS = ("Delivered-To", "X-Original-To", "To", "Cc")


@dataclass(frozen=True, slots=True, repr=False)
class Came:
    """What is known of a letter before anything is looked up."""

    identity: str
    automatic: bool
    doubtful: bool
    report: bool
    sender: Address | None
    tags: tuple[str, ...]
    answers_to: tuple[str, ...]
    signed: bool
    encrypted: bool
    words: str
    attachments: int


@dataclass(frozen=True, slots=True, repr=False)
class File:
    """A file that came with a letter. Its name is not kept: it may name a patient, or run. `ending` is of letters and digits."""

    ending: str
    data: bytes


def files(raw: bytes) -> list[File]:
    """What is attached, in the order in which `read` counts it. A part that cannot be decoded is there, and empty."""
    letter = untrusted.parsed(raw)
    try:
        return [_file(part) for part in _attached(letter)]
    except untrusted.UNREADABLE:
        return []


def read(raw: bytes) -> Came:
    """Read a letter. Never raises: what cannot be read has no sender and no words, and so goes to a person."""
    letter = untrusted.parsed(raw)
    try:
        words, attachments = _words(letter)
    except untrusted.UNREADABLE:
        words, attachments = "", 0
    kind = letter.get_content_type()
    return Came(
        identity=_identity(raw, _header(letter, "Message-ID")),
        automatic=_automatic(letter),
        doubtful=_doubtful(letter),
        report=kind == "multipart/report",
        sender=_sender(letter),
        tags=tuple(dict.fromkeys(tag.lower() for value in _values(letter, _TO_HEADERS) for tag in _TAG.findall(value))),
        answers_to=tuple(
            dict.fromkeys(each for value in _values(letter, ("In-Reply-To", "References")) for each in _MESSAGE_ID.findall(value))
        ),
        signed=kind == "multipart/signed" or _param(letter, "smime-type") == "signed-data",
        encrypted=kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"} and _param(letter, "smime-type") != "signed-data",
        words=words,
        attachments=attachments,
    )


def answer_in(words: str, *, above: str) -> str:
    """What somebody wrote above our letter, when they left it standing below; quoted lines at the end go too."""
    lines = words.replace("\r\n", "\n").split("\n")
    cut = next((number for number, line in enumerate(lines) if above in line), None)
    kept = lines if cut is None else lines[:cut]
    while kept and (not kept[-1].strip() or kept[-1].lstrip().startswith(">") or _introduces(kept[-1], cut)):
        kept.pop()
    return "\n".join(kept).strip()[:LONGEST_ANSWER]


def _introduces(line: str, cut: int | None) -> bool:
    """Whether a line is what mail programs put above a letter that is answered: "On 24 Nov 2026 Safelight wrote:"."""
    return cut is not None and line.rstrip().endswith((":", "wrote:")) and ("wrote" in line or "@" in line)


def _automatic(letter: Message) -> bool:
    said = _header(letter, "Auto-Submitted").split(";")[0].strip().lower()
    precedence = _header(letter, "Precedence").strip().lower()
    return said not in {"", "no"} or precedence in {"bulk", "junk", "auto_reply"} or bool(_header(letter, "X-Autoreply"))


def _doubtful(letter: Message) -> bool:
    """Signs of machines that people's programs may set as well. Nobody's own letter comes from an empty return path."""
    nowhere = any(value.strip() == "<>" for value in _values(letter, ("Return-Path",)))
    suppresses = _header(letter, "X-Auto-Response-Suppress").strip().lower() == "all"
    return nowhere or suppresses or bool(_AWAY.match(_header(letter, "Subject"))) or any(map(letter.__contains__, _AWAY_HEADERS))


def _sender(letter: Message) -> Address | None:
    """The one sender. None where there is none, or more than one, or where it is no address."""
    found = getaddresses(_values(letter, ("From",)))
    if len(found) != 1:
        return None
    try:
        return address(found[0][1])
    except NotAnAddress:
        return None


def _words(letter: EmailMessage) -> tuple[str, int]:
    body = letter.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    return "".join(each for each in text if each in "\n\t\r" or each.isprintable()), len(_attached(letter))


def _attached(letter: EmailMessage) -> list[Message]:
    body = letter.get_body(("plain",))
    return [part for part in letter.walk() if not part.is_multipart() and part is not body and _is_file(part)]


def _file(part: Message) -> File:
    payload = part.get_payload(decode=True)
    ending = _ENDING.search(part.get_filename() or "")
    return File(ending.group(1).lower() if ending else "bin", payload if isinstance(payload, bytes) else b"")


def _is_file(part: Message) -> bool:
    kind = part.get_content_type()
    return kind not in {"text/html", "text/plain", "application/pkcs7-signature", "application/x-pkcs7-signature"} or bool(
        part.get_filename()
    )


def _identity(raw: bytes, message_id: str) -> str:
    """By what a letter that comes twice is known: its Message-ID and what it says, not the stamps of its way."""
    _, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    return sha256(message_id.strip().encode(errors="replace") + b"|" + sha256(body).digest()).hexdigest()


def _values(letter: Message, names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in _every(letter, name)]


def _every(letter: Message, name: str) -> Iterator[str]:
    """Every header of a name, as text; one that cannot be read is left out."""
    for key, value in letter.raw_items():
        if key.lower() == name.lower():
            yield str(value).replace("\r", " ").replace("\n", " ")


def _header(letter: Message, name: str) -> str:
    return next(_every(letter, name), "")


def _param(letter: Message, name: str) -> str:
    found = letter.get_param(name)
    return found.lower() if isinstance(found, str) else ""
