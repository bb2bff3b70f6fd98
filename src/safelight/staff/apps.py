from django.apps import AppConfig


class StaffApp(AppConfig):
    name = "safelight.staff"
    label = "staff"
