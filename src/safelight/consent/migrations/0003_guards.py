from django.db import migrations

from safelight.audit.guards import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("consent", "0002_state_and_still_the_same")]
    operations = [guard("consent_consent", "consent_answer", "consent_consentowed")]
