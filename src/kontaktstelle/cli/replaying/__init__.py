"""`replay-report`: does a published year come back? And `figures`: the figures of a year, as the product counts them.

A published report is read into numbers that ordinary records must add up to (`reading`), the records are written in a scratch
installation by one process (`records`), and counted by another one that is told the years and nothing else: `figures`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kontaktstelle.cli.printing import as_json, line
from kontaktstelle.refusal import StepRefused

COMES_BACK, DOES_NOT = 0, 1


class NotAReport(StepRefused):
    """The file is no published report."""

    sentence = "Die Datei ist kein veröffentlichter Bericht: Erwartet wird JSON mit „year“ und „figures“."


class ScratchError(RuntimeError):
    """The scratch installation could not be written or counted."""


def add_commands(commands: Any) -> None:
    """Add both commands."""
    replay = commands.add_parser(
        "replay-report",
        help="einen veröffentlichten Bericht als Tagewerk nachstellen und mit demselben Programm zählen",
    )
    replay.add_argument("file", metavar="DATEI", help="JSON mit „year“ und „figures“")
    replay.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    replay.set_defaults(run=run_replay)
    figures = commands.add_parser("figures", help="die Zahlen eines Jahres, wie das Programm sie zählt")
    figures.add_argument("years", nargs="+", type=int, metavar="JAHR", help="z. B. 2025")
    figures.add_argument("--contact-point", metavar="KÜRZEL", help="welche Kontaktstelle (sonst die erste)")
    figures.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    figures.set_defaults(run=run_figures)


def run_figures(arguments: argparse.Namespace) -> int:
    """Count the years in this installation. For the office's own eyes: nothing is suppressed."""
    from kontaktstelle.cli.acting import UnknownContactPoint, office_of
    from kontaktstelle.enquiries.figures import Period
    from kontaktstelle.organisation.setup import default_office
    from kontaktstelle.organisation.tenancy import acting_for
    from kontaktstelle.reporting import counting

    office = office_of(arguments.contact_point) if arguments.contact_point else default_office()
    if office is None:
        raise UnknownContactPoint
    with acting_for(office):
        counted = {year: counting.figures_of(Period.year(year)) for year in arguments.years}
    if arguments.json:
        as_json({str(year): _plain(figures) for year, figures in counted.items()})
        return 0
    for year, figures in counted.items():
        line(f"{year}, für das eigene Haus: kleine Zahlen sind nicht verdeckt")
        for figure in figures.figures.values():
            line(f"  {figure.definition.name:60} {figure.value:>9}  {figure.definition.unit}")
    return 0


def run_replay(arguments: argparse.Namespace) -> int:
    """Replay one report; the exit status says whether every eligible figure came back."""
    # The process that writes the records imports this module before Django is set up.
    from . import judging, reading

    try:
        published = json.loads(Path(arguments.file).read_text(encoding="utf-8"))
        plan = reading.read(published)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotAReport from None
    counted = in_scratch(plan.records(), sorted({wanted.year for wanted in plan.wanted}))
    result = judging.judge(published, plan, counted)
    if arguments.json:
        as_json(result)
    else:
        judging.show(result)
    return COMES_BACK if result["all_back"] else DOES_NOT


def in_scratch(records: Sequence[dict[str, Any]], years: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Write records in an installation of their own, count the years in another process, throw all of it away."""
    if not records:
        return {}
    with tempfile.TemporaryDirectory(prefix="kontaktstelle-replay-") as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KONTAKTSTELLE_")},
            "KONTAKTSTELLE_DATA": f"{folder}/data",
            "KONTAKTSTELLE_KEYS": f"{folder}/keys",
        }
        Path(folder, "data").mkdir()
        _run(["kontaktstelle.cli.replaying.records"], environment, given=json.dumps(list(records)))
        answer = _run(["kontaktstelle", "figures", "--json", *map(str, years)], environment)
    return {int(year): figures for year, figures in json.loads(answer).items()}


def _run(call: list[str], environment: dict[str, str], *, given: str = "") -> str:
    done = subprocess.run(  # noqa: S603 - our own interpreter and modules
        [sys.executable, "-m", *call],
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ScratchError(done.stderr[-2000:])
    return done.stdout


def _plain(figures: Any) -> dict[str, Any]:
    return {
        key: {
            "value": figure.value,
            "by": {by: dict(table.values) for by, table in figure.breakdowns.items()},
        }
        for key, figure in figures.figures.items()
    }
