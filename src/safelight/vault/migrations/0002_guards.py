from django.db import migrations

from safelight.audit.guards import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("vault", "0001_initial")]
    operations = [guard("vault_storedobject")]
