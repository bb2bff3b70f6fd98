from django.apps import AppConfig


class AuditApp(AppConfig):
    name = "safelight.audit"
    label = "audit"
