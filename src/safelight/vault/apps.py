from django.apps import AppConfig


class VaultApp(AppConfig):
    name = "safelight.vault"
    label = "vault"
