"""Channels, their messages and the code of a seeker belong to the same contact point as the enquiry they are about (0002).

`relay` knows only opaque numbers of what lies above it, so this app guards them.
"""

from django.db import migrations

KEPT_TOGETHER = [
    ("relay_channel", "about", "enquiries_enquiry"),
    ("relay_channel", "referral", "enquiries_referral"),
    ("relay_message", "channel_id", "relay_channel"),
    ("relay_receiptcode", "about", "enquiries_enquiry"),
    ("enquiries_referral", "channel", "relay_channel"),
]


def _names(table, column):
    return [f"{table}_{column}_on_{when}_stays" for when in ("insert", "update")]


def create(apps, schema_editor):
    for table, column, to in KEPT_TOGETHER:
        for name, when in zip(_names(table, column), ("INSERT", f"UPDATE OF {column}, contact_point_id"), strict=True):
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW"
                    f" EXECUTE FUNCTION row_stays_in_its_office('{column}', '{to}', 'uuid')"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN NEW.{column} IS NOT NULL AND NOT EXISTS"
                    f" (SELECT 1 FROM {to} WHERE id = NEW.{column} AND contact_point_id = NEW.contact_point_id)"
                    " BEGIN SELECT RAISE(ABORT, 'row of another contact point'); END"
                )


def drop(apps, schema_editor):
    for table, column, _ in KEPT_TOGETHER:
        for name in _names(table, column):
            postgresql = schema_editor.connection.vendor == "postgresql"
            schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0003_intake"), ("relay", "0002_channels")]
    operations = [migrations.RunPython(create, drop)]
