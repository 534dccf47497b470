"""Signing in with the account of the Träger: off by default; replaces the password and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.visiting import text_of, visitor


@pytest.fixture(scope="module")
def happened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("traeger")
    environment = os.environ | {
        "KONTAKTSTELLE_DATA": str(folder / "data"), "KONTAKTSTELLE_KEYS": str(folder / "keys"), "KONTAKTSTELLE_DATABASE_URL": f"sqlite:///{folder}/own.sqlite3",
    }  # fmt: skip
    (folder / "data").mkdir()
    told = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "own_server.py")], env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def test_by_default_it_is_not_there(office):
    assert "Konto des Trägers" not in text_of(visitor().get("/schreibtisch/anmelden/"))
    assert visitor().get("/schreibtisch/anmelden/traeger/traeger/").status_code == 404


def test_whoever_works_here_gets_in_and_the_second_factor_stays(happened):
    assert happened["offered"]
    assert happened["second factor"] == [302, "/schreibtisch/anmelden/zweiter-faktor/", True]
    assert happened["directory only"][:2] == [302, "/schreibtisch/"]
    assert happened["again"][:2] == [302, "/schreibtisch/"]


@pytest.mark.parametrize("who", ["stranger", "locked", "invited", "not vouched for", "forged state"])
def test_nobody_else_does(happened, who):
    assert happened[who][0] == 403
    assert happened["people"] == 4, "nobody is signed up by the way"
    assert happened["connected"] == 2


def test_nothing_of_what_the_other_server_tells_is_kept(happened):
    assert "anarien" not in happened["kept"]
    assert happened["tokens"] == 0
