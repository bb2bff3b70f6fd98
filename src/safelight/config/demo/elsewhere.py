"""What leaves the invented hospital ends here, on this machine: the mailbox of a colleague elsewhere, and the team's pager."""

import hmac
import json
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import urlize
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from safelight.config.demo.colleagues import PAGER_SECRET
from safelight.sharing.notices.webhook import signature
from safelight.staff.web.door import open_to_all

SHOWN = 20
LARGEST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as its reader sees it. `text` is HTML, escaped once, with its links."""

    to: str
    sender: str
    subject: str
    at: str
    text: SafeString
    attachments: tuple[str, ...]


@open_to_all
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every letter that went out, newest first: notices to staff, links and codes to colleagues elsewhere."""
    files = sorted(_mailbox().glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)[:SHOWN]
    return render(request, "config/demo_mailbox.jinja", {"letters": [_shown(file) for file in files]}, using="jinja")


@csrf_exempt
@open_to_all
@require_POST
def pager(request: HttpRequest) -> HttpResponse:
    """The gateway of the pager. It believes who knows the secret, as a real one would."""
    body = request.body
    said = dict(part.split("=", 1) for part in request.headers.get("safelight-signature", "").split(",") if "=" in part)
    expected = signature((_keys() / PAGER_SECRET).read_text(), said.get("t", ""), body)
    if len(body) > LARGEST_PAGE or not hmac.compare_digest(expected, said.get("v1", "")):
        return HttpResponse(status=403)
    with _pages().open("a") as out:
        out.write(json.dumps({"text": json.loads(body)["text"]}) + "\n")
    return HttpResponse(status=204)


def pages() -> list[str]:
    """What the pager showed, newest first."""
    file = _pages()
    lines = file.read_text().splitlines() if file.exists() else []
    return [str(json.loads(line)["text"]) for line in reversed(lines)][:5]


def _shown(file: Path) -> Shown:
    letter = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    body = letter.get_body(("plain",))
    return Shown(
        to=str(letter["to"]),
        sender=str(letter["from"]),
        subject=str(letter["subject"]),
        at=str(letter["date"]),
        text=SafeString(urlize(body.get_content() if body else "", autoescape=True)),
        attachments=tuple(part.get_filename() or "" for part in letter.iter_attachments()),
    )


def _mailbox() -> Path:
    return Path(settings.SAFELIGHT_DATA).parent / "mailbox"


def _pages() -> Path:
    return Path(settings.SAFELIGHT_DATA).parent / "pager.jsonl"


def _keys() -> Path:
    return Path(settings.SAFELIGHT_LEDGER_KEY).parent
