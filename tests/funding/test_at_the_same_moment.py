"""Several workers in one night, several colleagues on one application: each group is written to once, each step is noted once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4


def fresh_database(url):
    """Return the address of a new empty database on the same server."""
    import psycopg

    name, host = f"nights_{uuid4().hex[:8]}", url.split("host=")[1]
    with psycopg.connect(host=host, user="kontaktstelle", dbname="kontaktstelle", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return f"postgres://kontaktstelle@/{name}?host={host}"


def test_four_workers_in_one_night_write_to_each_group_once(tmp_path):
    """In an installation of its own, with four connections: the database decides, not luck."""
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
        [sys.executable, "-m", "support.four_nights"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-2000:]

    assert json.loads(said.stdout) == {
        "tellings": 3, "applications": 3, "questions": 3, "askings": 3, "mails": 3 + 3 - 1, "submitted": 1,
    }  # fmt: skip
