from django.db import migrations

from safelight.audit.guards import guard
from safelight.deidentify.guards import install_guards_of_recalls


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("deidentify", "0006_recalls")]
    operations = [install_guards_of_recalls(), guard("deidentify_recall")]
