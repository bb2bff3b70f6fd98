from django.db import migrations

from safelight.audit.guards import install_ledger_guards


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [install_ledger_guards()]
