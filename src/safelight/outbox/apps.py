from django.apps import AppConfig


class OutboxApp(AppConfig):
    name = "safelight.outbox"
    label = "outbox"

    def ready(self) -> None:
        from safelight.outbox import tasks  # noqa: F401 - entered by being imported
