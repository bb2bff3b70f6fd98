from django.apps import AppConfig


class OutboxApp(AppConfig):
    name = "safelight.outbox"
    label = "outbox"
