from django.apps import AppConfig


class DesignApp(AppConfig):
    name = "safelight.design"
    label = "design"

    def ready(self) -> None:
        from safelight.design import checks  # noqa: F401 - entered by being imported
