"""What the site knows of an enquiry; like all that hangs on one, it belongs to the same contact point (0002)."""
import django.db.models.deletion
import django.db.models.manager
import uuid
from django.db import migrations, models


KEPT_TOGETHER = [("enquiry_id", "enquiries_enquiry"), ("group_id", "groups_group")]


def create(apps, schema_editor):
    for column, to in KEPT_TOGETHER:
        for event, when in (("insert", "INSERT"), ("update", f"UPDATE OF {column}, contact_point_id")):
            name = f"intake_{column}_on_{event}_stays"
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {when} ON enquiries_intake FOR EACH ROW"
                    f" EXECUTE FUNCTION row_stays_in_its_office('{column}', '{to}', 'uuid')"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {when} ON enquiries_intake WHEN NEW.{column} IS NOT NULL AND NOT EXISTS"
                    f" (SELECT 1 FROM {to} WHERE id = NEW.{column} AND contact_point_id = NEW.contact_point_id)"
                    " BEGIN SELECT RAISE(ABORT, 'row of another contact point'); END"
                )


def drop(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for column, _ in KEPT_TOGETHER:
        for event in ("insert", "update"):
            schema_editor.execute(
                f"DROP TRIGGER intake_{column}_on_{event}_stays" + (" ON enquiries_intake" if postgresql else "")
            )


class Migration(migrations.Migration):

    dependencies = [
        ('enquiries', '0002_rows_stay_in_their_office'),
        ('groups', '0001_initial'),
        ('organisation', '0002_delicatestep_invitation_post'),
    ]

    operations = [
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('may_pass_on', models.BooleanField(default=False, verbose_name='darf mit der Gruppe besprochen werden')),
                ('at', models.DateTimeField(verbose_name='eingegangen')),
                ('text_mac', models.CharField(blank=True, db_index=True, max_length=32, verbose_name='Kennung des Textes')),
                ('suspect_for', models.JSONField(blank=True, default=list, verbose_name='verdächtig wegen')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='durchgesehen')),
                ('is_advertising', models.BooleanField(default=False, verbose_name='als Werbung beiseite gelegt')),
                ('contact_point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.contactpoint', verbose_name='Kontaktstelle')),
                ('enquiry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='enquiries.enquiry')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='groups.group')),
            ],
            options={
                'verbose_name': 'Eingang',
                'verbose_name_plural': 'Eingänge',
                'base_manager_name': 'unscoped',
                'indexes': [models.Index(condition=models.Q(('decided_at__isnull', True)), fields=['contact_point', 'at'], name='intake_to_look_through')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunPython(create, drop),
    ]
