"""Throw-away installations for benchmarks: this process on SQLite, another process on PostgreSQL."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .generated import Generated, public


@contextmanager
def temporary(vendor: str) -> Iterator[None]:
    """Point this process's default database at a new file and give it tables and keys."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from kontaktstelle.privacy import keys

    assert vendor == "sqlite"  # noqa: S101 - PostgreSQL needs a process of its own
    with tempfile.TemporaryDirectory(prefix="kontaktstelle-bench-") as folder:
        before = (settings.KEYS_DIR, settings.DATA_DIR, connections["default"].settings_dict["NAME"])
        connections["default"].close()
        settings.KEYS_DIR, settings.DATA_DIR = Path(folder) / "keys", Path(folder) / "data"
        Path(settings.DATA_DIR).mkdir()
        connections["default"].settings_dict["NAME"] = str(Path(folder) / "data" / "bench.sqlite3")
        keys.forget_cached()
        keys.create_missing()
        try:
            call_command("migrate", verbosity=0)
            yield
        finally:
            connections["default"].close()
            settings.KEYS_DIR, settings.DATA_DIR, connections["default"].settings_dict["NAME"] = before
            keys.forget_cached()


def fill(made: Sequence[Generated]) -> None:
    """Write generated groups into the directory."""
    from django.utils import timezone

    from kontaktstelle.directory import projection
    from kontaktstelle.organisation.models import ContactPoint, Traeger

    traeger = Traeger.objects.create(name="Vergleich", kind=Traeger.Kind.PUBLIC)
    office = ContactPoint.objects.create(
        slug="bench",
        name="Vergleich",
        short_name="Vergleich",
        traeger=traeger,
        land="NW",
        phone="030 23125 100",
        email="bench@example.org",
        is_example=True,
    )
    projection.write_shapes([(None, office.pk, public(group)) for group in made], on=timezone.localdate())
    _analyse()


def in_postgres(function: str, *arguments: int) -> dict[str, Any]:
    """Run a function, named `module.function`, in a process whose database is a throw-away PostgreSQL; return its result."""
    from . import cluster

    server = cluster.start()
    try:
        return _in_child(function, arguments, database=server.django_url())
    finally:
        server.stop()


def in_sqlite(function: str, *arguments: int) -> dict[str, Any]:
    """Run a function in a process with a throw-away SQLite installation; return its result."""
    return _in_child(function, arguments, database="")


def _in_child(function: str, arguments: Sequence[int], *, database: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="kontaktstelle-bench-") as folder:
        environment = {
            **os.environ,
            "KONTAKTSTELLE_DATA": f"{folder}/data",
            "KONTAKTSTELLE_KEYS": f"{folder}/keys",
            "KONTAKTSTELLE_DATABASE_URL": database or f"sqlite:///{folder}/data/bench.sqlite3",
        }
        Path(folder, "data").mkdir()
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "kontaktstelle.cli.benchmarks.child", function, *map(str, arguments)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return result


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
