"""Addresses of opening a record by a reason, and of the IG lead's list of those."""

from django.urls import path

from safelight.access.web import views

app_name = "access"
urlpatterns = [
    path("access/<uuid:patient_id>/open/", views.open_record, name="open"),
    path("governance/break-glass/", views.opened_records, name="opened_records"),
    path("governance/break-glass/<uuid:relationship_id>/review/", views.review, name="review"),
]
