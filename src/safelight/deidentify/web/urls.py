"""Addresses of the cover editor."""

from django.urls import path

from safelight.deidentify.web import anonymous_views, bytes_views, desk_views, done_views, set_views, sign_off_views

app_name = "deidentify"
urlpatterns = [
    path("cover/", set_views.cover_set, name="set"),
    path("cover/done/", done_views.covered, name="covered"),
    path("cover/done/copies/", done_views.copies, name="copies"),
    path("photos/<uuid:photograph_id>/cover/", set_views.cover, name="cover"),
    path("photos/<uuid:photograph_id>/cover/found/", desk_views.found, name="found"),
    path("photos/<uuid:photograph_id>/cover/keep/", desk_views.keep, name="keep"),
    path("photos/<uuid:photograph_id>/cover/aside/", desk_views.aside, name="aside"),
    path("photos/<uuid:photograph_id>/cover/open/", desk_views.open_again, name="open_again"),
    path("photos/<uuid:photograph_id>/cover/not/", desk_views.reject, name="reject"),
    path("photos/<uuid:photograph_id>/cover/anonymous/", anonymous_views.anonymous, name="anonymous"),
    path("photos/<uuid:photograph_id>/cover/sign-off/", sign_off_views.sign_off, name="sign_off"),
    path("photos/<uuid:photograph_id>/cover/file/<slug:size>", bytes_views.file, name="file"),
]
