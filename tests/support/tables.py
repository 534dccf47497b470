"""Tables are made by the migrations once and then copied: to migrate takes a process seven seconds, to copy none.

On SQLite the pattern is a file that all processes and all later runs of the same code share (in `.pytest_cache`); on
PostgreSQL it is a database of the run's own server, from which others are created. Tests that ask whether migrating
works (`migrates`, `cli/test_setup.py`) do not come here.
"""

import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".pytest_cache" / "tables"
MIGRATE = """
import django; django.setup()
from django.core.management import call_command
from kontaktstelle.privacy import keys
keys.create_missing(); call_command('migrate', verbosity=0, interactive=False, skip_checks=True)
"""
IN_THE_SERVER = "muster"


@cache
def file():
    """Return a SQLite file with all tables and nothing in them. It is copied, never opened."""
    found = FOLDER / f"{_of_this_code()}.sqlite3"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _alone(FOLDER / "lock"):
        if not found.exists():
            for earlier in FOLDER.glob("*.sqlite3"):
                earlier.unlink()
            with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
                _migrate(Path(folder), "")
                (Path(folder) / "data" / "kontaktstelle.sqlite3").replace(found)
    return found


def put_into(data):
    """Give the installation with this folder of data its tables."""
    data.mkdir(parents=True, exist_ok=True)
    shutil.copy(file(), data / "kontaktstelle.sqlite3")


@contextmanager
def filled(name):
    """Fill a database in memory; it is there for as long as this lasts or somebody else has it open."""
    pattern, memory = sqlite3.connect(file()), sqlite3.connect(name, uri=True)
    try:
        pattern.backup(memory)
        pattern.close()
        yield
    finally:
        memory.close()


@cache
def database(server):
    """Return the name of a database with all tables at the server of this address; others are created from it."""
    import psycopg

    lock = tempfile.gettempdir() + f"/kontaktstelle-{sha256(server.encode()).hexdigest()[:16]}.lock"
    with (
        _alone(lock),
        psycopg.connect(server.replace("postgres://", "postgresql://", 1), autocommit=True) as connection,
    ):
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [IN_THE_SERVER]).fetchone()
        if not there:
            connection.execute(f"CREATE DATABASE {IN_THE_SERVER}")
            with tempfile.TemporaryDirectory() as folder:
                _migrate(Path(folder), server.replace("/kontaktstelle?", f"/{IN_THE_SERVER}?"))
    return IN_THE_SERVER


def put_here():
    """Give the database of this process, which may be there but empty, its tables."""
    from django.core.management import call_command
    from django.db import connection

    if connection.settings_dict["NAME"] == "kontaktstelle":
        call_command("migrate", verbosity=0)  # the one the others are created from
    else:
        copied_to((), connection.alias)


def copied_to(_migrations, alias):
    """Do what `privacy.backup.rows.migrate_to` does, where the newest tables are those that are wanted."""
    from django.db import connections

    wrapper = connections[alias]
    wrapper.close()
    name = wrapper.settings_dict["NAME"]
    if wrapper.vendor == "sqlite":
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file(), name)
        return
    import psycopg

    server = re.sub(r"/\w+\?", "/kontaktstelle?", os.environ["KONTAKTSTELLE_DATABASE_URL"])
    pattern = database(server)
    with psycopg.connect(server.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {pattern}")


def _migrate(folder, url):
    (folder / "data").mkdir()
    # Settings of whoever asks first, such as a sign-in of the Träger with tables of its own, are not those of all.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KONTAKTSTELLE_")}
    environment |= {
        "KONTAKTSTELLE_DATA": str(folder / "data"),
        "KONTAKTSTELLE_KEYS": str(folder / "keys"),
        "DJANGO_SETTINGS_MODULE": "kontaktstelle.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), environment.get("PYTHONPATH", "")]),
    }
    if url:
        environment["KONTAKTSTELLE_DATABASE_URL"] = url
    told = subprocess.run(
        [sys.executable, "-c", MIGRATE], env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr


def _of_this_code():
    """Return a name for the code the migrations can reach: any change makes the pattern anew."""
    import django

    known = sha256(django.__version__.encode())
    for each in sorted((ROOT / "src" / "kontaktstelle").rglob("*.py")):
        known.update(str(each).encode() + each.read_bytes())
    return known.hexdigest()[:24]


@contextmanager
def _alone(lock):
    with Path(lock).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
