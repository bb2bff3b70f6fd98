from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "safelight.config"
    label = "config"

    def ready(self) -> None:
        from safelight.config import checks, tasks  # noqa: F401 - entered by being imported
