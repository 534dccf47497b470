"""What hangs on a row belongs to the same contact point as the row, on both databases.

A foreign key alone would let a referral lead to a group of another office. Remaking a table drops its triggers on SQLite:
a later migration that alters one of these tables runs `create` again for it (a test notices).
"""

from django.db import migrations

KEPT_TOGETHER = [
    ("contact", "site_id", "organisation_site"),
    ("contact", "enquiry_id", "enquiries_enquiry"),
    ("note", "enquiry_id", "enquiries_enquiry"),
    ("note", "beside_id", "enquiries_note"),
    ("callback", "contact_id", "enquiries_contact"),
    ("callback", "enquiry_id", "enquiries_enquiry"),
    ("clearing", "enquiry_id", "enquiries_enquiry"),
    ("referral", "enquiry_id", "enquiries_enquiry"),
    ("referral", "group_id", "groups_group"),
    ("consent", "referral_id", "enquiries_referral"),
    ("arrangement", "group_id", "groups_group"),
]
FUNCTION = """
CREATE FUNCTION row_stays_in_its_office() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text := to_jsonb(NEW) ->> TG_ARGV[0]; fits boolean;
BEGIN
    IF held IS NULL THEN RETURN NEW; END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id = $1::%s AND contact_point_id = $2)', TG_ARGV[1], TG_ARGV[2])
        INTO fits USING held, NEW.contact_point_id;
    IF NOT fits THEN RAISE EXCEPTION 'row of another contact point' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN NEW;
END $$
"""


def _names(model, column):
    return [f"{model}_{column}_on_{when}_stays" for when in ("insert", "update")]


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)
    for model, column, to in KEPT_TOGETHER:
        table, key = f"enquiries_{model}", "bigint" if to == "organisation_site" else "uuid"
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
            schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON enquiries_{model}" if postgresql else ""))
    if postgresql:
        schema_editor.execute("DROP FUNCTION row_stays_in_its_office")


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
