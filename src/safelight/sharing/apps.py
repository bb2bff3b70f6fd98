from django.apps import AppConfig


class SharingApp(AppConfig):
    name = "safelight.sharing"
    label = "sharing"

    def ready(self) -> None:
        from safelight.sharing import (  # noqa: F401 - entered by being imported
            mail_subscriptions,
            mail_tasks,
            notice_subscriptions,
            notice_tasks,
            subscriptions,
            tasks,
        )
