from django.db import migrations

from safelight.audit.guards import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("deidentify", "0008_boxes_set_aside")]
    operations = [guard("deidentify_setaside")]
