"""`bench page`: the result page with 20 cards against a bare Django template view with 20 ready entries.

Both go through the same WSGI application: same middleware, same process; requests in turn. The bare view has its entries in
memory and fills one Django template; ours reads a form, understands the words, searches, loads and shows.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from . import generated

CARDS = 20
DEFAULT_GROUPS = 100_000
ROUNDS = 600
SEARCH = {"worte": "herzinfarkt", "ort": "44137", "umkreis": "100"}


def run(*, groups: int, queries: int) -> dict[str, Any]:
    """Return the ratio of CPU on SQLite and on PostgreSQL."""
    from . import installation

    count = groups or DEFAULT_GROUPS
    rounds = max(queries, ROUNDS)
    with installation.temporary("sqlite"):
        table = {f"SQLite: {name}": value for name, value in measured(count, rounds).items()}
    table |= {
        f"PostgreSQL: {name}": value
        for name, value in installation.in_postgres("page.measured", count, rounds).items()
    }
    return table


def measured(count: int, rounds: int) -> dict[str, Any]:
    """Measure in this process's database."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.test.utils import override_settings

    from kontaktstelle.ui import tokens

    from . import installation

    made = generated.groups(count)
    # Enough groups of one topic near one place that the page has its 20 cards at every size.
    installation.fill(made + [_near(group, number) for number, group in enumerate(made[:40])])
    with override_settings(ROOT_URLCONF="kontaktstelle.cli.benchmarks.bare_urls"):
        application = WSGIHandler()
        form = urlencode({**SEARCH, "marke": tokens.form_token("suche")}).encode()
        server = _server_process(connection) if connection.vendor == "postgresql" else None

        def cpu() -> float:
            times = server.cpu_times() if server else None
            return time.process_time() + (float(times.user + times.system) if times else 0.0)

        pages: dict[str, Callable[[], bytes]] = {
            "ours": lambda: _call(application, "POST", "/suche", form),
            "bare": lambda: _call(application, "GET", "/bare", b""),
        }
        for page in pages.values():
            for _ in range(30):
                body = page()
        shown = pages["ours"]().count(b'class="asof"')
        spent: dict[str, list[float]] = {name: [] for name in pages}
        wall: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(rounds):
            for name, page in pages.items():
                before, started = cpu(), time.perf_counter()
                body = page()
                wall[name].append(time.perf_counter() - started)
                spent[name].append(cpu() - before)
    assert settings.ROOT_URLCONF == "kontaktstelle.urls"  # noqa: S101
    return {
        "cards on the page": shown,
        "CPU ms, ours / bare": f"{_mean(spent['ours']):.3f} / {_mean(spent['bare']):.3f}",
        "ratio of CPU (bar 1.0 SQLite, 1.3 PostgreSQL)": round(sum(spent["ours"]) / sum(spent["bare"]), 3),
        "p50 ms, ours / bare": f"{statistics.median(wall['ours']) * 1000:.3f} / {statistics.median(wall['bare']) * 1000:.3f}",
        "bytes of HTML": len(body),
    }


def bare(_request: Any) -> Any:
    """Fill one Django template with 20 ready entries."""
    from django.http import HttpResponse

    return HttpResponse(_template().render(_context()))


def _template() -> Any:
    global _TEMPLATE  # noqa: PLW0603 - compiled once, as a cached loader would
    if _TEMPLATE is None:
        from django.template import Engine

        _TEMPLATE = Engine(dirs=[str(Path(__file__).parent / "bare")]).get_template("page.django")
    return _TEMPLATE


def _context() -> Any:
    from django.template import Context

    return Context(
        {
            "heading": f"{CARDS} Gruppen in Ihrer Nähe",
            "office": {"name": "Vergleich", "phone": "030 23125 100"},
            "links": _LINKS,
            "entries": _ENTRIES,
        }
    )


_TEMPLATE: Any = None
_LINKS = [
    {"href": f"/{name}/", "text": name}
    for name in ("sofort-hilfe", "leicht", "en", "themen", "neu", "fachleute")
]
_ENTRIES = [
    {
        "address": f"/gruppe/gruppe-{number}/", "name": f"Gruppe Herzinfarkt {number}, Beispiel", "distance": number, "town": "Dortmund", "audience": ["Betroffene", "Angehörige"],
        "topics": ["Herzerkrankungen"], "meeting": "jeden 1. Dienstag im Monat, 19 Uhr", "next": date(2026, 12, 1), "takes_new": True, "stage": "nimmt neue Menschen auf",
        "asked": ["bitte vorher anrufen"], "confirmed_on": date(2026, 9, 1),
    }
    for number in range(CARDS)
]  # fmt: skip


def _near(group: generated.Generated, number: int) -> generated.Generated:
    from dataclasses import replace

    return replace(
        group,
        number=10_000_000 + number,
        topic="heart",
        name=f"Gruppe Herzinfarkt {number} Dortmund",
        lat=51.51 + number / 2000,
        lon=7.46,
    )


def _call(application: Any, method: str, path: str, body: bytes) -> bytes:
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost:8000",
        "HTTP_ORIGIN": "http://localhost:8000", "HTTP_ACCEPT_LANGUAGE": "de", "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False, "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    status: list[str] = []
    chunks = application(environ, lambda given, _headers: status.append(given))
    result = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    if not status[0].startswith("200"):
        raise RuntimeError(f"{method} {path}: {status[0]}")
    return result


def _server_process(connection: Any) -> Any:
    import psutil

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return psutil.Process(cursor.fetchone()[0])


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) * 1000
