"""A picture of the database at one moment, while others go on writing."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from psycopg import IsolationLevel

from kontaktstelle.refusal import StepRefused

ALIAS = "snapshot"
SECONDS_TO_WAIT = 60


class NoSnapshot(StepRefused):
    """There is no file to copy."""

    sentence = "Es gibt keine Datei der Datenbank, die gesichert werden könnte."


@contextmanager
def taken() -> Iterator[str]:
    """Yield the name of a connection that sees the database as it stands now, whatever is written meanwhile.

    On SQLite it is a copy made by SQLite's own backup (writers wait while the file is copied, seconds at most), on
    PostgreSQL one read-only transaction that sees one moment.

    Raises:
        NoSnapshot: there is no file to copy.
    """
    with _copied() if connection.vendor == "sqlite" else _repeatable():
        yield ALIAS


@contextmanager
def at_file(file: Path) -> Iterator[None]:
    """Make a SQLite file the default database for the block."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(file)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def _copied() -> Iterator[None]:
    name = str(connection.settings_dict["NAME"])
    if not Path(name).is_file():
        raise NoSnapshot
    with tempfile.TemporaryDirectory(prefix=".sicherung-", dir=settings.DATA_DIR) as folder:
        copy = Path(folder) / "copy.sqlite3"
        with (
            closing(sqlite3.connect(name, timeout=SECONDS_TO_WAIT)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target, sleep=0.05)
        with _connected({"NAME": str(copy)}):
            yield


@contextmanager
def _repeatable() -> Iterator[None]:
    # The level is the connection's: inside a transaction it could be set before its first statement only.
    options = connection.settings_dict["OPTIONS"] | {"isolation_level": IsolationLevel.REPEATABLE_READ}
    with _connected({"OPTIONS": options}), transaction.atomic(using=ALIAS):
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


@contextmanager
def _connected(changed: dict[str, Any]) -> Iterator[None]:
    connections.settings[ALIAS] = deepcopy(connection.settings_dict) | changed
    try:
        yield
    finally:
        connections[ALIAS].close()
        del connections[ALIAS], connections.settings[ALIAS]
