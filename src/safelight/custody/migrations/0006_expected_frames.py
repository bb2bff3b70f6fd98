import django.db.models.deletion
from django.db import migrations, models

from safelight.audit.guards import guard


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0002_guards"),
        ("custody", "0005_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Expected",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("expected_at", models.DateTimeField()),
                ("frame", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="custody.frame")),
                ("station", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="custody.station")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("station", "frame"), name="custody_expected_once")],
            },
        ),
        guard("custody_expected"),
    ]
