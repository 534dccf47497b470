"""Ask the directory and the readers of words: `search`, `rhythm`, `evaluate-search`."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kontaktstelle.refusal import StepRefused

from .printing import as_json, line

DEFAULT_LIMIT = 20
MOST = 200


class NothingAsked(StepRefused):
    """Neither words nor a file."""

    sentence = "Bitte Wörter angeben oder mit --file eine Datei mit einer Zeile je Anfrage."


class PlaceNotClear(StepRefused):
    """The place is not known, or several have its name: searching everywhere instead would be a silent loss."""


def add_commands(commands: Any) -> None:
    """Add the commands."""
    search = commands.add_parser("search", help="Gruppen suchen, wie es die Seite tut")
    search.add_argument("words", nargs="*", metavar="WORT", help="die eigenen Worte")
    search.add_argument("--near", metavar="ORT", default="", help="Postleitzahl oder Ort")
    search.add_argument(
        "--radius", type=float, default=25, metavar="KM", help="Umkreis in Kilometern (sonst 25)"
    )
    search.add_argument(
        "--limit", type=int, default=DEFAULT_LIMIT, metavar="N", help="höchstens so viele Gruppen (sonst 20)"
    )
    search.add_argument("--file", metavar="DATEI", help="eine Anfrage je Zeile, eine Antwort je Zeile")
    search.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    search.set_defaults(run=run_search)
    rhythm = commands.add_parser("rhythm", help="lesen, wann eine Gruppe sich trifft")
    rhythm.add_argument("words", nargs="*", metavar="TEXT", help="z. B. „jeden 1. Dienstag im Monat, 19 Uhr“")
    rhythm.add_argument("--file", metavar="DATEI", help="ein Text je Zeile, eine Antwort je Zeile")
    rhythm.add_argument(
        "--measure", metavar="DATEI", help="Ausdrücke mit Lesung (Tabulator): wie viele stimmen"
    )
    rhythm.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    rhythm.set_defaults(run=run_rhythm)
    evaluate = commands.add_parser("evaluate-search", help="messen, wie gut Worte verstanden werden")
    evaluate.add_argument("file", metavar="DATEI", nargs="?", help="Anfragen mit Antworten, JSON je Zeile")
    evaluate.add_argument(
        "--set-aside",
        action="store_true",
        help="auch mit zurückgelegten Phrasen messen (lernt mehrmals, dauert Minuten)",
    )
    evaluate.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    evaluate.set_defaults(run=run_evaluate)


def run_search(arguments: argparse.Namespace) -> int:
    """Answer one search, or one per line of a file, in order, in one process."""
    if arguments.limit < 1 or arguments.limit > MOST:
        raise StepRefused(f"--limit muss zwischen 1 und {MOST} liegen.")
    if not 0 < arguments.radius <= 1000:  # noqa: PLR2004 - Germany is smaller
        raise StepRefused("--radius muss zwischen 1 und 1000 Kilometern liegen.")
    _check_place(arguments.near)
    for words in _asked(arguments):
        answer = answer_of(words, near=arguments.near, radius_km=arguments.radius, limit=arguments.limit)
        if arguments.json or arguments.file:
            as_json(answer)
        else:
            _print_answer(answer)
    return 0


def _check_place(near: str) -> None:
    """Refuse a place nobody knows or several have.

    Raises:
        PlaceNotClear: with what to write instead.
    """
    from kontaktstelle import places

    finding = places.find(near) if near else None
    if finding is None or finding.place:
        return
    if finding.choices:
        named = ", ".join(place.label() for place in finding.choices)
        raise PlaceNotClear(f"„{near}“ gibt es mehrmals: {named}. Bitte die Postleitzahl angeben.")
    raise PlaceNotClear(finding.note)


def answer_of(words: str, *, near: str, radius_km: float, limit: int) -> dict[str, Any]:
    """Return the answer to a search as plain values."""
    from django.utils import timezone

    from kontaktstelle import places
    from kontaktstelle.directory import search
    from kontaktstelle.network import helplines
    from kontaktstelle.topics.resolving import resolve

    understood = resolve(words)
    finding = places.find(near) if near else None
    place = finding.place if finding else understood.place
    point = search.Near(place.lat, place.lon, radius_km) if place else None
    kinds = [understood.danger] if understood.danger else ["need"] if understood.need else []
    lines = helplines.lines_for(kinds, land=place.land if place else "", at=timezone.now()) if kinds else []
    hits = (
        search.answer(understood, near=point, limit=limit) if understood.topics or understood.for_text else []
    )
    return {
        "danger": bool(understood.danger),
        "need": understood.need,
        "helplines": [{"name": each.name, "numbers": list(each.numbers)} for each in lines],
        "understood": {
            "topics": [{"id": topic.id, "weight": topic.weight} for topic in understood.topics],
            "audience": list(understood.audience),
            "place": place.name if place else None,
        },
        "notice": finding.note if finding and finding.note else None,
        "results": [
            {
                "name": entry.name,
                "topics": entry.topics,
                "audience": entry.audience,
                "town": entry.town,
                "distance_km": round(hit.distance_km, 1) if hit.distance_km is not None else None,
                "url": f"/gruppe/{entry.slug}/",
            }
            for hit, entry in hits
        ],
    }


def run_rhythm(arguments: argparse.Namespace) -> int:
    """Read meeting times."""
    from kontaktstelle.groups import rhythm

    if arguments.measure:
        report = rhythm.measure(Path(arguments.measure))
        figures = {
            "expressions": report.total,
            "exact": len(report.exact),
            "incomplete": len(report.incomplete),
            "not understood": len(report.not_understood),
            "wrong": len(report.wrong),
        }
        if arguments.json:
            as_json(figures)
        else:
            for name, count in figures.items():
                line(f"{name:20} {count}")
            for each in [*report.incomplete, *report.not_understood, *report.wrong]:
                line(f"  {each.expression}: {each.actual} statt {each.expected}")
        return 0
    for text in _asked(arguments):
        reading = rhythm.read(text)
        if arguments.json or arguments.file:
            as_json(reading.as_json())
        else:
            line(reading.text if reading.understood else "nicht verstanden, bleibt als Text stehen")
    return 0


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Measure understanding; prints the figures of docs/reference/figures.md."""
    from . import evaluation

    queries = _queries(Path(arguments.file)) if arguments.file else []
    report = evaluation.measure(queries, set_aside=arguments.set_aside)
    if arguments.json:
        as_json(report)
    else:
        evaluation.show(report)
    return 0


def _queries(file: Path) -> list[dict[str, Any]]:
    """Return the queries of a file, one JSON object per line."""
    queries = []
    for number, each in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not each.strip():
            continue
        try:
            query = json.loads(each)
        except json.JSONDecodeError as error:
            raise StepRefused(f"Zeile {number} der Datei ist kein JSON.") from error
        if not isinstance(query, dict) or not isinstance(query.get("query"), str):
            raise StepRefused(f"Zeile {number} der Datei ist keine Anfrage: Es fehlt „query“.")
        queries.append({"relevant": [], "crisis": False, **query})
    return queries


def _asked(arguments: argparse.Namespace) -> Iterator[str]:
    if arguments.file == "-":
        yield from (each.rstrip("\r\n") for each in sys.stdin)
    elif arguments.file:
        with Path(arguments.file).open(encoding="utf-8", errors="replace") as source:
            yield from (each.rstrip("\r\n") for each in source)
    elif arguments.words:
        yield " ".join(arguments.words)
    else:
        raise NothingAsked


def _print_answer(answer: dict[str, Any]) -> None:
    from kontaktstelle.topics import tree

    if answer["danger"]:
        line("Sofort Hilfe:")
    elif answer["need"]:
        line("Behandlung gesucht:")
    for each in answer["helplines"]:
        line(f"  {' · '.join(each['numbers'])}  {each['name']}")
    topics = answer["understood"]["topics"]
    line(
        "Verstanden: "
        + (", ".join(tree.label(topic["id"]) for topic in topics) if topics else "noch nichts sicher")
    )
    if answer["notice"]:
        line(answer["notice"])
    for each in answer["results"]:
        distance = f"{each['distance_km']:.0f} km" if each["distance_km"] is not None else ""
        line(f"  {each['name']} · {each['town']} {distance}".rstrip(" ·"))
    if not answer["results"]:
        line("Dazu steht noch keine Gruppe im Verzeichnis. Die Kontaktstelle sucht mit Ihnen.")
