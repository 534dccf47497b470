"""An installation of its own beside that of the tests: its folders, its database, programs that run in it.

Most run inside this process, which is moved into the installation for as long: starting Python a hundred times would cost
minutes. What must be a process of its own (a writer beside a backup, one that is killed, one that patches something) is
started `apart`.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch
from uuid import uuid4

from support import tables

START = "import os, json; from pathlib import Path; import sys; import django; django.setup(); from django.db import connection; from django.utils import timezone\n"
# Set by the fixture that allows tests of a module to use databases without pytest's own.
blocker = contextlib.nullcontext


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

    def program(self, *arguments, typed=None, apart=False):
        """Run a command as an operator does; return its status and what it said."""
        if apart or not self._fits_this_process():
            return subprocess.run(
                [sys.executable, "-m", "kontaktstelle", *map(str, arguments)],
                env=self.environment, input=typed, capture_output=True, text=True, check=False, timeout=300,
            )  # fmt: skip
        from kontaktstelle.cli import main

        out, err = io.StringIO(), io.StringIO()
        with (
            self.entered(),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            patch.object(sys, "stdin", io.StringIO(typed or "")),
        ):
            try:
                status = main([str(each) for each in arguments])
            except SystemExit as ended:
                status = ended.code
        return SimpleNamespace(returncode=status, stdout=out.getvalue(), stderr=err.getvalue())

    def code(self, code, *arguments, apart=False):
        """Run Python in it; return the JSON value of the last line printed."""
        if apart or not self._fits_this_process():
            done = subprocess.run(
                [sys.executable, "-c", START + code, *map(str, arguments)],
                env=self.environment, capture_output=True, text=True, check=False, timeout=300,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            said = done.stdout
        else:
            out = io.StringIO()
            argv, path = ["-c", *map(str, arguments)], list(sys.path)
            with (
                self.entered(),
                contextlib.redirect_stdout(out),
                patch.object(sys, "argv", argv),
                patch.object(sys, "path", path),
            ):
                exec(compile(START + code, "<installation>", "exec"), {"__name__": "__installation__"})  # noqa: S102 - the test's own code
            said = out.getvalue()
        return json.loads(said.splitlines()[-1]) if said.strip() else None

    def started(self, code, *arguments):
        """Start Python in it and return the running process."""
        return subprocess.Popen(
            [sys.executable, "-c", START + code, *map(str, arguments)],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    @contextlib.contextmanager
    def entered(self):
        """Move this process into the installation: its folders, keys and database."""
        from django.contrib.contenttypes.models import ContentType
        from django.db import connections
        from django.db.utils import load_backend
        from django.test import override_settings

        from kontaktstelle.privacy import keys

        before = connections["default"]
        said = deepcopy(before.settings_dict) | {"NAME": self._database_name()}
        own = load_backend(said["ENGINE"]).DatabaseWrapper(said, "default")
        signing = self.keys / "signing.key"
        secret = {"SECRET_KEY": signing.read_text().strip()} if signing.exists() else {}
        with (
            blocker(),
            override_settings(
                DATA_DIR=self.data,
                KEYS_DIR=self.keys,
                BACKUPS_DIR=self.folder / "data.backups",
                STATIC_ROOT=self.data / "static",
                **secret,
            ),
        ):
            connections["default"] = own
            keys.forget_cached()
            ContentType.objects.clear_cache()
            try:
                yield
            finally:
                own.close()
                connections["default"] = before
                keys.forget_cached()
                ContentType.objects.clear_cache()

    def _database_name(self):
        return self.database_url.split("?")[0].rsplit("/", 1)[1] if self.database_url else str(self.database)

    def _fits_this_process(self):
        from django.db import connections

        return connections["default"].vendor == self.vendor


def empty(folder, *, vendor=None):
    """Return an installation that is not set up; on the database of this test run unless another is wanted."""
    return _empty(folder, vendor=vendor)


def with_tables(folder, *, vendor=None):
    """Return an installation with keys and tables and nothing in them."""
    made = _empty(folder, vendor=vendor, with_tables=True)
    made.data.mkdir()
    if made.vendor == "sqlite":
        tables.put_into(made.data)
    made.code("from kontaktstelle.privacy import keys; keys.create_missing()")
    return made


def _empty(folder, *, vendor, with_tables=False):
    folder.mkdir(parents=True, exist_ok=True)
    server = os.environ.get("KONTAKTSTELLE_DATABASE_URL", "")
    if not server or vendor == "sqlite":
        return Installation(folder, "")
    import psycopg

    name = f"eigene_{uuid4().hex}"
    pattern = f" TEMPLATE {tables.database(server)}" if with_tables else ""
    with psycopg.connect(server.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{pattern}")
    return Installation(folder, server.replace("/kontaktstelle?", f"/{name}?"))
