"""The page of the demonstration: codes to sign in with, wristbands to scan, the invented camera and its card.

Open to everybody on this machine: the address listens on loopback only.
"""

from dataclasses import dataclass
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from safelight.config.demo import elsewhere
from safelight.config.demo.camera import PHONE, DemoCamera
from safelight.config.demo.colleagues import ELSEWHERE
from safelight.config.demo.hospital import ACCOUNTS, CAMERA, PASSWORD, PATIENTS, Account, code_app_secrets, wristband
from safelight.kernel import clock
from safelight.photographs.models import Slate
from safelight.photographs.pictures.drawn import Lesion, Subject, Tone, View
from safelight.staff.factors import PERIOD
from safelight.staff.web.door import open_to_all

VIEWS = (View.OVERVIEW, View.REGIONAL, View.CLOSE_UP)


@dataclass(frozen=True, slots=True)
class Shown:
    """An account and what its code app shows now."""

    account: Account
    code: str


@open_to_all
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """What there is to try, in order."""
    shown = {
        "password": PASSWORD,
        "patients": [(who, wristband(who), ward) for who, ward in PATIENTS],
        "camera": CAMERA,
        "on_card": len(list(_camera().card.glob("DCIM/*/*"))),
        "in_reader": any(_reader().glob("DCIM/*/*")),
        "pages": elsewhere.pages(),
        "elsewhere": f"dr.jones@{ELSEWHERE}",
        "notices": messages.get_messages(request),
        **_codes(),
    }
    return render(request, "config/demo.jinja", shown, using="jinja")


@open_to_all
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes every half minute."""
    return render(request, "config/demo_codes.jinja", _codes(), using="jinja")


@open_to_all
@require_POST
def shoot(request: HttpRequest) -> HttpResponse:
    """Photograph: the slate that was shown last and then the patient, the patient without a slate, or with a telephone."""
    how = request.POST.get("how", "")
    slate = Slate.objects.select_related("visit").order_by("-shown_at").first()
    if how == "slate" and slate is None:
        messages.error(request, "There is no slate yet. Record a consent first: the slate comes after it.")
        return redirect("demo:demo")
    at = clock.now()
    subject = Subject(seed=slate.visit.opened_at.minute if slate else 1, tone=list(Tone)[at.second % 4], lesion=list(Lesion)[at.minute % 4])
    if how == "slate" and slate is not None:
        _camera().sitting(slate.code, subject, VIEWS, at=at)
    elif how == "phone":
        DemoCamera(_camera().card, body=PHONE).photo(subject, View.CLOSE_UP, at=at)
    else:
        _camera().photo(subject, View.OVERVIEW, at=at)
    messages.success(request, "Click. The photos are on the card in the camera.")
    return redirect("demo:demo")


@open_to_all
@require_POST
def insert(request: HttpRequest) -> HttpResponse:
    """Take the card out of the camera and put it into the reader."""
    taken, there = _camera().card / "DCIM", _reader() / "DCIM"
    if not taken.is_dir():
        messages.error(request, "The card is empty. Take photos first.")
    elif any(there.glob("*/*")):
        messages.error(request, "There is a card in the reader. Wait until it may come out.")
    else:
        _reader().mkdir(exist_ok=True)
        if there.is_dir():
            there.rmdir()
        taken.replace(there)
        messages.success(request, "The card is in the reader. Watch it under Import.")
    return redirect("demo:demo")


def _codes() -> dict[str, object]:
    now = int(clock.now().timestamp())
    secrets_of = code_app_secrets(Path(settings.SAFELIGHT_LEDGER_KEY).parent)
    shown = [Shown(account, format_hotp_value(hotp_value(secrets_of[account.username], now // PERIOD))) for account in ACCOUNTS]
    return {"accounts": shown, "seconds": PERIOD - now % PERIOD}


def _camera() -> DemoCamera:
    return DemoCamera(Path(settings.SAFELIGHT_DATA).parent / "camera")


def _reader() -> Path:
    return Path(settings.SAFELIGHT_DATA).parent / "reader"


app_name = "demo"
urlpatterns: list[URLPattern] = [
    path("demo/", demo, name="demo"),
    path("demo/codes/", codes, name="codes"),
    path("demo/shoot/", shoot, name="shoot"),
    path("demo/insert/", insert, name="insert"),
    path("demo/mailbox/", elsewhere.mailbox, name="mailbox"),
    path("demo/pager/", elsewhere.pager, name="pager"),
]
