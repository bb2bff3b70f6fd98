import django.db.models.deletion
import safelight.custody.lifecycle
from django.conf import settings
from django.db import migrations, models

from safelight.audit.guards import guard


class Migration(migrations.Migration):

    dependencies = [
        ('custody', '0006_expected_frames'),
        ('audit', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('state', models.CharField(default=safelight.custody.lifecycle.DisposalState['ASKED'], max_length=8)),
                ('reason', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='frame',
            name='custody_frame_state',
        ),
        migrations.AddField(
            model_name='expected',
            name='ending',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='expected',
            name='volume',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='import',
            name='given_up',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddConstraint(
            model_name='frame',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['announced', 'received', 'verified', 'released', 'erased', 'left', 'damaged', 'disposed'])), name='custody_frame_state'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('given_up', ''), models.Q(('held', False), ('permitted_at', None)), _connector='OR'), name='custody_given_up_erases_nothing'),
        ),
        migrations.AddField(
            model_name='disposal',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='disposal',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='expected',
            name='disposal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='expected', to='custody.disposal'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'done', 'refused'])), name='custody_disposal_state'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('answered_by', models.F('asked_by')), _negated=True), _connector='OR'), name='custody_disposal_by_two'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'asked'), ('answered_by__isnull', False), _connector='OR'), name='custody_disposal_answered'),
        ),
        guard('custody_disposal'),
    ]
