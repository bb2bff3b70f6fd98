from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_guards'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='about',
            index=models.Index(fields=['patient', '-entry'], name='audit_about_latest'),
        ),
    ]
