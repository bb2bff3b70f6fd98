from django.apps import AppConfig


class PatientsApp(AppConfig):
    name = "safelight.patients"
    label = "patients"
