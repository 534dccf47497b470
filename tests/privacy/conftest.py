"""Keys of their own for tests that replace or destroy keys."""

import pytest

from kontaktstelle.privacy import keys
from support import installation


@pytest.fixture(scope="session", autouse=True)
def _own_databases(django_db_blocker):
    """Installations of their own use databases of their own, never that of the test run."""
    installation.blocker = django_db_blocker.unblock


@pytest.fixture
def own_keys(settings, tmp_path):
    """An installation's key directory of its own; the data of the tests stay where they are."""
    settings.KEYS_DIR = tmp_path / "keys"
    keys.forget_cached()
    keys.create_missing()
    yield settings.KEYS_DIR
    keys.forget_cached()
