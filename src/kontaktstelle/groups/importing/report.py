"""What an import did or would do: line by line, in counts, as JSON and as German text."""

import enum
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kontaktstelle.topics import tree

from .topic_cells import UnknownTopic


class Outcome(enum.StrEnum):
    """What happens to a line."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBLE = "double"
    EMPTY = "empty"
    REFUSED = "refused"


WORDS: dict[Outcome, str] = {
    Outcome.NEW: "neu",
    Outcome.CHANGED: "geändert",
    Outcome.UNCHANGED: "unverändert",
    Outcome.DOUBLE: "doppelt",
    Outcome.EMPTY: "leer oder wiederholte Überschrift",
    Outcome.REFUSED: "abgelehnt",
}


@dataclass(slots=True)
class Line:
    """One line of the file: its number there, what happens, the headings that change, why not, what to look at."""

    number: int
    outcome: Outcome
    name: str = ""
    fields: tuple[str, ...] = ()
    sentence: str = ""
    hints: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values, without what is empty."""
        known: dict[str, Any] = {
            "line": self.number,
            "outcome": str(self.outcome),
            "name": self.name,
            "fields": list(self.fields),
            "sentence": self.sentence,
            "hints": list(self.hints),
        }
        return {key: value for key, value in known.items() if value or key in {"line", "outcome"}}


@dataclass(slots=True)
class Report:
    """The report of one import.

    `written` says whether anything stands in the database now; `run` is the number by which it can be taken back.
    `columns` are heading → field as read, `notes` concern the file as a whole.
    """

    file_name: str
    dry_run: bool
    lines: list[Line] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    unknown_topics: list[UnknownTopic] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    written: bool = False
    run: uuid.UUID | None = None

    def count(self, outcome: Outcome) -> int:
        """Return how many lines had this outcome."""
        return sum(line.outcome is outcome for line in self.lines)

    def counts(self) -> dict[Outcome, int]:
        """Return how many lines had each outcome."""
        found = Counter(line.outcome for line in self.lines)
        return {outcome: found[outcome] for outcome in Outcome}

    @property
    def is_refused(self) -> bool:
        """Whether a line stops the file."""
        return any(line.outcome is Outcome.REFUSED for line in self.lines)

    def summary(self) -> str:
        """Return the counts as one German line: "3 neu, 0 geändert, 2 unverändert"."""
        found = self.counts()
        always = (Outcome.NEW, Outcome.CHANGED)
        return ", ".join(
            f"{found[outcome]} {WORDS[outcome]}" for outcome in Outcome if outcome in always or found[outcome]
        )

    def as_json(self) -> dict[str, Any]:
        """Return plain values for printing as JSON."""
        return {
            "file": self.file_name,
            "dry_run": self.dry_run,
            "written": self.written,
            "run": str(self.run) if self.run else None,
            "counts": {str(outcome): number for outcome, number in self.counts().items()},
            "columns": self.columns,
            "unknown_columns": self.unknown_columns,
            "unknown_topics": [
                {
                    "word": topic.word,
                    "lines": topic.lines,
                    "count": topic.count,
                    "proposals": [{"id": each, "label": tree.label(each)} for each in topic.proposals],
                }
                for topic in self.unknown_topics
            ],
            "notes": self.notes,
            "lines": [line.as_json() for line in self.lines],
        }

    def as_text(self) -> str:
        """Return the report in German, fit for a terminal or a mail to a colleague."""
        parts = [f"Import von {self.file_name}: {self.summary()}.", self._verdict()]
        parts += _block("Zur Datei", self.notes)
        parts += _block(
            "Abgelehnt",
            [
                f"Zeile {line.number}{_named(line)}: {line.sentence}"
                for line in self.lines
                if line.outcome is Outcome.REFUSED
            ],
        )
        if self.unknown_columns:
            parts += _block(
                "Diese Spalten kennen wir nicht; ihr Inhalt wird nicht übernommen", self.unknown_columns
            )
        parts += _block("Themen ohne Zuordnung", [_topic(topic) for topic in self.unknown_topics])
        parts += _block(
            "Bitte ansehen",
            [f"Zeile {line.number}{_named(line)}: {hint}" for line in self.lines for hint in line.hints],
        )
        parts += _block(
            "Geändert",
            [
                f"Zeile {line.number}{_named(line)}: {', '.join(line.fields)}"
                for line in self.lines
                if line.outcome is Outcome.CHANGED
            ],
        )
        parts += _block(
            "Doppelt",
            [
                f"Zeile {line.number}{_named(line)}: {line.sentence}"
                for line in self.lines
                if line.outcome is Outcome.DOUBLE
            ],
        )
        parts += _block(
            "Neu",
            [f"Zeile {line.number}{_named(line)}" for line in self.lines if line.outcome is Outcome.NEW],
        )
        return "\n".join(parts) + "\n"

    def _verdict(self) -> str:
        if self.is_refused:
            return "Es wurde nichts geschrieben: Erst wenn keine Zeile mehr abgelehnt wird, kommt die Liste hinein."
        if self.dry_run:
            return "Das war eine Probe. Es wurde nichts geschrieben."
        if not self.written:
            return "Es gab nichts zu schreiben."
        return (
            "Alles ist geschrieben. Der Import lässt sich zurücknehmen, solange niemand etwas daran ändert."
        )


def _named(line: Line) -> str:
    return f" „{line.name[:60]}“" if line.name else ""


def _topic(topic: UnknownTopic) -> str:
    lines = ", ".join(str(number) for number in topic.lines[:5])
    meant = " oder ".join(f"„{tree.label(each)}“ ({each})" for each in topic.proposals)
    more = f" und {topic.count - 5} weitere" if topic.count > 5 else ""  # noqa: PLR2004 - five lines are shown
    return f"„{topic.word}“ (Zeile {lines}{more}){f' – gemeint vielleicht {meant}?' if meant else ''}"


def _block(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {line}" for line in lines)] if lines else []
