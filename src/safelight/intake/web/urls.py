"""Addresses of imports and of the tray. Photos are named by the id of their frame, patients by their pseudonym."""

from django.urls import path

from safelight.intake.web import import_views, tray_views

app_name = "intake"
urlpatterns = [
    path("imports/", import_views.imports, name="imports"),
    path("imports/newest/", import_views.newest, name="newest"),
    path("imports/<uuid:import_id>/", import_views.one, name="import"),
    path("imports/<uuid:import_id>/progress/", import_views.progress, name="progress"),
    path("imports/<uuid:import_id>/sort/", tray_views.sort, name="tray"),
    path("imports/<uuid:import_id>/sort/find/", tray_views.find, name="find"),
    path("imports/<uuid:import_id>/sort/aside/", tray_views.aside, name="aside"),
    path("imports/<uuid:import_id>/sort/back/", tray_views.back, name="back"),
    path("imports/<uuid:import_id>/sort/to/<uuid:patient_id>/", tray_views.to_patient, name="to_patient"),
    path("tray/", tray_views.waiting, name="waiting"),
    path("tray/frames/<uuid:frame_id>/", tray_views.frame, name="frame"),
    path("tray/frames/<uuid:frame_id>/thumb", tray_views.thumb, name="thumb"),
    path("tray/frames/<uuid:frame_id>/preview", tray_views.preview, name="preview"),
]
