"""`bench start`: from starting the server to the first page, and the memory of two workers."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from . import generated

DEFAULT_GROUPS = 100_000
ROUNDS = 5
FIRST_PORT = 20000


def run(*, groups: int, queries: int) -> dict[str, Any]:  # noqa: ARG001 - the same call for every benchmark
    """Return seconds to the first page and megabytes of the processes."""
    from django.conf import settings

    from . import installation

    with (
        tempfile.TemporaryDirectory(prefix="kontaktstelle-bench-") as folder,
        installation.temporary("sqlite"),
    ):
        installation.fill(generated.groups(groups or DEFAULT_GROUPS))
        environment = {
            **os.environ,
            "KONTAKTSTELLE_DATA": str(settings.DATA_DIR),
            "KONTAKTSTELLE_KEYS": str(settings.KEYS_DIR),
            "KONTAKTSTELLE_DATABASE_URL": "",
        }
        environment["KONTAKTSTELLE_DATABASE_URL"] = f"sqlite:///{_database()}"
        seconds, memory = [], 0.0
        for _ in range(ROUNDS):
            first, memory = _once(environment, Path(folder))
            seconds.append(first)
    seconds.sort()
    return {
        "seconds to the first page, median of 5 (bar 1.5)": round(seconds[len(seconds) // 2], 2),
        "memory of the server and two workers after 200 searches, PSS MB (bar 300)": round(memory, 1),
    }


def _once(environment: dict[str, str], folder: Path) -> tuple[float, float]:
    port = free_port()
    started = time.perf_counter()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "gunicorn", "kontaktstelle.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--preload", "--no-control-socket"], env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            until_answered(port, server)
            first = time.perf_counter() - started
            for number in range(200):
                topic = ("depression", "alcohol", "grief", "heart")[number % 4]
                urllib.request.urlopen(
                    f"http://127.0.0.1:{port}/suche?thema={topic}&ort=44137", timeout=10
                ).read()
            memory = _memory(server.pid)
        finally:
            server.terminate()
            server.wait(timeout=20)
    return first, memory


def until_answered(port: int, server: subprocess.Popen[bytes]) -> None:
    """Ask until the server answers."""
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).read()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise RuntimeError("Der Server hat sich beendet, bevor er antwortete.")


def _memory(pid: int) -> float:
    import psutil

    server = psutil.Process(pid)
    return float(sum(process.memory_full_info().pss for process in [server, *server.children()])) / 1e6


def _database() -> str:
    from django.db import connection

    return str(connection.settings_dict["NAME"])


def free_port() -> int:
    """Return a port nobody listens at."""
    for port in range(FIRST_PORT, FIRST_PORT + 2000):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("Kein freier Port.")
