from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0007_cards_that_never_come_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="disposal",
            name="custody_disposal_state",
        ),
        migrations.RemoveConstraint(
            model_name="disposal",
            name="custody_disposal_answered",
        ),
        migrations.AddConstraint(
            model_name="disposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "done", "refused", "settled"])), name="custody_disposal_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="disposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "settled"]), ("answered_by__isnull", False), _connector="OR"),
                name="custody_disposal_answered",
            ),
        ),
    ]
