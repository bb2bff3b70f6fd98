import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('photographs', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='permit',
            name='patient',
            field=models.UUIDField(default=uuid.UUID(int=0)),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='permit',
            constraint=models.CheckConstraint(condition=models.Q(('sign_in', ''), _negated=True), name='photographs_permit_of_a_sign_in'),
        ),
        migrations.AddConstraint(
            model_name='permit',
            constraint=models.CheckConstraint(condition=models.Q(('rendition__in', ['thumb', 'preview', 'full'])), name='photographs_permit_rendition'),
        ),
    ]
