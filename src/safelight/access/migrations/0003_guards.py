from django.db import migrations

from safelight.audit.guards import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("access", "0002_carerelationship_verdict_and_more")]
    operations = [guard("access_carerelationship")]
