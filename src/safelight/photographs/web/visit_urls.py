"""Addresses of visits and slates."""

from django.urls import URLPattern, path

from safelight.photographs.web import exempt, slates, view_sets, visits

urlpatterns: list[URLPattern] = [
    path("visits/new/", visits.new, name="new_visit"),
    path("visits/new/without-consent/", exempt.new, name="new_exempt_visit"),
    path("visits/<uuid:visit_id>/views/", view_sets.name, name="name_views"),
    path("settings/views/", view_sets.view_sets, name="view_sets"),
    path("visits/<uuid:visit_id>/slate/", slates.slate, name="slate"),
    path("visits/<uuid:visit_id>/slate/part/", slates.part, name="slate_part"),
    path("visits/<uuid:visit_id>/slate/paper/", slates.paper, name="paper_slate"),
    path("slates/end/", slates.end, name="end_slate"),
    path("slates/end/<slug:symbol>.svg", slates.end_symbol, name="end_symbol"),
    path("slates/<uuid:slate_id>/<slug:symbol>.svg", slates.symbol, name="symbol"),
]
