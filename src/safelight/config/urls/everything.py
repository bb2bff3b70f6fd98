"""All doors in one process: the embedded edition."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

_STAFF = ("staff", "patients", "access", "custody", "consent", "photographs", "intake", "deidentify", "sharing", "outbox")

urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("safelight.custody.web.station_urls"):  # first: a station asks for every photo
    urlpatterns.append(path("station/v1/", include("safelight.custody.web.station_urls")))
urlpatterns.append(path("", include("safelight.config.web.urls")))
urlpatterns += [path("", include(f"safelight.{name}.web.urls")) for name in _STAFF if find_spec(f"safelight.{name}.web.urls")]
urlpatterns.append(path("", include("safelight.sharing.web.notice_urls")))
urlpatterns.append(path("", include("safelight.sharing.web.mail_urls")))
# Guests have a map of their own, which leads to no page of staff; the second says where staff go on from a notice.
urlpatterns += [path("o/", include("safelight.sharing.web.guest_urls")), path("o/", include("safelight.sharing.web.arriving"))]

handler404 = "safelight.config.web.answers.not_found"
handler500 = "safelight.config.web.answers.fault"
