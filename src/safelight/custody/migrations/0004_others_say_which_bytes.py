from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('custody', '0003_cameras_say_what_is_wrong'),
    ]

    operations = [
        migrations.AddField(
            model_name='leftover',
            name='digest',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
    ]
