"""Löschfristen at the console: what goes tomorrow, and the nightly work by hand."""

import argparse
from typing import Any

from .printing import Progress, as_json, line

STUCK = 1


def add_commands(commands: Any) -> None:
    """Add `retention`."""
    retention = commands.add_parser(
        "retention", help="löschen und entpersönlichen, was fällig ist (geschieht sonst jede Nacht)"
    )
    retention.add_argument(
        "--dry-run", action="store_true", help="nur sagen, was bis morgen um diese Zeit fällig ist"
    )
    retention.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    retention.set_defaults(run=run_retention)


def run_retention(arguments: argparse.Namespace) -> int:
    """Run `retention`; status 1 if a rule is stuck."""
    from django.utils import timezone

    from kontaktstelle.privacy import retention

    stuck: list[str] = []
    if arguments.dry_run:
        found = [(each.rule, len(each.numbers)) for each in retention.coming(at=timezone.now())]
    else:
        taken = retention.run(at=timezone.now(), progress=Progress("Löschfristen"))
        found = [(each.rule, each.count) for each in taken]
        stuck = [each.rule.label for each in taken if each.is_stuck]
    if arguments.json:
        rows = [
            {"model": rule.label, "what": rule.what, "count": count, "then": str(rule.then)}
            for rule, count in found
        ]
        as_json({"rows": rows, "stuck": stuck})
        return STUCK if stuck else 0
    for rule, count in found:
        line(f"{count:6} × {rule.what}: {'wird ' if arguments.dry_run else ''}{rule.then.label}")
    for label in stuck:
        line(
            f"Bei {label} geht es nicht weiter; die anderen Fristen sind erledigt. Einzelheiten stehen im Protokoll."
        )
    if not found:
        line("Bis morgen ist nichts fällig." if arguments.dry_run else "Es war nichts fällig.")
    return STUCK if stuck else 0
