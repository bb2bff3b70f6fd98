from django.apps import AppConfig


class ConsentApp(AppConfig):
    name = "safelight.consent"
    label = "consent"
