"""Zugriffsprotokoll: check that nobody changed, moved, removed or cut off lines."""

import argparse
from typing import Any

from .printing import as_json, line

FOUND = 1
WRONG = {
    "changed": "ab Zeile {number} verändert, verschoben oder unvollständig",
    "cut": "ab Zeile {number} abgeschnitten: Verankerte Zeilen fehlen",
    "anchor-changed": "der Anker wurde verändert; was danach verankert wurde, ist nicht mehr prüfbar",
}


def add_commands(commands: Any) -> None:
    """Add `trail check`."""
    trail = commands.add_parser("trail", help="Zugriffsprotokoll prüfen")
    steps = trail.add_subparsers(title="Schritte", dest="step", required=True, metavar="SCHRITT")
    check = steps.add_parser(
        "check", help="prüfen, ob das Zugriffsprotokoll verändert, umgestellt oder abgeschnitten wurde"
    )
    check.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    check.set_defaults(run=run_check)


def run_check(arguments: argparse.Namespace) -> int:
    """Run `trail check`; status 1 if something is wrong."""
    from kontaktstelle.privacy import anchor

    found, came_back = anchor.check(), anchor.restorations()
    if arguments.json:
        as_json({
            "ok": not found,
            "findings": [{"contact_point": each.contact_point, "line": each.number, "what": str(each.what)} for each in found],
            "restored": [{"on": on, "contact_point": point, "line": number} for on, point, number in came_back],
        })  # fmt: skip
        return FOUND if found else 0
    for each in found:
        whose = f"der Kontaktstelle {each.contact_point}" if each.contact_point else "der Einrichtung"
        line(f"Das Zugriffsprotokoll {whose}: {WRONG[each.what].format(number=each.number)}.")
    for on, point, number in came_back:
        line(
            f"Hinweis: am {on} aus einer Sicherung zurückgeholt (Kontaktstelle {point}, bis Zeile {number})."
        )
    if not found:
        line("Das Zugriffsprotokoll ist unverändert und vollständig bis zum letzten Anker.")
    return FOUND if found else 0
