"""How well a file of expected readings is read: exact, incomplete, not understood, wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .reading import read
from .shape import notation

_COLUMNS = 4
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """One expression with its expected and its actual reading, each as (rrule, start, end)."""

    expression: str
    expected: tuple[str, str, str]
    actual: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """The lines of a file, sorted by what became of them.

    `wrong` holds every line where something stated differs from what is expected; `incomplete` those where the
    rule is right and a time is missing; `not_understood` those where nothing was read.
    """

    exact: list[Line] = field(default_factory=list)
    incomplete: list[Line] = field(default_factory=list)
    not_understood: list[Line] = field(default_factory=list)
    wrong: list[Line] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many lines the file has."""
        return len(self.exact) + len(self.incomplete) + len(self.not_understood) + len(self.wrong)

    @property
    def share_exact(self) -> float:
        """The share of exact readings, 0 for an empty file."""
        return len(self.exact) / self.total if self.total else 0.0


def measure(path: Path) -> Report:
    """Read every expression of a file and compare.

    Args:
        path: tab-separated, `expression, rrule, start, end` and further columns; lines with `#` are comments.

    Raises:
        ValueError: a line has fewer than four columns.
        OSError: the file cannot be opened.
    """
    report = Report()
    for line in _lines(path):
        _place_of(report, line).append(line)
    return report


def _lines(path: Path) -> Iterator[Line]:
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not raw.strip() or raw.startswith("#"):
            continue
        cells = raw.split("\t")
        if len(cells) < _COLUMNS:
            raise ValueError(f"Zeile {number}: vier Spalten erwartet, {len(cells)} gefunden.")
        expression, rule, start, end = cells[:_COLUMNS]
        reading = read(expression)
        actual = (notation(reading), reading.start or _NOTHING, reading.end or _NOTHING)
        yield Line(expression, (rule, start, end), actual)


def _place_of(report: Report, line: Line) -> list[Line]:
    if line.actual == line.expected:
        return report.exact
    pairs = list(zip(line.expected, line.actual, strict=True))
    if any(actual not in (_NOTHING, expected) for expected, actual in pairs):
        return report.wrong
    return report.incomplete if line.actual[0] == line.expected[0] != _NOTHING else report.not_understood
