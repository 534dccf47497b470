"""Notfallmappe: write it by hand, seal the telephones of the groups for staff, and open them on another machine."""

import argparse
import os
from pathlib import Path
from typing import Any

from kontaktstelle.refusal import StepRefused

from .acting import ACTOR
from .backups import KeysMissing, copies_of
from .printing import as_json, line

PAGE = "telefonliste.html"


class NoFolder(StepRefused):
    """Nobody said where the sealed list is to lie."""

    sentence = "Bitte mit --to einen Ordner nennen, am besten auf einem anderen Rechner (oder KONTAKTSTELLE_BACKUPS einrichten)."


def add_commands(commands: Any) -> None:
    """Add `emergency write` and `emergency open`."""
    emergency = commands.add_parser(
        "emergency",
        help="Notfallmappe schreiben und die Telefone der Gruppen versiegelt ablegen oder wieder öffnen",
    )
    steps = emergency.add_subparsers(title="Schritte", dest="step", required=True, metavar="SCHRITT")
    write = steps.add_parser(
        "write", help="die öffentliche Mappe und, versiegelt, die Telefonliste der Ansprechpersonen schreiben"
    )
    write.add_argument("--to", type=Path, help="Ordner der versiegelten Liste (sonst KONTAKTSTELLE_BACKUPS)")
    write.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    write.set_defaults(run=run_write)
    opened = steps.add_parser(
        "open",
        help="eine versiegelte Telefonliste öffnen, auch auf einem anderen Rechner, mit der Papierkopie",
    )
    opened.add_argument("file", type=Path, help="die Liste (….telefonliste)")
    opened.add_argument(
        "--keys",
        action="append",
        default=[],
        help="Papierkopie als Textdatei, „-“ zum Abtippen, oder Schlüsseldatei",
    )
    opened.add_argument("--to", type=Path, default=Path(), help="Ordner der lesbaren Seite (sonst dieser)")
    opened.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    opened.set_defaults(run=run_open)


def run_write(arguments: argparse.Namespace) -> int:
    """Run `emergency write`."""
    from django.conf import settings
    from django.utils import timezone

    from kontaktstelle.directory import emergency
    from kontaktstelle.groups import call_list

    folder = arguments.to or (Path(settings.BACKUPS_DIR) if settings.BACKUPS_ARE_MADE else None)
    if folder is None:
        raise NoFolder
    at = timezone.now()
    public, sealed = emergency.write(at=at), call_list.seal(folder.absolute(), by=ACTOR, at=at)
    if arguments.json:
        as_json({"public": str(public), "sealed": str(sealed)})
        return 0
    line(f"Notfallmappe, öffentlich: {public}")
    line(f"Telefone der Gruppen, versiegelt: {sealed}")
    line(
        "Öffnen, auch auf einem anderen Rechner, mit der Papierkopie: kontaktstelle emergency open DATEI --keys -"
    )
    return 0


def run_open(arguments: argparse.Namespace) -> int:
    """Run `emergency open`: writes a page only its owner may read."""
    from django.template.loader import render_to_string

    from kontaktstelle.groups import call_list

    copies = copies_of(arguments.keys)
    if not copies:
        raise KeysMissing
    content = call_list.unseal(arguments.file, [copy.kek for copy in copies])
    page = (arguments.to / PAGE).absolute()
    page.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    page.unlink(missing_ok=True)
    with os.fdopen(os.open(page, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(render_to_string("groups/call_list.html", content))
    groups = sum(len(office["groups"]) for office in content["offices"])
    if arguments.json:
        as_json({"page": str(page), "made_on": content["made_on"], "groups": groups})
        return 0
    line(f"Geöffnet: {groups} Gruppen, Stand {content['made_on']}: {page}")
    line("Diese Seite ist vertraulich. Bitte löschen, sobald sie nicht mehr gebraucht wird.")
    return 0
