"""`setup`, `check` and what an operator sees before there is anything: real programs in an installation of their own."""

import json
import os
import subprocess
import sys
from uuid import uuid4

import pytest

from support.people import make_office

from .conftest import refused

pytestmark = pytest.mark.xdist_group("setup")
TWICE = "from kontaktstelle.cli import main; import sys; sys.exit(main(['setup', '--json']) or main(['setup', '--json']) or main(['search', 'Angst', '--json']))"


def environment(folder):
    """Return the environment of an installation of its own; where there is a server, with a database of its own."""
    own = {
        "KONTAKTSTELLE_DATA": str(folder / "data"),
        "KONTAKTSTELLE_KEYS": str(folder / "keys"),
        "PYTHONWARNINGS": "default",
    }
    if server := os.environ.get("KONTAKTSTELLE_DATABASE_URL"):
        import psycopg

        name = f"einrichtung_{uuid4().hex}"
        with psycopg.connect(
            server.replace("postgres://", "postgresql://", 1), autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        own["KONTAKTSTELLE_DATABASE_URL"] = server.replace("/kontaktstelle?", f"/{name}?")
    return os.environ | own


def program(where, *arguments, code=None):
    return subprocess.run(
        [sys.executable, *(["-c", code] if code else ["-m", "kontaktstelle", *arguments])],
        env=where,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """An installation set up twice, and what was printed."""
    folder = tmp_path_factory.mktemp("einrichtung")
    where = environment(folder)
    return folder, where, program(where, code=TWICE)


def test_setup_may_be_repeated_and_makes_keys_once(installation):
    folder, _, told = installation
    assert told.returncode == 0, told.stderr
    first, second, answer = map(json.loads, told.stdout.splitlines())

    assert (first["new"], second["new"]) == (True, False)
    assert answer["results"] == []
    assert answer["understood"]["topics"][0]["id"] == "anxiety-panic"
    assert (folder / "keys" / "kek").stat().st_size == 32
    assert (folder / "keys" / "kek").stat().st_mode & 0o077 == 0
    assert not [file for file in (folder / "data").rglob("*") if file.name in {"kek", "signing.key"}]


def test_one_office_stands_there_after_two_setups(installation):
    _, where, _ = installation
    code = "import os; os.environ['DJANGO_SETTINGS_MODULE']='kontaktstelle.settings'; import django; django.setup(); from kontaktstelle.organisation.models import ContactPoint as C; print(C.objects.count(), C.objects.get().name)"

    assert program(where, code=code).stdout.split(maxsplit=1)[0] == "1"


def test_before_setup_every_command_says_what_to_do_first(tmp_path):
    where = environment(tmp_path)
    code = "from kontaktstelle.cli import main; print([main(each) for each in (['search', 'Angst'], ['export-groups', '--contact-point', 'x'], ['import-groups', 'x.csv', '--contact-point', 'x'])])"
    told = program(where, code=code)

    assert told.stdout.splitlines()[-1] == "[2, 2, 2]", told.stderr
    assert "Traceback" not in told.stderr
    assert (
        told.stderr.splitlines()
        == ["Diese Einrichtung ist noch nicht angelegt. Bitte zuerst: kontaktstelle setup"] * 3
    )


def test_keys_inside_the_data_are_refused_before_anything_is_written(tmp_path):
    told = program({**environment(tmp_path), "KONTAKTSTELLE_KEYS": str(tmp_path / "data" / "keys")}, "setup")

    assert told.returncode == 2
    assert "Schlüssel gehören neben die Daten" in told.stderr
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.django_db
class TestCheck:
    def test_it_says_in_json_what_is_wrong_and_what_wants_confirming(self, run):
        from datetime import UTC, datetime

        from kontaktstelle.network.registers import load_registers

        make_office()
        load_registers(at=datetime(2026, 3, 10, tzinfo=UTC))
        told = run("check", "--json")
        (found,) = told.values

        assert set(found) == {"ok", "messages", "to_confirm"}
        assert found["ok"] == (told.status == 0)
        assert found["to_confirm"], "nobody has confirmed a help line yet"
        assert all(set(each) == {"id", "wrong", "message", "hint"} for each in found["messages"])
        assert "Zu bestätigen" in run("check").out

    def test_something_wrong_ends_with_another_status(self, run, settings, tmp_path):
        settings.KEYS_DIR = tmp_path
        told = run("check", "--json")

        assert told.status == 1
        assert "privacy.E001" in {each["id"] for each in told.values[0]["messages"]}

    def test_an_unknown_word_is_refused(self, run):
        assert refused(run("check", "--alles"))
