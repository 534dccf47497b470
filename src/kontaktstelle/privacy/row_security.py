"""Row-level security: on PostgreSQL the database itself refuses the rows of another contact point.

Every table of a tenant gets the same policy, for its owner too (`FORCE`), after every run of the migrations: a new table
is behind the wall without anybody thinking of it. A statement sees and writes rows of the office its session was told
(`privacy.postgresql`); told nothing, it sees none. SQLite has no such thing: there the managers and the triggers that
keep rows in their office stand alone (docs/adr/0013).

It holds against a forgotten filter, not against somebody who may run SQL of their own: they could tell the session what
they like. Superusers and roles with BYPASSRLS pass policies; `privacy.checks` reports them.
"""

from typing import Any

from django.apps import apps
from django.db import connections, models

from . import scope

POLICY = "rows_of_one_office"
# Read once per statement, not per row: each SELECT in parentheses is evaluated before the rows are looked at.
RULE = (
    f"(SELECT current_setting('{scope.SETTING}', true)) = '{scope.EVERYWHERE}' OR contact_point_id ="
    f" (SELECT NULLIF(NULLIF(current_setting('{scope.SETTING}', true), '{scope.EVERYWHERE}'), '')::bigint)"
)
BEHIND_THE_WALL = """
SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = %s
WHERE c.relrowsecurity AND c.relforcerowsecurity AND c.relnamespace = current_schema()::regnamespace
"""


def tables() -> list[str]:
    """Return the tables that hold rows of tenants, in alphabetical order."""
    return sorted(model._meta.db_table for model in apps.get_models() if _is_tenants(model))  # noqa: SLF001 - Django's public meta interface


def unguarded(using: str = "default") -> list[str]:
    """Return the tenants' tables whose rows PostgreSQL does not refuse; on SQLite none, for it cannot."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(BEHIND_THE_WALL, [POLICY])
        guarded = {row[0] for row in cursor.fetchall()}
        there = set(connection.introspection.table_names(cursor)) if set(tables()) - guarded else guarded
    return [table for table in tables() if table in there - guarded]


def guard(using: str = "default") -> None:
    """Put every tenant's table that is not yet there behind the wall."""
    for table in unguarded(using):
        with connections[using].schema_editor() as editor:
            name = editor.quote_name(table)
            editor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            editor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {name}")
            editor.execute(
                f"CREATE POLICY {POLICY} ON {name} USING ({RULE}) WITH CHECK ({RULE})", params=None
            )


def after_migrating(*, using: str, **_: Any) -> None:
    """Receive Django's `post_migrate`."""
    guard(using)


def _is_tenants(model: type[models.Model]) -> bool:
    from .tenancy import TenantManager

    return isinstance(model._default_manager, TenantManager)  # noqa: SLF001 - Django's public meta interface
