"""Each system check can speak: a check that never fires guards nothing."""

import os
import sqlite3
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.utils import timezone

from kontaktstelle.privacy import checks, keys


def ids(found):
    return {message.id for message in found}


@pytest.fixture
def own_keys(settings, tmp_path):
    settings.DATA_DIR, settings.KEYS_DIR = tmp_path / "data", tmp_path / "keys"
    keys.forget_cached()
    keys.create_missing()
    yield tmp_path
    keys.forget_cached()


class TestKeys:
    @pytest.mark.usefixtures("own_keys")
    def test_a_safe_key_is_not_complained_of(self):
        assert checks.keys_are_kept_safely() == []

    @pytest.mark.usefixtures("own_keys")
    def test_a_missing_key(self):
        keys.kek_file().unlink()
        assert ids(checks.keys_are_kept_safely()) == {"privacy.E001"}

    @pytest.mark.usefixtures("own_keys")
    def test_a_damaged_key(self):
        keys.kek_file().unlink()
        keys.kek_file().write_bytes(b"short")
        keys.kek_file().chmod(0o400)
        assert ids(checks.keys_are_kept_safely()) == {"privacy.E002"}

    @pytest.mark.parametrize("mode", [0o440, 0o404, 0o644, 0o420])
    @pytest.mark.usefixtures("own_keys")
    def test_a_key_others_can_read_or_write(self, mode):
        keys.kek_file().chmod(mode)
        assert ids(checks.keys_are_kept_safely()) == {"privacy.E003"}

    def test_a_key_inside_the_data(self, own_keys, settings):
        settings.DATA_DIR = own_keys
        assert ids(checks.keys_are_kept_safely()) == {"privacy.E004"}


class TestBackups:
    @pytest.fixture(autouse=True)
    def public(self, own_keys, settings):
        settings.HTTPS, settings.BACKUPS_DIR = True, own_keys / "b"
        settings.BACKUPS_DIR.mkdir()

    def put(self, settings, at):
        (
            settings.BACKUPS_DIR / f"kontaktstelle-{keys.installation_name()}-{at:%Y-%m-%d-%H%M%S}.sicherung"
        ).touch()

    def test_none_and_an_old_one_are_told(self, settings):
        assert ids(checks.backups_are_fresh()) == {"privacy.W030"}
        self.put(settings, timezone.now() - timedelta(days=3))
        assert ids(checks.backups_are_fresh()) == {"privacy.W030"}
        self.put(settings, timezone.now() - timedelta(days=1))
        assert checks.backups_are_fresh() == []

    def test_a_try_out_is_not_bothered(self, settings):
        settings.HTTPS = False
        assert checks.backups_are_fresh() == []


class TestPython:
    @pytest.mark.parametrize(
        ("version", "warned"),
        [
            ((3, 11, 2), True),
            ((3, 11, 14), True),
            ((3, 11, 15), False),
            ((3, 12, 0), False),
            ((3, 13, 1), False),
        ],
    )
    def test_a_python_with_known_holes_is_named(self, monkeypatch, version, warned):
        monkeypatch.setattr(
            checks, "sys", SimpleNamespace(version_info=version, version=".".join(map(str, version)) + " (x)")
        )
        assert ids(checks.python_is_patched()) == ({"privacy.W001"} if warned else set())


class Answers:
    """A database that answers its settings with these values."""

    def __init__(self, values, role=(False, False)):
        self.values, self.role = values, role

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def execute(self, statement):
        name = statement.split()[-1]
        self.answer = self.role if "pg_roles" in statement else (self.values[name],)
        return self

    def fetchone(self):
        return self.answer


SAFE_SQLITE = {"journal_mode": "truncate", "synchronous": "3", "foreign_keys": "1", "secure_delete": "1"}
SAFE_POSTGRESQL = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


class TestSqlite:
    @pytest.mark.parametrize(
        ("setting", "complaint"),
        [
            ({}, set()), ({"synchronous": "1"}, {"privacy.E010"}), ({"synchronous": "0"}, {"privacy.E010"}), ({"journal_mode": "wal"}, {"privacy.E011"}),
            ({"foreign_keys": "0"}, {"privacy.E012"}), ({"secure_delete": "0"}, {"privacy.E012"}),
        ],
    )  # fmt: skip
    def test_settings_that_lose_or_keep_too_much(self, monkeypatch, settings, setting, complaint):
        settings.SQLITE_PRAGMAS = {
            **settings.SQLITE_PRAGMAS,
            "journal_mode": "TRUNCATE",
            "synchronous": "EXTRA",
        }
        monkeypatch.setattr(checks, "connection", Answers(SAFE_SQLITE | setting))
        assert ids(checks._sqlite()) == complaint

    def test_where_wal_is_safe_it_is_allowed(self, monkeypatch, settings):
        settings.SQLITE_PRAGMAS = {**settings.SQLITE_PRAGMAS, "journal_mode": "WAL", "synchronous": "FULL"}
        monkeypatch.setattr(
            checks, "connection", Answers(SAFE_SQLITE | {"journal_mode": "wal", "synchronous": "2"})
        )
        assert checks._sqlite() == []

    def test_the_chosen_mode_fits_the_library(self, settings):
        safe = sqlite3.sqlite_version_info >= (3, 51, 3) or sqlite3.sqlite_version_info in {
            (3, 44, 6),
            (3, 50, 7),
        }
        assert settings.SQLITE_PRAGMAS["journal_mode"] == ("WAL" if safe else "TRUNCATE")
        assert settings.SQLITE_PRAGMAS["synchronous"] == ("FULL" if safe else "EXTRA")


class TestPostgresql:
    @pytest.mark.parametrize(
        ("setting", "role", "complaint"),
        [
            ({}, (False, False), set()), ({"fsync": "off"}, (False, False), {"privacy.E020"}), ({"full_page_writes": "off"}, (False, False), {"privacy.E020"}),
            ({"synchronous_commit": "off"}, (False, False), {"privacy.E020"}), ({}, (True, False), {"privacy.W021"}), ({}, (False, True), {"privacy.W021"}),
            ({"log_error_verbosity": "default"}, (False, False), {"privacy.W022"}), ({"log_parameter_max_length_on_error": "-1"}, (False, False), {"privacy.W022"}),
        ],
    )  # fmt: skip
    def test_settings_that_lose_or_tell_too_much(self, monkeypatch, setting, role, complaint):
        monkeypatch.setattr(checks, "connection", Answers(SAFE_POSTGRESQL | setting, role))
        monkeypatch.setattr(checks.row_security, "unguarded", list)
        assert ids(checks._postgresql()) == complaint


@pytest.mark.django_db
def test_the_database_of_these_tests_is_one_that_could_be_used(monkeypatch):
    # pytest keeps its SQLite in memory: it has no journal to be safe.
    assert (
        not {each for each in ids(checks.database_keeps_what_it_acknowledged()) if "E" in each}
        or connection.vendor == "sqlite"
    )


def test_all_three_checks_are_asked_and_speak_german(own_keys):
    keys.kek_file().unlink()
    found = [message for message in run_checks(tags=["security"]) if message.id == "privacy.E001"]

    assert [str(message.msg) for message in found] == ["Es gibt noch keinen Hauptschlüssel."]
    assert "kontaktstelle setup" in found[0].hint


def test_a_key_is_made_with_rights_for_its_owner_alone_whatever_the_umask(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    old = os.umask(0)
    try:
        keys.create_missing()
    finally:
        os.umask(old)
        keys.forget_cached()
    assert {oct(file.stat().st_mode & 0o777) for file in settings.KEYS_DIR.iterdir()} == {"0o400"}
    assert oct(settings.KEYS_DIR.stat().st_mode & 0o777) == "0o700"
