"""The trail refuses to be changed or deleted, on both databases."""

from django.db import migrations

TABLE = "privacy_trailentry"
CREATE = {
    "sqlite": [
        f"CREATE TRIGGER trail_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END",
        f"CREATE TRIGGER trail_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trail is append-only'; END $$",
        f"CREATE TRIGGER trail_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION trail_is_append_only()",
        f"CREATE TRIGGER trail_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER trail_no_update", "DROP TRIGGER trail_no_delete"],
    "postgresql": [f"DROP TRIGGER trail_no_change ON {TABLE}", f"DROP TRIGGER trail_no_truncate ON {TABLE}", "DROP FUNCTION trail_is_append_only"],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
