"""One throw-away installation per test process, on SQLite or on PostgreSQL (`KONTAKTSTELLE_TEST_DATABASE=postgresql`).

The network is closed except for this machine. Time travels only through `at=`/`on=`; one module moves the clock itself.
"""

import os
import re
import shutil
import socket
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import django
import pytest
from django.conf import settings

_ROOT = Path(tempfile.mkdtemp(prefix="kontaktstelle-tests-", dir="/tmp"))
os.environ["KONTAKTSTELLE_DATA"] = str(_ROOT / "data")
os.environ["KONTAKTSTELLE_KEYS"] = str(_ROOT / "keys")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
(_ROOT / "data").mkdir()
_server = None
if (
    os.environ.get("KONTAKTSTELLE_TEST_DATABASE") == "postgresql"
    and "KONTAKTSTELLE_DATABASE_URL" not in os.environ
):
    # Before the settings are read, once: test processes started later inherit the address.
    from support import postgres

    _server = postgres.start()
    os.environ["KONTAKTSTELLE_DATABASE_URL"] = _server.application_url
os.environ["DJANGO_SETTINGS_MODULE"] = "kontaktstelle.settings"
django.setup()
if settings.DATABASES["default"]["ENGINE"] == "kontaktstelle.privacy.sqlite":
    # Without saying so pytest would name files after Django's own SQLite only, and ours is a little more.
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"

from support import cheap_passwords  # noqa: E402 - reads the settings

cheap_passwords.hash_cheaply()

A_DAY = date(2026, 3, 10)
A_MOMENT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


_ASKS_A_DATABASE = {"db", "transactional_db"}
# What a module uses that starts programs of its own or speaks to the database without a fixture.
_BRINGS_ITS_OWN = re.compile(r"\b(subprocess|connection|installation)\b")


# Where many tests put one question to the database, the part of them that does; "": none of them.
_ENOUGH = {
    "tests/walls/test_source.py": "",
    "tests/walls/test_access_matrix.py": "elsewhere",
    "tests/examples/": "test_three_runs",
}


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL run what a database can change; words, rules and sources were tested with SQLite just before."""
    if os.environ.get("KONTAKTSTELLE_TEST_DATABASE") != "postgresql":
        return
    own = {
        path: bool(_BRINGS_ITS_OWN.search(path.read_text("utf-8"))) for path in {item.path for item in items}
    }
    left = [
        item
        for item in items
        if (
            not own[item.path]
            and not item.get_closest_marker("django_db")
            and not _ASKS_A_DATABASE & set(item.fixturenames)
        )
        or any(
            item.nodeid.startswith(place) and (not part or part not in item.nodeid)
            for place, part in _ENOUGH.items()
        )
    ]
    config.hook.pytest_deselected(items=left)
    unasked = set(left)
    items[:] = [item for item in items if item not in unasked]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep the browser's tests in one process: xdist's own groups do nothing with this pytest."""
    from browser.scheduling import TogetherByPlace

    return TogetherByPlace(config, log)


def pytest_report_header():
    """Say which database the tests really run on."""
    from django.db import connection

    return f"database: {connection.vendor}"


def pytest_unconfigure(config):
    """Stop what was started and remove what was written."""
    if _server is not None:
        _server.stop()
    shutil.rmtree(_ROOT, ignore_errors=True)


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch):
    """Refuse connections to anywhere else: nothing may be fetched from other hosts at run time."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(
                f"A connection to {address[0]} was tried: nothing may come from other hosts."
            )
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Give the database of the tests its tables by copying them: migrating finds nothing left to do."""
    from django.db import connection

    from support import tables

    if connection.vendor == "sqlite":
        with tables.filled(connection.creation._get_test_db_name()):
            yield
    else:
        connection.settings_dict["TEST"]["TEMPLATE"] = tables.database(
            os.environ["KONTAKTSTELLE_DATABASE_URL"]
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def installation_keys():
    """Give the throw-away installation its keys."""
    from kontaktstelle.privacy import keys

    keys.create_missing()


@pytest.fixture
def office(db):
    """A contact point with one site, responsible for a Kreis."""
    from support.people import make_office

    return make_office()


@pytest.fixture
def office_elsewhere(db):
    """Another contact point: it must see nothing of the first."""
    from support.people import make_office

    return make_office(slug="anderswo", kreis_key="16077", name="Kontaktstelle Anderswo, Beispiel")
