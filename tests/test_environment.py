"""The tests run where they say they run."""

import os
from pathlib import Path

from django.conf import settings
from django.db import connection


def test_the_database_asked_for_is_the_database_used():
    wanted = os.environ.get("KONTAKTSTELLE_TEST_DATABASE", "sqlite")
    assert connection.vendor == wanted


def test_the_installation_of_the_tests_is_thrown_away_and_not_somebodys_data():
    assert Path(settings.DATA_DIR).parent.name.startswith("kontaktstelle-tests-")
