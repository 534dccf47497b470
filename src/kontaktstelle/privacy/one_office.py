"""SQL by which the database itself keeps a row and what it hangs on at the same contact point, for migrations.

A foreign key alone would let a row of one office lead to a row of another. Remaking a table drops its triggers on SQLite: a
later migration that alters one of these tables puts them up again.
"""

FUNCTION = """
CREATE OR REPLACE FUNCTION row_stays_with_its_office() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text := to_jsonb(NEW) ->> TG_ARGV[0]; fits boolean;
BEGIN
    IF held IS NULL THEN RETURN NEW; END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id = $1::uuid AND contact_point_id = $2)', TG_ARGV[1])
        INTO fits USING held, NEW.contact_point_id;
    IF NOT fits THEN RAISE EXCEPTION 'row of another contact point' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN NEW;
END $$
"""


def put_up(vendor: str, table: str, column: str, to: str) -> list[str]:
    """Return the statements that keep a table's rows with what `column` leads to (a table with UUID keys).

    Args:
        vendor: of the database, as Django names it.
        table: whose rows.
        column: the key in them.
        to: the table it leads to.
    """
    statements = []
    for name, when in _names(table, column):
        if vendor == "postgresql":
            statements.append(
                f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW"
                f" EXECUTE FUNCTION row_stays_with_its_office('{column}', '{to}')"
            )
        else:
            statements.append(
                f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN NEW.{column} IS NOT NULL AND NOT EXISTS"  # noqa: S608 - names of our own tables
                f" (SELECT 1 FROM {to} WHERE id = NEW.{column} AND contact_point_id = NEW.contact_point_id)"
                " BEGIN SELECT RAISE(ABORT, 'row of another contact point'); END"
            )
    return statements


def take_down(vendor: str, table: str, column: str) -> list[str]:
    """Return the statements that undo `put_up`."""
    on = f" ON {table}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER {name}{on}" for name, _ in _names(table, column)]


def _names(table: str, column: str) -> list[tuple[str, str]]:
    return [
        (f"{table}_{column}_insert_stays", "INSERT"),
        (f"{table}_{column}_update_stays", f"UPDATE OF {column}, contact_point_id"),
    ]
