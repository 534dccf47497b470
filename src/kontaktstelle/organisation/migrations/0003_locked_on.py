"""Since when an account is locked: its name goes half a year later. What is locked already counts from today."""

from django.db import migrations, models
from django.utils import timezone


def count_from_today(apps, schema_editor):
    apps.get_model("organisation", "Staff").objects.filter(is_active=False).update(locked_on=timezone.localdate())


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0002_delicatestep_invitation_post'),
    ]

    operations = [
        migrations.AddField(
            model_name='staff',
            name='locked_on',
            field=models.DateField(blank=True, null=True, verbose_name='gesperrt am'),
        ),
        migrations.RunPython(count_from_today, migrations.RunPython.noop),
    ]
