from django.db import migrations

from safelight.audit.guards import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards"), ("sharing", "0001_opinions")]
    operations = [
        guard(
            "sharing_opinion",
            "sharing_shareitem",
            "sharing_opening",
            "sharing_answer",
            "sharing_passing",
            "sharing_keptquestion",
            "sharing_emergencycall",
        )
    ]
