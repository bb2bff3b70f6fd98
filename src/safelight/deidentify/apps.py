from django.apps import AppConfig


class DeidentifyApp(AppConfig):
    name = "safelight.deidentify"
    label = "deidentify"

    def ready(self) -> None:
        from safelight.deidentify import checks, subscriptions, tasks  # noqa: F401 - entered by being imported
