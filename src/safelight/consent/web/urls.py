"""Addresses of consents."""

from django.urls import URLPattern, path

from safelight.consent.web import publication, texts, views

app_name = "consent"
urlpatterns: list[URLPattern] = [
    path("consents/new/", views.new, name="new"),
    path("consents/owed/", views.owed, name="owed"),
    path("consents/words/", texts.words, name="words"),
    path("consents/<uuid:consent_id>/", views.consent, name="consent"),
    path("consents/<uuid:consent_id>/withdraw/", views.withdraw, name="withdraw"),
    path("consents/<uuid:consent_id>/publication/", publication.publication, name="publication"),
    path("consents/<uuid:consent_id>/copy/", views.copy, name="copy"),
]
