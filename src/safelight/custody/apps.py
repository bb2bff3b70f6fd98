from django.apps import AppConfig


class CustodyApp(AppConfig):
    name = "safelight.custody"
    label = "custody"

    def ready(self) -> None:
        from safelight.custody import subscriptions, tasks  # noqa: F401 - entered by being imported
