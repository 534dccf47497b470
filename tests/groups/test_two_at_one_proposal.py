"""Two people on one proposal at the same moment: exactly one wins, and nothing is lost in silence."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4


def fresh_database(url):
    """Return the address of a new empty database on the same server."""
    import psycopg

    name, host = f"proposals_{uuid4().hex[:8]}", url.split("host=")[1]
    with psycopg.connect(host=host, user="kontaktstelle", dbname="kontaktstelle", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return f"postgres://kontaktstelle@/{name}?host={host}"


def test_of_two_at_one_proposal_exactly_one_wins(tmp_path):
    """In an installation of its own, with two connections: the database decides, not luck."""
    environment = {name: value for name, value in os.environ.items() if name != "KONTAKTSTELLE_DATABASE_URL"}
    environment |= {
        "KONTAKTSTELLE_DATA": str(tmp_path / "data"),
        "KONTAKTSTELLE_KEYS": str(tmp_path / "keys"),
    }
    environment["PYTHONPATH"] = os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])
    if url := os.environ.get("KONTAKTSTELLE_DATABASE_URL"):
        environment["KONTAKTSTELLE_DATABASE_URL"] = fresh_database(url)
    (tmp_path / "data").mkdir()
    said = subprocess.run(
        [sys.executable, "-m", "support.two_at_one_proposal"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-2000:]
    one_wins, both_count = [["WrongStage", "done"], True], [["done", "done"], True]
    assert json.loads(said.stdout) == {
        "accept and reject": one_wins,
        "accept twice": one_wins,
        "accept and write": [["done", "refused"], True],
        "two proposals": both_count,
        "two links": both_count,
        "said twice": both_count,
    }
