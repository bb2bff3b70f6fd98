from django.db import migrations

from safelight.audit.guards import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("consent", "0004_publication")]
    operations = [guard("consent_publication")]
