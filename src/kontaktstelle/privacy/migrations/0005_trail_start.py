"""The trail may lose its oldest lines: those up to where its start says it begins, and no others."""

from django.db import migrations, models

TABLE, START = "privacy_trailentry", "privacy_trailstart"
PASSED = f"SELECT 1 FROM {START} WHERE {START}.contact_point = OLD.contact_point AND {START}.number >= OLD.number"
CREATE = {
    "sqlite": [
        "DROP TRIGGER trail_no_delete",
        f"CREATE TRIGGER trail_no_delete BEFORE DELETE ON {TABLE} WHEN NOT EXISTS ({PASSED}) BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END",
    ],
    "postgresql": [
        f"DROP TRIGGER trail_no_change ON {TABLE}",
        f"CREATE TRIGGER trail_no_change BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION trail_is_append_only()",
        f"CREATE FUNCTION trail_keeps_what_counts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS ({PASSED}) THEN RETURN OLD; END IF; RAISE EXCEPTION 'trail is append-only'; END $$",
        f"CREATE TRIGGER trail_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION trail_keeps_what_counts()",
    ],
}
DROP = {
    "sqlite": [
        "DROP TRIGGER trail_no_delete",
        f"CREATE TRIGGER trail_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END",
    ],
    "postgresql": [
        f"DROP TRIGGER trail_no_delete ON {TABLE}",
        "DROP FUNCTION trail_keeps_what_counts",
        f"DROP TRIGGER trail_no_change ON {TABLE}",
        f"CREATE TRIGGER trail_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION trail_is_append_only()",
    ],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0004_restriction")]
    operations = [
        migrations.CreateModel(
            name="TrailStart",
            fields=[
                ("contact_point", models.PositiveBigIntegerField(help_text="Nummer der Kontaktstelle; 0 für die ganze Einrichtung", primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField(help_text="letzte Zeile, die nicht mehr da ist")),
                ("last_mac", models.CharField(help_text="ihr HMAC: daran hängt die erste, die noch da ist", max_length=64)),
                ("mac", models.CharField(help_text="HMAC über diese Zeile", max_length=64)),
            ],
            options={"verbose_name": "Anfang des Zugriffsprotokolls", "verbose_name_plural": "Anfänge des Zugriffsprotokolls"},
        ),
        migrations.RunPython(create, drop),
    ]
