"""Keys: print them on paper, read them from paper, replace the main key, destroy a month's key."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kontaktstelle.refusal import StepRefused

from .acting import ACTOR
from .printing import Progress, as_json, line

if TYPE_CHECKING:
    from kontaktstelle.privacy.paper import Copy


class PaperWouldLie(StepRefused):
    """The sheets would be written where they must not lie."""

    sentence = "Dort darf die Papierkopie nicht liegen."


def add_commands(commands: Any) -> None:
    """Add `keys print`, `restore`, `rotate`, `list`, `renew` and `destroy`."""
    keys = commands.add_parser(
        "keys", help="Schlüssel: Papierkopie drucken und einlesen, Hauptschlüssel wechseln, vernichten"
    )
    steps = keys.add_subparsers(title="Schritte", dest="step", required=True, metavar="SCHRITT")
    sheets = steps.add_parser("print", help="die Papierkopie als PDF schreiben: zwei Blätter, Leitung und IT")
    rotate = steps.add_parser(
        "rotate",
        help="den Hauptschlüssel wechseln und die neue Papierkopie schreiben; darf wiederholt werden",
    )
    for each in (sheets, rotate):
        each.add_argument(
            "--to", type=Path, help="Datei (sonst papierkopie-NAME.pdf im Ordner der Schlüssel)"
        )
        each.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    sheets.set_defaults(run=run_print)
    rotate.set_defaults(run=run_rotate)
    restore = steps.add_parser(
        "restore", help="die Schlüssel von der Papierkopie einlesen: abgetippt oder aus einer Textdatei"
    )
    restore.add_argument("file", nargs="?", type=Path, help="Textdatei mit den Zeilen (sonst tippen)")
    restore.add_argument(
        "--check", action="store_true", help="nur prüfen, ob das Blatt zu den Schlüsseln hier passt"
    )
    restore.set_defaults(run=run_restore)
    listed = steps.add_parser("list", help="die Schlüssel der Monate und wie viele Angaben jeder noch öffnet")
    listed.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    listed.set_defaults(run=run_list)
    renew = steps.add_parser(
        "renew",
        help="was der Schlüssel eines Monats noch öffnet, mit dem Schlüssel dieses Monats neu versiegeln",
    )
    renew.add_argument("key", help="z. B. cp3/2025-03")
    renew.set_defaults(run=run_renew)
    destroy = steps.add_parser(
        "destroy", help="den Schlüssel eines Monats vernichten, wenn er nichts mehr öffnet"
    )
    destroy.add_argument("key", help="z. B. cp3/2025-03")
    destroy.set_defaults(run=run_destroy)


def run_print(arguments: argparse.Namespace) -> int:
    """Run `keys print`."""
    from kontaktstelle.privacy import paper

    copy = paper.here()
    file = _print(copy, arguments.to)
    if arguments.json:
        as_json({"key": copy.name, "file": str(file)})
        return 0
    line(f"Papierkopie des Schlüssels {copy.name}: {file}")
    line(f"Bitte drucken, in zwei Umschläge stecken und die Datei löschen: rm {file}")
    return 0


def run_rotate(arguments: argparse.Namespace) -> int:
    """Run `keys rotate`: the new paper first, then the new key."""
    from django.utils import timezone

    from kontaktstelle.privacy import paper, rotation

    begun = paper.Copy(rotation.begin(), paper.here().signing)
    file = _print(begun, arguments.to)
    count = rotation.finish(by=ACTOR, at=timezone.now(), progress=Progress("Schlüssel"))
    if arguments.json:
        as_json({"key": begun.name, "file": str(file), "wrapped": count})
        return 0
    line(f"Der Hauptschlüssel heißt jetzt {begun.name}; {count} Schlüssel sind mit ihm neu verpackt.")
    line(f"Neue Papierkopie: {file}. Bitte gleich drucken und die Datei löschen.")
    line("Das alte Blatt öffnet ältere Sicherungen: noch 40 Tage aufheben, dann schreddern.")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Run `keys restore`."""
    from kontaktstelle.privacy import keys, paper

    copy = read_paper(arguments.file)
    if arguments.check:
        if not keys.kek_file().exists():
            line(f"Die Papierkopie {copy.name} ist lesbar. Hier liegt kein Hauptschlüssel zum Vergleichen.")
            return 1
        if how := paper.differs(copy):
            line(how)
            return 1
        line(f"Die Papierkopie {copy.name} ist lesbar und passt zu den Schlüsseln hier.")
        return 0
    if paper.put_in_place(copy):
        line(f"Die Schlüssel der Papierkopie {copy.name} liegen jetzt in {keys.kek_file().parent}.")
    else:
        line(f"Die Schlüssel der Papierkopie {copy.name} liegen schon hier.")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """Run `keys list`."""
    from kontaktstelle.privacy import keys, rotation

    found = rotation.months()
    if arguments.json:
        as_json({"key": keys.name_of(keys.kek()), "months": found})
        return 0
    line(f"Hauptschlüssel: {keys.name_of(keys.kek())}")
    for kid, count in found.items():
        line(f"  {kid:16} {'öffnet nichts mehr' if not count else f'öffnet {count} Angaben'}")
    return 0


def run_renew(arguments: argparse.Namespace) -> int:
    """Run `keys renew`."""
    from django.utils import timezone

    from kontaktstelle.privacy import rotation

    count = rotation.renew(arguments.key, by=ACTOR, at=timezone.now(), progress=Progress("Angaben"))
    line(f"{count} Angaben sind neu versiegelt; der Schlüssel {arguments.key} öffnet nichts mehr.")
    return 0


def run_destroy(arguments: argparse.Namespace) -> int:
    """Run `keys destroy`."""
    from django.utils import timezone

    from kontaktstelle.privacy import rotation

    rotation.destroy(arguments.key, by=ACTOR, at=timezone.now())
    line(f"Der Schlüssel {arguments.key} ist vernichtet.")
    line(
        "In Schlüsselbünden, die schon kopiert sind, steht er noch; die nächste Sicherung schreibt einen neuen."
    )
    return 0


def read_paper(file: Path | None) -> "Copy":
    """Return a paper copy from a text file, or as somebody types it."""
    from kontaktstelle.privacy import paper

    if file is not None:
        return paper.read(file.read_text(encoding="utf-8").splitlines())
    if not sys.stdin.isatty():
        return paper.read(sys.stdin)
    sys.stderr.write("Bitte Zeile für Zeile abtippen, ohne die Zeilennummer. Abbrechen mit Strg+C.\n")
    typed: list[str] = []
    while True:
        number = len(typed) + 1
        asked = input(f"{number}  ")
        if fault := paper.fault_in(number, asked):
            sys.stderr.write(f"{fault}\n")
            continue
        typed.append(f"{number}  {asked}")
        try:
            return paper.read(typed)
        except paper.PaperIncomplete:
            continue


def _print(copy: "Copy", to: Path | None) -> Path:
    from django.conf import settings
    from django.utils import timezone

    from kontaktstelle.organisation.setup import default_office
    from kontaktstelle.privacy import keys, paper_sheets, trail

    file = (to or Path(settings.KEYS_DIR) / f"papierkopie-{copy.name}.pdf").absolute()
    if Path(settings.DATA_DIR) in file.parents:
        raise PaperWouldLie(
            f"{file} liegt im Ordner der Daten und käme neben das, was der Schlüssel öffnet. Bitte einen anderen Ort nennen."
        )
    if to is not None and file.exists():
        raise PaperWouldLie(f"{file} gibt es schon; überschrieben wird nichts.")
    at, office = timezone.now(), default_office()
    pdf = paper_sheets.as_pdf(copy, office=office.name if office else "", at=at)
    trail.record(ACTOR, "keys.printed", object_type="privacy.key", object_id=copy.name, at=at)
    keys.replace(file, pdf)
    return file
