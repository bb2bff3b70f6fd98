from django.db import migrations

from safelight.audit.guards import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("photographs", "0003_chaperone_and_purpose")]
    operations = [guard("photographs_photograph", "photographs_visit", "photographs_slate", "photographs_tombstone")]
