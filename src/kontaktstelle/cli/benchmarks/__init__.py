"""Benchmarks: ratios in one interleaved run, printed; nothing is asserted by the clock. They need the packages of the tests."""

import argparse
from typing import Any

from kontaktstelle.refusal import StepRefused

# "import" is a word of the language and cannot name a module.
MODULES = {"import": "bulk"}


class NeedsTestPackages(StepRefused):
    """The engines to compare with come with the packages of the tests."""

    sentence = "Für die Vergleiche fehlen Pakete. Bitte einmal „make test“ ausführen; das installiert sie."


def add_commands(commands: Any) -> None:
    """Add `bench` with its kinds."""
    bench = commands.add_parser(
        "bench",
        help="messen: Suche, Seite, Import, Start, Anfrage, Schreibtisch, Sicherung, Bericht (Verhältnisse in einem Lauf)",
    )
    bench.add_argument(
        "what",
        choices=["search", "page", "import", "start", "enquiry", "desk", "backup", "report"],
        metavar="WAS",
        help="search, page, import, start, enquiry, desk, backup oder report",
    )
    bench.add_argument(
        "--groups",
        type=int,
        default=0,
        help="wie viele erzeugte Gruppen (sonst 100.000, beim Import 50.000 Zeilen, am Schreibtisch 250; Anfragen bei der Sicherung)",
    )
    bench.add_argument("--queries", type=int, default=400, help="Anfragen je Art (sonst 400)")
    bench.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    bench.set_defaults(run=run_bench)


def run_bench(arguments: argparse.Namespace) -> int:
    """Run one benchmark in a throw-away installation and print its table."""
    from importlib import import_module

    from kontaktstelle.cli.printing import as_json, line

    try:
        module = import_module(f".{MODULES.get(arguments.what, arguments.what)}", __name__)
        table = module.run(groups=arguments.groups, queries=arguments.queries)
    except ModuleNotFoundError as missing:
        if missing.name and missing.name.startswith("kontaktstelle"):
            raise
        raise NeedsTestPackages from missing
    if arguments.json:
        as_json(table)
    else:
        for name, value in table.items():
            line(f"{name:64} {value}")
    return 0
