"""`bench enquiry`: messages a second through the enquiry form of a real server, against a bare durable insert.

The server is gunicorn with two workers as `serve` starts it; nothing is switched off: sealed words, receipt code, outbox,
trail, consents, SQLite as the product runs it. Tokens are prepared. The writers run on the same two cores; their
share is printed. The bare insert is one row of the same length and one commit, with the same settings of SQLite in a
file of its own, in turn with the posts.
"""

import http.client
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROUNDS = 5
WRITERS = 8
OLDER_BY = 60.0
WORDS = "Seit dem Winter schlafe ich kaum und grüble nur. Ich möchte mit Menschen sprechen, die das kennen. "


def run(*, groups: int, queries: int) -> dict[str, Any]:  # noqa: ARG001 - the same call for every benchmark
    """Return posts a second, their times and the ratio to bare durable inserts."""
    from django.conf import settings

    from . import installation

    posts = 2 * queries
    with (
        installation.temporary("sqlite"),
        tempfile.TemporaryDirectory(prefix="kontaktstelle-bench-") as folder,
    ):
        installation.fill([])
        prepared = iter(forms(posts + WRITERS * 4))
        with server(Path(folder)) as (port, cpu):
            writers = [Writer(port) for _ in range(WRITERS)]
            with ThreadPoolExecutor(WRITERS) as pool:
                for _ in range(4):  # every worker has read its models and templates once
                    list(pool.map(Writer.post, writers, [next(prepared) for _ in writers]))
                bare = _bare(Path(folder) / "bare.sqlite3", settings.SQLITE_PRAGMAS)
                seconds, took, inserts = 0.0, [], 0.0
                before, own = cpu(), time.process_time()
                for _ in range(ROUNDS):
                    shares = [[next(prepared) for _ in range(posts // ROUNDS // WRITERS)] for _ in writers]
                    started = time.perf_counter()
                    for times in pool.map(Writer.post_all, writers, shares):
                        took += times
                    seconds += time.perf_counter() - started
                    inserts += bare(sum(map(len, shares)))
                spent, own = cpu() - before, time.process_time() - own
        stored = _stored()
    took.sort()
    done = len(took)
    return {
        "posts, writers at once, enquiries stored (first ones included)": f"{done}, {WRITERS}, {stored}",
        "posts a second (bar 100)": round(done / seconds, 1),
        "p50 / p99 ms (bar p99 250)": f"{statistics.median(took) * 1000:.1f} / {took[int(done * 0.99)] * 1000:.1f}",
        "CPU ms a post: server / writers": f"{spent / done * 1000:.2f} / {own / done * 1000:.2f}",
        "posts a second two whole cores could do, by the server's CPU": round(2 * done / spent, 1),
        "bare durable inserts a second, in turn": round(done / inserts, 1),
        "ratio: time of a post / of a bare insert": round(seconds / inserts, 2),
        "SQLite": f"{sqlite3.sqlite_version}, {settings.SQLITE_PRAGMAS['journal_mode']}, synchronous {settings.SQLITE_PRAGMAS['synchronous']}",
        "load of the machine before / cores": f"{os.getloadavg()[0]:.1f} / {os.cpu_count()}",
    }


def forms(count: int) -> list[bytes]:
    """Return forms as browsers send them, each opened a minute ago."""
    from unittest import mock

    from kontaktstelle.ui import tokens

    opened = time.time() - OLDER_BY
    with mock.patch("django.core.signing.time.time", return_value=opened):
        return [
            urlencode({
                "marke": tokens.own_token("nachricht"), "nachricht": f"{WORDS} ({number})", "rueckweg": f"mensch{number}@example.org",
                "plz": "", "webseite": "", "einverstanden": "1",
            }).encode()
            for number in range(count)
        ]  # fmt: skip


class Writer:
    """A line to the server that is kept open, as a browser does."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def post_all(self, bodies: list[bytes]) -> list[float]:
        """Send forms one after the other."""
        return [self.post(body) for body in bodies]

    def post(self, body: bytes) -> float:
        """Send a form and read the page of thanks; return how many seconds that took."""
        headers = {
            "Host": "localhost",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        started = time.perf_counter()
        try:
            self._line.request("POST", "/nachricht/an/bench/", body, headers)
            answer = self._line.getresponse()
        except ConnectionError:  # the server closes lines that were idle
            self._line.close()
            self._line.request("POST", "/nachricht/an/bench/", body, headers)
            answer = self._line.getresponse()
        page = answer.read()
        took = time.perf_counter() - started
        if answer.status != http.client.OK or b'class="receipt"' not in page:
            raise RuntimeError(f"{answer.status}: {page[-500:]!r}")
        return took


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, Callable[[], float]]]:
    """Start the server as `serve` does, on this process's database; give its port and a way to ask for its CPU seconds."""
    import psutil
    from django.conf import settings
    from django.db import connection

    from .start import free_port, until_answered

    connection.close()
    port = free_port()
    environment = {
        **os.environ,
        "KONTAKTSTELLE_DATA": str(settings.DATA_DIR),
        "KONTAKTSTELLE_KEYS": str(settings.KEYS_DIR),
        "KONTAKTSTELLE_SECRET_KEY": settings.SECRET_KEY,
        "KONTAKTSTELLE_DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "gunicorn", "kontaktstelle.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"], env=environment, stdout=log, stderr=log,  # noqa: S108 - a heartbeat file
        )  # fmt: skip

        def cpu() -> float:
            leader = psutil.Process(server.pid)
            times = [process.cpu_times() for process in [leader, *leader.children()]]
            return float(sum(each.user + each.system for each in times))

        try:
            until_answered(port, server)
            yield port, cpu
        finally:
            server.terminate()
            server.wait(timeout=20)


def _bare(file: Path, pragmas: dict[str, str]) -> Callable[[int], float]:
    """Return a way to measure so many durable inserts."""
    connection = sqlite3.connect(file, isolation_level=None)
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name}={value}")
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, words BLOB)")

    def inserts(count: int) -> float:
        started = time.perf_counter()
        for _ in range(count):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO row (words) VALUES (?)", [WORDS.encode()])
            connection.execute("COMMIT")
        return time.perf_counter() - started

    return inserts


def _stored() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM enquiries_enquiry")
        return int(cursor.fetchone()[0])
