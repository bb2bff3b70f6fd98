"""Addresses of notices."""

from django.urls import path

from safelight.sharing.web import gateway_views, notice_views

app_name = "notices"
urlpatterns = [
    path("me/notices/", notice_views.my_notices, name="mine"),
    path("me/notices/browser/", notice_views.add_push, name="add_push"),
    path("me/notices/gateway/", gateway_views.my_gateway, name="my_gateway"),
    path("me/notices/mail/test/", notice_views.test_mail, name="test_mail"),
    path("notices/<uuid:channel_id>/test/", notice_views.test, name="test"),
    path("notices/<uuid:channel_id>/remove/", notice_views.remove, name="remove"),
    path("teams/<uuid:team_id>/notices/", gateway_views.team_notices, name="team"),
    path("notices-worker.js", notice_views.worker, name="worker"),
]
