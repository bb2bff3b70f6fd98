"""Addresses of Home."""

from django.urls import path

from safelight.config.web import app, ask_team, bar, health, home, scan

app_name = "home"
urlpatterns = [
    path("", home.home, name="home"),
    path("app.webmanifest", app.manifest, name="manifest"),
    path("ask/of/<uuid:team_id>/", ask_team.about_whom, name="ask_team"),
    path("bar/", bar.part, name="bar"),
    path("health/", health.health, name="health"),
    path("health/work/", health.work, name="health_of_work"),
    path("scan/", scan.scan, name="scan"),
]
