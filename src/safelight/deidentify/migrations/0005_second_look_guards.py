from django.db import migrations

from safelight.audit.guards import guard
from safelight.deidentify.guards import install_guards_of_second_looks


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("deidentify", "0004_copies_looked_at_while_they_were_signed")]
    operations = [install_guards_of_second_looks(), guard("deidentify_secondlook")]
