from django.db import migrations

from safelight.audit.guards import guard
from safelight.deidentify.guards import install_guards


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("deidentify", "0001_initial")]
    operations = [
        install_guards(),
        guard(
            "deidentify_approval",
            "deidentify_coveredcopy",
            "deidentify_deskpermit",
            "deidentify_finding",
            "deidentify_look",
            "deidentify_signing",
            "deidentify_signoff",
        ),
    ]
