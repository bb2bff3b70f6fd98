from django.apps import AppConfig


class AccessApp(AppConfig):
    name = "safelight.access"
    label = "access"
