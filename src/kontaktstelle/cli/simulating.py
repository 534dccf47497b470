"""Try the yearly question on invented groups: `simulate-confirmation`. It reads and writes nothing."""

import argparse
from dataclasses import replace
from datetime import date
from typing import Any

from .printing import as_json, line

START = date(2026, 1, 1)


def add_commands(commands: Any) -> None:
    """Add the command."""
    simulate = commands.add_parser(
        "simulate-confirmation",
        help="durchrechnen, wie viele Gruppen die jährliche Nachfrage bestätigen, und was sie an Zeit kostet",
    )
    simulate.add_argument("--groups", type=int, default=250, metavar="ANZAHL", help="Gruppen; sonst 250")
    simulate.add_argument("--years", type=int, default=2, metavar="JAHRE", help="wie lange; sonst 2")
    simulate.add_argument("--seed", type=int, default=4, metavar="ZAHL", help="Zufall, wiederholbar; sonst 4")
    simulate.add_argument(
        "--mail",
        type=float,
        nargs=3,
        metavar="ANTEIL",
        help="Antworten je Runde per E-Mail; sonst 0.45 0.20 0.10",
    )
    simulate.add_argument(
        "--letter", type=float, metavar="ANTEIL", help="Antworten auf einen Brief; sonst 0.40"
    )
    simulate.add_argument("--call", type=float, metavar="ANTEIL", help="Antworten je Anruf; sonst 0.75")
    simulate.add_argument("--unreachable", type=float, metavar="ANTEIL", help="nie erreichbar; sonst 0.03")
    simulate.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    simulate.set_defaults(run=run_simulation)


def run_simulation(arguments: argparse.Namespace) -> int:
    """Run it with the shares given, and with half of all answers."""
    from kontaktstelle.groups.yearly import simulation

    rates = simulation.Rates()
    if arguments.mail:
        rates = replace(rates, mail=tuple(arguments.mail))
    for name in ("letter", "call", "unreachable"):
        if (share := getattr(arguments, name)) is not None:
            rates = replace(rates, **{name: share})
    given = {
        "groups": max(arguments.groups, 1),
        "years": max(arguments.years, 1),
        "start": START,
        "seed": arguments.seed,
    }
    results = {
        "as-given": simulation.simulate(rates=rates, **given),
        "halved": simulation.simulate(rates=rates.halved(), **given),
    }
    if arguments.json:
        as_json({name: _plain(result) for name, result in results.items()})
        return 0
    line(
        f"{given['groups']} Gruppen, {given['years']} Jahre, ein Bestand mit unbekanntem Stand am ersten Tag"
    )
    for title, result in zip(("wie angegeben", "alle Antworten halbiert"), results.values(), strict=True):
        found = _plain(result)
        line(f"\n{title}")
        line(
            f"  binnen zwölf Monaten bestätigt: am Ende {found['confirmed_at_the_end']:.1%}, nach einem Jahr {found['confirmed_after_one_year']:.1%}, im zweiten Jahr nie unter {found['lowest_in_second_year']:.1%}"
        )
        line(f"  kürzester Abstand zwischen zwei Fragen: {found['least_days_between']} Tage")
        line(f"  Zeit der Mitarbeitenden: {found['hours_a_year']:.0f} Stunden im Jahr")
        line(
            f"  im Ganzen: {found['mails']} Mails, {found['letters']} Briefe, {found['announcements']} Ankündigungen, {found['calls']} Anrufe, {found['decisions']} Entscheidungen"
        )
    minutes = ", ".join(f"{_WORK[name]} {value:g}" for name, value in simulation.MINUTES.items())
    line(f"\nangenommene Minuten: {minutes}")
    return 0


_WORK = {
    "letter": "Brief", "sheet": "Blatt eintragen", "reply": "Antwort lesen", "call-reached": "Anruf, erreicht",
    "call-missed": "Anruf, nicht erreicht", "decision": "Entscheidung",
}  # fmt: skip


def _plain(result: Any) -> dict[str, Any]:
    counts = {
        name: result.counts[name]
        for name in ("mails", "letters", "announcements", "calls", "confirmed", "decisions")
    }
    return {
        "confirmed_at_the_end": result.at_the_end,
        "confirmed_after_one_year": result.after_one_year,
        "lowest_in_second_year": result.lowest_in_second_year,
        "least_days_between": result.least_days_between,
        "hours_a_year": result.hours_a_year,
        **counts,
    }
