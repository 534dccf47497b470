"""Die nächtliche Arbeit: let people go whose time is over, anchor the trail, move dates on, write what must survive the server.

`serve` does it once a day by itself; `nightly` does it by hand, and `nightly --preview` says what goes until tomorrow.
"""

import argparse
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import backups
from .printing import Progress, as_json, line

if TYPE_CHECKING:
    from kontaktstelle.privacy.retention import Taken

STUCK = 1
MAILS_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Night:
    """What a night did: what was taken by the register, and which parts failed (the others were done)."""

    taken: "tuple[Taken, ...]"
    failed: tuple[str, ...]


def add_commands(commands: Any) -> None:
    """Add `nightly`."""
    nightly = commands.add_parser(
        "nightly",
        help="die nächtliche Arbeit jetzt tun: löschen und entpersönlichen, was fällig ist, Protokoll verankern, sichern",
    )
    nightly.add_argument(
        "--preview", action="store_true", help="nur sagen, was bis morgen um diese Zeit fällig ist"
    )
    nightly.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    nightly.set_defaults(run=run_nightly)


def nightly(at: datetime, *, progress: Any = None) -> Night:
    """Do everything that is due once a day. May be repeated; a part that fails keeps no other from its work."""
    from django.conf import settings
    from django.utils import timezone

    from kontaktstelle.directory import emergency, projection
    from kontaktstelle.funding import nightly as funding
    from kontaktstelle.groups import call_list
    from kontaktstelle.groups.entry import campaign
    from kontaktstelle.groups.own_page import keys as own_page
    from kontaktstelle.groups.own_page import live
    from kontaktstelle.groups.yearly import asking
    from kontaktstelle.mailroom import carriers
    from kontaktstelle.privacy import anchor, retention

    taken: list[Taken] = []
    parts: list[tuple[str, Callable[[], object]]] = [
        ("Löschfristen", lambda: taken.extend(retention.run(at=at, progress=progress))),
        ("Interessiertenlisten", lambda: ask_whether_they_stay(at)),
        ("Förderung: was Gruppen zu sagen ist", lambda: funding.run(at=at)),
        ("Pausen, die zu Ende sind", lambda: live.resume_everywhere(at=at)),
        (
            "Jährliche Nachfrage",
            lambda: asking.ask_everywhere(at=at, link=lambda group: own_page.path_of(group, at=at)),
        ),
        ("Einwilligungen: einmal erinnern", lambda: campaign.remind_everywhere(at=at)),
        ("Mails im Ordner der Daten", lambda: carriers.clear_folder(before=at - MAILS_KEPT)),
        ("Verzeichnis", lambda: projection.rebuild(on=timezone.localdate(at))),
        ("Notfallmappe", lambda: emergency.write(at=at)),
        ("Anker des Zugriffsprotokolls", lambda: anchor.write(at=at)),
    ]
    if settings.BACKUPS_ARE_MADE:
        folder = Path(settings.BACKUPS_DIR).absolute()
        parts += [
            ("Telefonliste für den Notfall", lambda: call_list.seal(folder, by=retention.ACTOR, at=at)),
            ("Sicherung", backups.back_up),
        ]
    failed = [name for name, work in parts if not _done(work)]
    failed += [f"Löschfrist bei {each.rule.label}" for each in taken if each.is_stuck]
    return Night(tuple(taken), tuple(failed))


def ask_whether_they_stay(at: datetime) -> None:
    """Ask the people on the lists of every office whose consent ends soon whether they wish to stay."""
    from kontaktstelle.foundings import staying
    from kontaktstelle.organisation.models import ContactPoint
    from kontaktstelle.organisation.tenancy import acting_for

    for contact_point in ContactPoint.objects.order_by("pk"):
        with acting_for(contact_point):
            staying.ask_due(at=at)


def _done(work: Callable[[], object]) -> bool:
    from django.db import connection

    try:
        work()
    except Exception:
        # A folder or a database that is away for a night ends nothing else; `check` names a backup that is overdue.
        logging.getLogger("kontaktstelle.privacy").exception("nightly work is stuck")
        if not connection.in_atomic_block:
            connection.close()
        return False
    return True


def run_nightly(arguments: argparse.Namespace) -> int:
    """Run `nightly`; status 1 if a part failed."""
    from django.utils import timezone

    from kontaktstelle.privacy import retention

    failed: tuple[str, ...] = ()
    if arguments.preview:
        found = [(each.rule, len(each.numbers)) for each in retention.coming(at=timezone.now())]
    else:
        night = nightly(timezone.now(), progress=Progress("Löschfristen"))
        found, failed = [(each.rule, each.count) for each in night.taken], night.failed
    if arguments.json:
        rows = [
            {"model": rule.label, "what": rule.what, "count": count, "then": str(rule.then)}
            for rule, count in found
        ]
        as_json({"rows": rows, "failed": list(failed)})
        return STUCK if failed else 0
    for rule, count in found:
        line(f"{count:6} × {rule.what}: {'wird ' if arguments.preview else ''}{rule.then.label}")
    if not found:
        line("Bis morgen ist nichts fällig." if arguments.preview else "Es war nichts fällig.")
    for name in failed:
        line(f"Nicht gelungen: {name}. Alles andere ist getan. Einzelheiten stehen im Protokoll.")
    return STUCK if failed else 0
