from django.db import migrations

from safelight.audit.guards import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("custody", "0004_others_say_which_bytes")]
    operations = [guard("custody_frame", "custody_import", "custody_place", "custody_card", "custody_camera", "custody_checkout")]
