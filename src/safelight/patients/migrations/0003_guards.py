from django.db import migrations

from safelight.audit.guards import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("patients", "0002_patient_revision_alter_patient_source_revision")]
    operations = [guard("patients_patient")]
