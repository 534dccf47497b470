"""Mappe für IT, Datenschutz und Personalrat: written to a folder of one's own."""

import argparse
from pathlib import Path
from typing import Any

from .acting import office_of
from .printing import line


def add_commands(commands: Any) -> None:
    """Add `papers`."""
    papers = commands.add_parser(
        "papers", help="die Mappe für IT, Datenschutz und Personalrat schreiben, als PDF und als Seite"
    )
    papers.add_argument("slug", metavar="KÜRZEL", help="die Kontaktstelle")
    papers.add_argument("--to", type=Path, default=Path(), metavar="ORDNER", help="wohin (sonst hierher)")
    papers.set_defaults(run=run_papers)


def run_papers(arguments: argparse.Namespace) -> int:
    """Write both files; those of an earlier day with the same names are replaced."""
    from django.utils import timezone

    from kontaktstelle.papers import folder

    office = office_of(arguments.slug)
    made = folder.make(office, at=timezone.now())
    arguments.to.mkdir(parents=True, exist_ok=True)
    for ending, content in (("pdf", made.pdf), ("html", made.page.encode())):
        file = arguments.to / f"mappe-{office.slug}.{ending}"
        file.write_bytes(content)
        line(f"Geschrieben: {file}")
    return 0
