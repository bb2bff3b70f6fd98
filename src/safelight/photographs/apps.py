from django.apps import AppConfig


class PhotographsApp(AppConfig):
    name = "safelight.photographs"
    label = "photographs"

    def ready(self) -> None:
        from safelight.photographs import subscriptions, tasks  # noqa: F401 - entered by being imported
