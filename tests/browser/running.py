"""One installation with example data, one gunicorn and one Chromium per test process, shared by browser tests and journeys.

Started when first asked for; stopped by whichever of the two `conftest.py` ends first. Databases: the one the tests
are asked to run on; data and keys lie in a folder of their own under /tmp.
"""

import asyncio
import ctypes
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Playwright, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
# Other hosts do not exist for this browser: whatever tries to reach one fails, and is seen in the requests.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]  # fmt: skip
PORTS = range(10_000, 32_000)
SECONDS_TO_START = 60
PR_SET_PDEATHSIG = 1
MILLISECONDS_TO_WAIT = 10_000


@dataclass(frozen=True, slots=True)
class Site:
    """A running installation: where it is, groups by what is special about them, and how to break it."""

    address: str
    groups: dict[str, str]
    folder: Path = field(repr=False)

    def url(self, path: str) -> str:
        """Return the full address of a path; `{open}` and the like stand for a group's slug."""
        return self.address + path.format_map(self.groups)

    @contextmanager
    def without_its_directory(self) -> Iterator[None]:
        """Break the installation for a moment: the table of public entries is not where it should be."""
        self._run("ALTER TABLE directory_entry RENAME TO lost_entry")
        try:
            yield
        finally:
            self._run("ALTER TABLE lost_entry RENAME TO directory_entry")

    def _run(self, statement: str) -> None:
        if url := os.environ.get("KONTAKTSTELLE_DATABASE_URL"):
            import psycopg

            with psycopg.connect(
                url.replace("postgres://", "postgresql://", 1), autocommit=True
            ) as connection:
                connection.execute(statement)
            return
        connection = sqlite3.connect(self.folder / "data" / "kontaktstelle.sqlite3", timeout=20)
        try:
            connection.execute(statement)
        finally:
            connection.close()


class _Started:
    """What runs, so that it can be stopped."""

    server: subprocess.Popen[bytes] | None = None
    playwright: Playwright | None = None
    folder: Path | None = None
    loop: asyncio.AbstractEventLoop | None = None


@cache
def site() -> Site:
    """Set up an installation with example data, serve it, and say where."""
    folder = _Started.folder = Path(tempfile.mkdtemp(prefix="kontaktstelle-browser-", dir="/tmp"))
    environment = {
        **os.environ,
        "KONTAKTSTELLE_DATA": str(folder / "data"),
        "KONTAKTSTELLE_KEYS": str(folder / "keys"),
        "OPENBLAS_NUM_THREADS": "1",
    }
    told = subprocess.run(
        [sys.executable, str(HERE / "example_installation.py")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, f"The example installation could not be set up:\n{told.stderr}"
    port = _free_port()
    _Started.server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "kontaktstelle.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
            "--threads", "4", "--preload",
            "--no-control-socket", "--log-level", "warning", "--access-logfile", "/dev/null", "--worker-tmp-dir", str(folder),
        ],
        env=environment, cwd=folder, stdout=(folder / "server.log").open("wb"), stderr=subprocess.STDOUT,
        preexec_fn=_ends_with_us,  # noqa: PLW1509 - nothing else runs yet when the server starts
    )  # fmt: skip
    here = Site(f"http://127.0.0.1:{port}", json.loads(told.stdout), folder)
    _wait_until_it_answers(here)
    return here


@cache
def browser() -> Browser:
    """Start Chromium."""
    assert Path(CHROMIUM).exists(), "Chromium fehlt. Bitte zuerst: bash tests/needs.sh"
    _Started.playwright = sync_playwright().start()
    return _Started.playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)


def stop() -> None:
    """Stop browser and server and remove what they wrote; may be called twice."""
    borrow_loop()
    if _Started.playwright is not None:
        browser().close()
        _Started.playwright.stop()
        _Started.playwright = None
    if _Started.server is not None:
        _Started.server.terminate()
        try:
            _Started.server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            _Started.server.kill()
            _Started.server.wait()
        _Started.server = None
    if _Started.folder is not None:
        shutil.rmtree(_Started.folder, ignore_errors=True)
        _Started.folder = None
    asyncio._set_running_loop(None)


def borrow_loop() -> None:
    """Let Playwright's loop count as running: only while a browser test runs."""
    asyncio._set_running_loop(_Started.loop)


def give_loop_back() -> None:
    """Let no loop count as running: Django would refuse the database to all other tests of this process."""
    _Started.loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)


def _ends_with_us() -> None:
    """Let the server end when the tests are killed and nobody is left to stop it (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _free_port() -> int:
    for port in random.sample(PORTS, 50):
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("No free port was found.")


def _wait_until_it_answers(here: Site) -> None:
    ends = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < ends:
        assert _Started.server is not None
        assert _Started.server.poll() is None, (
            f"The server ended:\n{(here.folder / 'server.log').read_text()}"
        )
        try:
            with urlopen(here.url("/robots.txt"), timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"The server did not answer within {SECONDS_TO_START} seconds.")
