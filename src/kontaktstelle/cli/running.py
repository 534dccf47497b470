"""Set up, serve, work, check."""

import argparse
import logging
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from .printing import Progress, as_json, line

DEFAULT_PORT = 8000
# Browsers open connections in advance; a worker with a single thread would wait half a minute on an idle one.
THREADS = "4"
SECONDS_BETWEEN_POSTS = 2
SECONDS_BETWEEN_DAYS_LOOKED_AT = 60
SECONDS_BETWEEN_WORKERS_LOOKED_AT = 5


def add_commands(commands: Any) -> None:
    """Add `setup`, `serve`, `work` and `check`."""
    setup = commands.add_parser(
        "setup", help="die Einrichtung anlegen oder auf den neuen Stand bringen; darf wiederholt werden"
    )
    setup.add_argument(
        "--example", action="store_true", help="Beispieldaten laden, deutlich als Beispiel gekennzeichnet"
    )
    setup.add_argument("--name", default="", help="Name der Kontaktstelle bei einer echten Einrichtung")
    setup.add_argument(
        "--leader", default="", help="E-Mail-Adresse der ersten Leitung (sonst die der Kontaktstelle)"
    )
    setup.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    setup.set_defaults(run=run_setup)
    serve = commands.add_parser("serve", help="Webserver und nächtliche Arbeit starten")
    serve.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("KONTAKTSTELLE_PORT", DEFAULT_PORT)),
        help="Port auf diesem Rechner (sonst 8000)",
    )
    serve.add_argument(
        "--bind", default="127.0.0.1", help="Adresse, an der der Server lauscht (sonst nur dieser Rechner)"
    )
    serve.add_argument("--workers", type=int, default=2, help="Arbeitsprozesse (sonst 2)")
    serve.set_defaults(run=run_serve)
    work = commands.add_parser("work", help="nur Postversand und nächtliche Arbeit (läuft bei serve mit)")
    work.add_argument("--once", action="store_true", help="einmal alles tun und enden")
    work.set_defaults(run=run_work)
    check = commands.add_parser(
        "check", help="prüfen, ob alles sicher eingerichtet ist und was zu bestätigen ist"
    )
    check.add_argument(
        "--bodies", action="store_true", help="auch überregionale Stellen nennen, die zu bestätigen sind"
    )
    check.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    check.set_defaults(run=run_check)


def set_up(*, example: bool, name: str = "", leader: str = "", progress: Any = None) -> dict[str, Any]:
    """Create keys, database, registers, the first office and links for its first people, or bring them up to date."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from kontaktstelle import examples
    from kontaktstelle.directory import projection
    from kontaktstelle.funding import programmes
    from kontaktstelle.network import registers
    from kontaktstelle.organisation import setup as organisation
    from kontaktstelle.organisation.tenancy import across_offices
    from kontaktstelle.privacy import keys

    for folder in (Path(settings.DATA_DIR), Path(settings.DATA_DIR) / "files"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    result: dict[str, Any] = {
        "new": keys.create_missing(),
        "data": str(settings.DATA_DIR),
        "keys": str(settings.KEYS_DIR),
    }
    settings.SECRET_KEY = (Path(settings.KEYS_DIR) / "signing.key").read_text().strip()
    with across_offices():
        call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    result["registers"] = registers.load_registers(at=timezone.now())
    programmes.load(at=timezone.now())
    if example:
        result["example"] = examples.load(on=timezone.localdate(), at=timezone.now(), progress=progress)
    else:
        organisation.first_office(name or "Selbsthilfekontaktstelle")
        projection.rebuild(on=timezone.localdate())
    result["links"] = _first_links(example=example, leader=leader)
    if example:
        _example_money()
    return result


def _example_money() -> None:
    """Give the example's first office money to ask for; after its people, in whose name it is written."""
    from django.utils import timezone

    from kontaktstelle import examples
    from kontaktstelle.organisation.setup import default_office

    office = default_office()
    if office is not None and office.is_example:
        examples.load_money(office, on=timezone.localdate(), at=timezone.now())


def _first_links(*, example: bool, leader: str) -> list[dict[str, Any]]:
    from django.utils import timezone

    from kontaktstelle.organisation import first_links
    from kontaktstelle.organisation.setup import default_office

    from .staff import address_of_link

    office = default_office()
    if office is None:
        return []
    at = timezone.now()
    found = (
        first_links.example_links(office, at=at)
        if example and office.is_example
        else [first_links.leader_link(office, leader or office.email, at=at)]
    )
    return [
        {"email": each.email, "roles": list(each.roles), "link": address_of_link(each.token)}
        for each in found
        if each is not None
    ]


def _say_links(links: list[dict[str, Any]]) -> None:
    for each in links:
        line(
            f"Zugang einrichten für {each['email']} ({', '.join(each['roles'])}), gilt 72 Stunden und einmal:"
        )
        line(f"  {each['link']}")


def run_setup(arguments: argparse.Namespace) -> int:
    """Run `setup`."""
    result = set_up(
        example=arguments.example,
        name=arguments.name,
        leader=arguments.leader,
        progress=Progress("Beispieldaten"),
    )
    if arguments.json:
        as_json(result)
    else:
        line(f"Eingerichtet. Daten: {result['data']} · Schlüssel: {result['keys']}")
        if result["new"]:
            line("Neue Schlüssel wurden angelegt. Bewahren Sie eine Kopie getrennt von den Daten auf.")
        _say_links(result["links"])
    return 0


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve web and worker until stopped; both end together."""
    from django.core.management import call_command

    from kontaktstelle.privacy import keys

    if not keys.kek_file().exists() or _unapplied():
        line("Erste Einrichtung …")
        _say_links(set_up(example=False)["links"])
    call_command("check", "--deploy", "--fail-level", "CRITICAL", verbosity=0)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    web = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            sys.executable, "-m", "gunicorn", "kontaktstelle.wsgi", "--bind", f"{arguments.bind}:{arguments.port}",
            "--workers", str(arguments.workers), "--threads", THREADS, "--preload", "--no-control-socket", "--log-level", "warning", "--access-logfile", "/dev/null",
            "--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp",  # noqa: S108 - a heartbeat file without content
        ],
        env=environment,
    )  # fmt: skip
    work = [sys.executable, "-m", "kontaktstelle", "work"]
    worker = subprocess.Popen(work, env=environment)  # noqa: S603 - our own interpreter and module
    line(f"kontaktstelle läuft: http://localhost:{arguments.port}   (beenden mit Strg+C)")
    sys.stdout.flush()
    stopping = False

    def stop(*_: Any) -> None:
        nonlocal stopping
        stopping = True
        for process in (web, worker):
            if process.poll() is None:
                process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        while (status := _ended(web)) is None:
            # Without it nothing would be sent and nothing erased, and nobody would notice.
            if worker.poll() is not None and not stopping:
                worker = subprocess.Popen(work, env=environment)  # noqa: S603 - as above
    finally:
        stop()
        worker.wait(timeout=30)
    return 0 if status in {0, -signal.SIGTERM, -signal.SIGINT} else status


def _ended(web: subprocess.Popen[bytes]) -> int | None:
    """Wait some seconds for the web server to end; return its status, None if it goes on."""
    try:
        return web.wait(timeout=SECONDS_BETWEEN_WORKERS_LOOKED_AT)
    except subprocess.TimeoutExpired:
        return None


def run_work(arguments: argparse.Namespace) -> int:
    """Send what waits in the outbox; once a day do the nightly work, on the first round after midnight or after a start."""
    from django.utils import timezone

    from .nights import nightly

    stopped = False

    def stop(*_: Any) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    done_on: date | None = None
    while not stopped:
        today = timezone.localdate()
        if done_on != today:
            nightly(timezone.now())
            done_on = today
        tell_of_unread()
        for _ in range(SECONDS_BETWEEN_DAYS_LOOKED_AT // SECONDS_BETWEEN_POSTS):
            while not stopped and send_post() and not arguments.once:
                pass  # there may be more
            if stopped or arguments.once:
                break
            time.sleep(SECONDS_BETWEEN_POSTS)
        if arguments.once:
            break
    return 0


def send_post() -> int:
    """Send what is due for some seconds; return how many messages left.

    Nothing that goes wrong here ends the worker (a database or a key that is away for a while, a fault): what waits
    is sent when it is mended.
    """
    from django.db import connection
    from django.utils import timezone

    from kontaktstelle.mailroom import delivery

    try:
        return delivery.work_once(timezone.now())
    except Exception:
        logging.getLogger("kontaktstelle.mailroom").warning("post is stuck", exc_info=True)
        connection.close()
        return 0


def tell_of_unread() -> None:
    """Tell somebody else of each office of messages nobody has opened for a day; a fault here ends nothing else."""
    from django.db import connection
    from django.utils import timezone

    from kontaktstelle.enquiries import second_notice
    from kontaktstelle.organisation.models import ContactPoint
    from kontaktstelle.organisation.tenancy import acting_for

    try:
        for contact_point in ContactPoint.objects.order_by("pk"):
            with acting_for(contact_point):
                second_notice.tell(at=timezone.now())
    except Exception:
        logging.getLogger("kontaktstelle.mailroom").warning(
            "unread messages could not be told of", exc_info=True
        )
        connection.close()


def run_check(arguments: argparse.Namespace) -> int:
    """Print what is wrong and what wants confirming; status 1 if something is wrong."""
    from django.core.checks import ERROR, run_checks
    from django.utils import timezone

    from kontaktstelle.network import helplines

    found = [
        {
            "id": message.id,
            "wrong": message.level >= ERROR,
            "message": str(message.msg),
            "hint": str(message.hint or ""),
        }
        for message in run_checks(include_deployment_checks=True, databases=["default"])
        if message.id
        and not message.id.startswith(
            (
                "security.W004",
                "security.W008",
                "security.W012",
                "security.W016",
                "security.W003",
                "security.W001",
                "security.W002",
                "security.W005",
                "security.W021",
            )
        )
    ]
    overdue = [
        {"key": due.key, "name": due.name, "register": due.register}
        for due in helplines.overdue(timezone.localdate(), bodies=arguments.bodies)
    ]
    if arguments.json:
        as_json({"ok": not any(each["wrong"] for each in found), "messages": found, "to_confirm": overdue})
    else:
        for each in found:
            line(f"{'Fehler' if each['wrong'] else 'Hinweis'}: {each['message']} {each['hint']}".rstrip())
        if overdue:
            line(
                f"Zu bestätigen (nie oder vor mehr als sechs Monaten geprüft): {len(overdue)} Hilfetelefone{', Dienste und überregionale Stellen' if arguments.bodies else ' und Dienste'}"
            )
            for item in overdue:
                line(f"  {item['key']:28} {item['name']}")
            line("Geprüft? Dann: kontaktstelle office confirm-helpline SCHLÜSSEL …")
            if arguments.bodies:
                line("Überregionale Stellen: kontaktstelle office confirm-body SCHLÜSSEL …")
        if not found and not overdue:
            line("Alles in Ordnung.")
    return 1 if any(each["wrong"] for each in found) else 0


def _unapplied() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
