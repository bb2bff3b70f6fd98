"""Addresses of the record."""

from django.urls import path

from safelight.photographs.web import bytes_views, compare_views, measure_views, moving_views, photo_views, record_views, which_site_views

urlpatterns = [
    path("patients/<uuid:patient_id>/", record_views.patient, name="patient"),
    path("patients/<uuid:patient_id>/who-looked/", record_views.who_looked, name="who_looked"),
    path("patients/<uuid:patient_id>/compare/", compare_views.compare, name="compare"),
    path("patients/<uuid:patient_id>/which-site/", which_site_views.which_site, name="which_site"),
    path("patients/<uuid:patient_id>/<slug:site>/", record_views.site, name="site"),
    path("photos/<uuid:photograph_id>/", photo_views.photo, name="photo"),
    path("photos/<uuid:photograph_id>/file/<slug:size>", bytes_views.file, name="file"),
    path("photos/<uuid:photograph_id>/site/", photo_views.correct_site, name="correct_site"),
    path("photos/<uuid:photograph_id>/measure/", measure_views.measure_in, name="measure"),
    path("photos/<uuid:photograph_id>/measure/remove/", measure_views.remove, name="remove_scale"),
    path("photos/<uuid:photograph_id>/original/", photo_views.original, name="original"),
    path("photos/<uuid:photograph_id>/move/", moving_views.whose, name="move"),
    path("photos/<uuid:photograph_id>/move/<uuid:patient_id>/", moving_views.move, name="move_to"),
]
