"""Addresses of what needs a person."""

from django.urls import path

from safelight.outbox.web import views

app_name = "outbox"
urlpatterns = [
    path("needs-a-person/", views.needs_a_person, name="stuck"),
    path("needs-a-person/again/", views.again, name="again"),
    path("needs-a-person/<uuid:stuck_id>/give-up/", views.give_up_page, name="give_up"),
]
