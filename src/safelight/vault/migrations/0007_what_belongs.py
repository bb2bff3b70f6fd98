from django.db import migrations, models

from safelight.audit.guards import guard


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0002_guards"),
        ("vault", "0006_sealed_bytes_are_proved_by_their_key"),
    ]

    operations = [
        migrations.CreateModel(
            name="Belonging",
            fields=[
                ("name", models.CharField(max_length=48, primary_key=True, serialize=False)),
                ("proof", models.BinaryField(max_length=256)),
                ("noted_at", models.DateTimeField()),
            ],
        ),
        guard("vault_belonging"),
    ]
