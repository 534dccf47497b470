"""What hangs on a row belongs to the same contact point as the row, on both databases."""

from django.db import migrations

from kontaktstelle.privacy import one_office

KEPT_TOGETHER = [
    ("support_supportentry", "group_id", "groups_group"),
    ("support_signsetaside", "group_id", "groups_group"),
    ("support_helperdate", "group_id", "groups_group"),
]


def create(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(one_office.FUNCTION, params=None)
    for table, column, to in KEPT_TOGETHER:
        for statement in one_office.put_up(vendor, table, column, to):
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    for table, column, _ in KEPT_TOGETHER:
        for statement in one_office.take_down(schema_editor.connection.vendor, table, column):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial"), ("groups", "__first__")]
    operations = [migrations.RunPython(create, drop)]
