from django.apps import AppConfig


class IntakeApp(AppConfig):
    name = "safelight.intake"
    label = "intake"

    def ready(self) -> None:
        from safelight.intake import subscriptions, tasks  # noqa: F401 - entered by being imported
