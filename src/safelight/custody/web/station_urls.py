"""Addresses of the station door."""

from django.urls import path, register_converter

from safelight.custody.web import frames, station


class DigestConverter:
    """64 hexadecimal digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DigestConverter, "digest")

app_name = "station"
urlpatterns = [
    path("enrol", station.enrol),
    path("hello", station.hello),
    path("cards", station.cards),
    path("frames", frames.frames),
    path("frames/<digest:digest>", frames.frame_ahead),
    path("imports/<uuid:import_id>", station.card_import),
    path("imports/<uuid:import_id>/frames/<digest:digest>", frames.frame),
    path("imports/<uuid:import_id>/frames/<digest:digest>/left", station.left),
    path("imports/<uuid:import_id>/receipt", station.receipt),
    path("imports/<uuid:import_id>/certificate", station.certificate),
]
