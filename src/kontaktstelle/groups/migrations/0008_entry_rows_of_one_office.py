"""What is decided, agreed and ended about a group belongs to the same contact point as the group, on both databases."""

from django.db import migrations

from kontaktstelle.privacy import one_office

KEPT_TOGETHER = [
    ("groups_entrydecision", "group_id", "groups_group"),
    ("groups_contactconsent", "group_id", "groups_group"),
    ("groups_contactconsent", "person_id", "groups_contactperson"),
    ("groups_farewell", "group_id", "groups_group"),
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
    dependencies = [("groups", "0007_entry_consent_farewell")]
    operations = [migrations.RunPython(create, drop)]
