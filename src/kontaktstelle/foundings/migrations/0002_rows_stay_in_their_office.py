"""What hangs on a row belongs to the same contact point as the row, on both databases (see `enquiries` 0002).

Remaking a table drops its triggers on SQLite: a later migration that alters one of these tables runs `create` again for it
(a test notices).
"""

from django.db import migrations

KEPT_TOGETHER = [
    ("founding", "helper_id", "foundings_starthelper"),
    ("founding", "group_id", "groups_group"),
    ("founding", "joined_id", "groups_group"),
    ("calltext", "founding_id", "foundings_founding"),
    ("outreach", "founding_id", "foundings_founding"),
    ("outreach", "text_id", "foundings_calltext"),
    ("foundingmeeting", "founding_id", "foundings_founding"),
    ("foundingmeeting", "venue_id", "groups_venue"),
    ("interest", "founding_id", "foundings_founding"),
    ("interest", "outreach_id", "foundings_outreach"),
    ("listconsent", "interest_id", "foundings_interest"),
    ("meetinginvitation", "interest_id", "foundings_interest"),
    ("meetinginvitation", "meeting_id", "foundings_foundingmeeting"),
]


def _names(model, column):
    return [f"{model}_{column}_on_{when}_stays" for when in ("insert", "update")]


def create(apps, schema_editor):
    for model, column, to in KEPT_TOGETHER:
        table, key = f"foundings_{model}", "bigint" if to == "groups_venue" else "uuid"
        for name, when in zip(_names(model, column), ("INSERT", f"UPDATE OF {column}, contact_point_id"), strict=True):
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW"
                    f" EXECUTE FUNCTION row_stays_in_its_office('{column}', '{to}', '{key}')"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN NEW.{column} IS NOT NULL AND NOT EXISTS"
                    f" (SELECT 1 FROM {to} WHERE id = NEW.{column} AND contact_point_id = NEW.contact_point_id)"
                    " BEGIN SELECT RAISE(ABORT, 'row of another contact point'); END"
                )


def drop(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for model, column, _ in KEPT_TOGETHER:
        for name in _names(model, column):
            schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON foundings_{model}" if postgresql else ""))


class Migration(migrations.Migration):
    dependencies = [("foundings", "0001_initial"), ("enquiries", "0005_office_periods")]
    operations = [migrations.RunPython(create, drop)]
