"""An installation of its own beside that of the tests: its folders, its database, programs that run in it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

START = "import os, json; from pathlib import Path; import django; django.setup(); from django.db import connection; from django.utils import timezone\n"


@dataclass
class Installation:
    """One installation; `vendor` says on which database."""

    folder: Path
    database_url: str

    @property
    def vendor(self):
        return "postgresql" if self.database_url else "sqlite"

    @property
    def data(self):
        return self.folder / "data"

    @property
    def keys(self):
        return self.folder / "keys"

    @property
    def database(self):
        return self.data / "kontaktstelle.sqlite3"

    @property
    def environment(self):
        own = {name: value for name, value in os.environ.items() if name != "KONTAKTSTELLE_DATABASE_URL"}
        own |= {
            "KONTAKTSTELLE_DATA": str(self.data),
            "KONTAKTSTELLE_KEYS": str(self.keys),
            "DJANGO_SETTINGS_MODULE": "kontaktstelle.settings",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]),
        }
        return own | ({"KONTAKTSTELLE_DATABASE_URL": self.database_url} if self.database_url else {})

    def program(self, *arguments, typed=None):
        """Run a command as an operator does."""
        return subprocess.run(
            [sys.executable, "-m", "kontaktstelle", *map(str, arguments)],
            env=self.environment, input=typed, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def code(self, code, *arguments):
        """Run Python in it; return the JSON value of the last line printed."""
        done = subprocess.run(
            [sys.executable, "-c", START + code, *map(str, arguments)],
            env=self.environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else None

    def started(self, code, *arguments):
        """Start Python in it and return the running process."""
        return subprocess.Popen(
            [sys.executable, "-c", START + code, *map(str, arguments)],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip


def empty(folder, *, vendor=None):
    """Return an installation that is not set up; on the database of this test run unless another is wanted."""
    folder.mkdir(parents=True, exist_ok=True)
    server = os.environ.get("KONTAKTSTELLE_DATABASE_URL", "")
    if not server or vendor == "sqlite":
        return Installation(folder, "")
    import psycopg

    name = f"eigene_{uuid4().hex}"
    with psycopg.connect(server.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return Installation(folder, server.replace("/kontaktstelle?", f"/{name}?"))


def with_tables(folder, *, vendor=None):
    """Return an installation with keys and tables and nothing in them."""
    made = empty(folder, vendor=vendor)
    made.code(
        "from kontaktstelle.privacy import keys; from django.core.management import call_command\n"
        "Path(os.environ['KONTAKTSTELLE_DATA']).mkdir(); keys.create_missing(); call_command('migrate', verbosity=0)"
    )
    return made
