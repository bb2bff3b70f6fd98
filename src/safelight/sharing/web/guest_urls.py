"""Addresses of the guest door. It has none that staff use, and imports no page of theirs."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from safelight.sharing.web import guest_views


class PublicId(StringConverter):
    """The short random name of a question in notices and letters."""

    regex = "[A-Za-z0-9_-]{4,16}"


register_converter(PublicId, "public_id")

app_name = "guests"
urlpatterns = [
    path("<public_id:public_id>/", guest_views.arrive, name="arrive"),
    path("<public_id:public_id>/link/", guest_views.show_link, name="show_link"),
    path("<public_id:public_id>/code/", guest_views.code, name="code"),
    path("<public_id:public_id>/open/", guest_views.open_it, name="open"),
    path("<public_id:public_id>/question/", guest_views.question, name="question"),
    path("<public_id:public_id>/state/", guest_views.state, name="state"),
    path("<public_id:public_id>/photos/<uuid:item_id>/", guest_views.photo, name="photo"),
    path("<public_id:public_id>/answer/", guest_views.answer, name="answer"),
]
