"""Every row of every table as lines of JSON, and back: the same on both databases.

Models are those of the migrations that had run, not of today's code: a backup of an older version is loaded into the
tables it was made from, and migrated afterwards. What is no model (the full text) is made anew.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from django.core.management.color import no_style
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.duration import duration_iso_string

BATCH = 1000
Migration = tuple[str, str]


def applied(alias: str) -> list[Migration]:
    """Return the migrations that have run on a database."""
    return sorted(MigrationLoader(connections[alias]).applied_migrations)


def latest(migrations: Iterable[Migration], alias: str) -> list[Migration]:
    """Return those of these migrations on which none of the others rests.

    Raises:
        KeyError: this program does not know one of them.
    """
    graph, known = MigrationLoader(connections[alias]).graph, set(migrations)
    return sorted(
        each for each in known if not any(child.key in known for child in graph.node_map[each].children)
    )


def tables(migrations: Iterable[Migration], alias: str) -> list[type[models.Model]]:
    """Return the models as these migrations leave them, in a fixed order."""
    loader = MigrationLoader(connections[alias])
    state = loader.project_state(latest(migrations, alias), at_end=True)
    found = state.apps.get_models(include_auto_created=True)
    return sorted(
        (model for model in found if model._meta.managed and not model._meta.proxy),
        key=lambda model: model._meta.label_lower,
    )


def columns(model: type[models.Model]) -> list[Any]:
    """Return the fields of a model that hold a value of their own."""
    return [
        field
        for field in model._meta.concrete_fields
        if not getattr(field, "generated", False) and not field.many_to_many
    ]


def written(model: type[models.Model], alias: str) -> Iterator[bytes]:
    """Yield a table's rows as lines, in the order of their keys."""
    names = [field.attname for field in columns(model)]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=BATCH):
        yield json.dumps(row, ensure_ascii=False, default=_plain, separators=(",", ":")).encode() + b"\n"


class Loading:
    """Puts rows into empty tables: triggers are off meanwhile, foreign keys are checked at the end.

    Use it as a context inside a transaction.
    """

    def __init__(self, alias: str, into: Iterable[type[models.Model]]) -> None:
        self._connection = connections[alias]
        self._models = {model._meta.label_lower: model for model in into}
        self._triggers: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "sqlite":
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                self._triggers = [(str(name), str(made_by)) for name, made_by in cursor.fetchall()]
                for trigger, _ in self._triggers:
                    cursor.execute(f"DROP TRIGGER {self._quoted(trigger)}")
            else:
                # Migrations in the same transaction leave foreign keys checked at once.
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                self._switch_triggers("DISABLE")
            for model in self._models.values():
                # What migrations put there themselves comes back with the rows.
                cursor.execute(f"DELETE FROM {self._quoted(model._meta.db_table)}")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            return
        with self._connection.cursor() as cursor:
            for reset in self._connection.ops.sequence_reset_sql(no_style(), list(self._models.values())):
                cursor.execute(reset)
            if self._connection.vendor == "sqlite":
                for _name, made_by in self._triggers:
                    cursor.execute(made_by)
                self._connection.check_constraints()
            else:
                # They stay so: tables with checks outstanding cannot be changed by later migrations.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                self._switch_triggers("ENABLE")

    def add(self, label: str, names: list[str], lines: Iterable[bytes]) -> int:
        """Load rows of one table.

        Returns:
            How many.

        Raises:
            KeyError: there is no such table or column.
        """
        model = self._models[label]
        fields = {field.attname: field for field in columns(model)}
        chosen = [fields[name] for name in names]
        marks = ", ".join(["%s"] * len(chosen))
        into = ", ".join(self._quoted(field.column) for field in chosen)
        statement = f"INSERT INTO {self._quoted(model._meta.db_table)} ({into}) VALUES ({marks})"
        count, batch = 0, []
        with self._connection.cursor() as cursor:
            for line in lines:
                batch.append(
                    [
                        self._stored(field, value)
                        for field, value in zip(chosen, json.loads(line), strict=True)
                    ]
                )
                if len(batch) == BATCH:
                    cursor.executemany(statement, batch)
                    count, batch = count + len(batch), []
            if batch:
                cursor.executemany(statement, batch)
        return count + len(batch)

    def _stored(self, field: Any, value: Any) -> Any:
        if value is None and not field.null and isinstance(field, models.JSONField):
            return self._connection.ops.adapt_json_value(None, field.encoder)
        return field.get_db_prep_save(field.to_python(value), self._connection)

    def _switch_triggers(self, word: str) -> None:
        with self._connection.cursor() as cursor:
            for model in self._models.values():
                cursor.execute(f"ALTER TABLE {self._quoted(model._meta.db_table)} {word} TRIGGER USER")

    def _quoted(self, name: str) -> str:
        return str(self._connection.ops.quote_name(name))


def migrate_to(migrations: Iterable[Migration], alias: str) -> None:
    """Bring an empty database to the state after these migrations."""
    executor = MigrationExecutor(connections[alias])
    executor.migrate(latest(migrations, alias))


def _plain(value: object) -> Any:
    if isinstance(value, bytes | memoryview | bytearray):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    raise TypeError(f"No way to write a {type(value).__name__} down.")
