"""Short by default, so that it runs with every test; `make crash` runs the long form and prints what it did."""

import os

import pytest
from support import postgres

from .installation import Installation

LONG = os.environ.get("KONTAKTSTELLE_CRASH") == "long"


@pytest.fixture
def told(capsys):
    """A way to print figures although pytest keeps what tests print."""

    def tell(what, **figures):
        if LONG:
            with capsys.disabled():
                print(f"\n{what}: " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items()))  # noqa: T201

    return tell


@pytest.fixture
def cluster():
    """A PostgreSQL that may be killed."""
    server = postgres.start()
    yield server
    server.stop()


@pytest.fixture
def install(tmp_path):
    """A way to make an installation; whatever of it runs at the end is killed."""
    made = []

    def make(database_url="", **settings):
        made.append(Installation(tmp_path / f"installation-{len(made)}", database_url, **settings))
        return made[-1]

    yield make
    for each in made:
        each.kill_everything()
