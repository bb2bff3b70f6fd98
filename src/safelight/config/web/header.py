"""The header of every page, and what cannot wait above it."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from safelight.config.web import bar
from safelight.kernel.actor import Actor, ActorKind

MENU = (("Home", "/"), ("Opinions", "/opinions/"), ("Patients", "/patients/"), ("Cameras", "/cameras/"), ("Import", "/imports/"))


def header(request: HttpRequest) -> dict[str, object]:
    """Menu, name, lock and what is urgent for a person who is signed in; None for everybody else. Counted only where it is shown."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"header": None, "organisation": settings.SAFELIGHT_ORGANISATION}
    actor: Actor | None = getattr(request, "actor", None)
    signed_in = actor is not None and actor.kind is ActorKind.STAFF
    waiting = SimpleLazyObject(lambda: bar.waiting(actor)) if actor is not None and signed_in else 0
    return {
        "organisation": settings.SAFELIGHT_ORGANISATION,
        "bar": SimpleLazyObject(lambda: bar.urgent(actor)) if actor is not None and signed_in else None,
        "header": {
            "name": "Safelight",
            "home": "/",
            "user": user.name,
            "me": reverse("staff:me"),
            "lock": reverse("staff:lock"),
            "lock_seconds": getattr(request, "lock_seconds", settings.SAFELIGHT_LOCK_SECONDS),
            "here": reverse("staff:here"),
            "menu": [
                {
                    "text": text,
                    "href": href,
                    "current": _under(request.path, href),
                    "id": bar.COUNT if text == "Opinions" else "",
                    "count": waiting if text == "Opinions" else 0,
                }
                for text, href in MENU
            ],
        },
    }


def _under(path: str, href: str) -> bool:
    return path == href if href == "/" else path.startswith(href)
