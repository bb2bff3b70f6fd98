"""Addresses of patients. A patient is named by the pseudonym; `/patients/<uuid>/` is the record's."""

from django.urls import path

from safelight.patients.web import merging, views

app_name = "patients"
urlpatterns = [
    path("patients/", views.patients, name="list"),
    path("patients/new/", views.new, name="new"),
    path("patients/bring-in/", views.bring_in, name="bring_in"),
    path("patients/bring-in/template/", views.template, name="template"),
    path("patients/<uuid:patient_id>/change/", views.change, name="change"),
    path("patients/<uuid:patient_id>/confirm/", views.confirm, name="confirm"),
    path("patients/<uuid:patient_id>/same-as/", merging.who_else, name="who_else"),
    path("patients/<uuid:patient_id>/same-as/<uuid:into_id>/", merging.merge, name="merge"),
    path("patients/<uuid:patient_id>/own-again/", merging.undo, name="undo"),
]
