"""The full text table: FTS5 on SQLite, tsvector with GIN on PostgreSQL."""

from django.db import migrations

from kontaktstelle.directory import fulltext


def create(apps, schema_editor):
    for statement in fulltext.CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {fulltext.TABLE}")


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
