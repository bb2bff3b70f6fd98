from django.db import migrations

from safelight.audit.guards import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("sharing", "0004_mail")]
    operations = [
        guard(
            "sharing_guest",
            "sharing_guestcode",
            "sharing_guestbrowser",
            "sharing_accreditedlist",
            "sharing_accrediteddomain",
            "sharing_mailcertificate",
            "sharing_posting",
            "sharing_arrivedletter",
        )
    ]
