"""Short by default, so that it runs with every test; `make crash` runs the long form and prints what it did."""

import os
import sys

import pytest

from support import postgres

from .installation import Installation

LONG = os.environ.get("KONTAKTSTELLE_CRASH") == "long"


@pytest.fixture
def told(capsys):
    """A way to print figures although pytest keeps what tests print."""

    def tell(what, **figures):
        if LONG:
            said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
            with capsys.disabled():
                sys.stdout.write(f"\n{what}: {said}\n")

    return tell


@pytest.fixture
def cluster():
    """A PostgreSQL that may be killed."""
    server = postgres.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def set_up_once(tmp_path_factory):
    """A way to have the installation on SQLite that others are copied from."""
    made = []

    def given():
        made.extend([] if made else [Installation(tmp_path_factory.mktemp("crash") / "first")])
        return made[0]

    return given


@pytest.fixture
def install(tmp_path, set_up_once):
    """A way to make an installation; whatever of it runs at the end is killed."""
    made = []

    def make(database_url="", **settings):
        like = None if database_url else set_up_once()
        made.append(Installation(tmp_path / f"installation-{len(made)}", database_url, like=like, **settings))
        return made[-1]

    yield make
    for each in made:
        each.kill_everything()


@pytest.fixture
def cluster_or_file(request):
    """The address of the database these tests run on."""
    if os.environ.get("KONTAKTSTELLE_TEST_DATABASE") != "postgresql":
        return ""
    return request.getfixturevalue("cluster").application_url
