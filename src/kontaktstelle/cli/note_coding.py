"""Code jotted notes: `code-note`. It proposes and stores nothing; a note is read from a file, never from the call."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from kontaktstelle.refusal import StepRefused

from .printing import as_json, line

GUESSED = " (vermutet)"


class NotANote(StepRefused):
    """A line of the file is no note; what stands in it is not repeated."""

    sentence = "Eine Zeile der Datei ist keine Notiz."


def add_commands(commands: Any) -> None:
    """Add the command."""
    code = commands.add_parser("code-note", help="Notizen lesen und die Codierung vorschlagen")
    code.add_argument(
        "--file",
        required=True,
        metavar="DATEI",
        help="eine Notiz je Zeile als JSON mit „id“ und „note“; - liest von der Standardeingabe",
    )
    code.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    code.set_defaults(run=run_code_note)


def run_code_note(arguments: argparse.Namespace) -> int:
    """Propose the coding of each note, in order; nothing is printed if one line is no note."""
    for note in _notes(arguments.file):
        proposal = answer_of(note["id"], note["note"])
        if arguments.json:
            as_json(proposal)
        else:
            _print_proposal(proposal)
    return 0


def answer_of(number: Any, note: str) -> dict[str, Any]:
    """Return the coding proposed for a note as plain values; `guessed` names the fields the note does not tell."""
    from kontaktstelle.enquiries import coding

    proposed = coding.propose(note)
    single = {
        "channel": proposed.channel,
        "person_type": proposed.person_type,
        "direction": proposed.direction,
        "first_contact": proposed.visit,
    }
    several = {"topic": proposed.topics, "outcome": proposed.outcomes, "concern": proposed.concerns}
    guessed = [name for name, value in single.items() if not value.said]
    guessed += [name for name, values in several.items() if not all(value.said for value in values)]
    return {
        "id": number,
        "channel": proposed.channel.value,
        "person_type": proposed.person_type.value,
        "person_detail": proposed.person_detail.value,
        **{name: [value.value for value in values] for name, values in several.items()},
        "direction": proposed.direction.value,
        "first_contact": proposed.visit.value,
        "reached": proposed.reached.value,
        "guessed": guessed,
    }


def _notes(file: str) -> list[dict[str, Any]]:
    """Return the notes of a file, one JSON object per line.

    Raises:
        NotANote: with the number of the line, never with its words.
    """
    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    notes = []
    for number, each in enumerate(text.split("\n"), start=1):
        if not each.strip():
            continue
        try:
            note = json.loads(each)
        except (ValueError, RecursionError):
            # The words of the note must not stand in what a traceback or a journal keeps.
            raise NotANote(f"Zeile {number} der Datei ist kein JSON.") from None
        if not isinstance(note, dict) or not isinstance(note.get("note"), str) or "id" not in note:
            raise NotANote(f"Zeile {number} der Datei ist keine Notiz: Es fehlt „id“ oder „note“.")
        notes.append(note)
    return notes


def _print_proposal(proposal: dict[str, Any]) -> None:
    from kontaktstelle.topics import tree

    def mark(field: str) -> str:
        return GUESSED if field in proposal["guessed"] else ""

    line(f"{proposal['id']}")
    line(f"  Weg        {proposal['channel']}{mark('channel')}")
    detail = f", {proposal['person_detail']}" if proposal["person_detail"] else ""
    line(f"  Wer        {proposal['person_type']}{detail}{mark('person_type')}")
    labels = ", ".join(tree.label(topic) for topic in proposal["topic"])
    line(f"  Thema      {labels or '–'}{mark('topic')}")
    line(f"  Anliegen   {', '.join(proposal['concern']) or '–'}{mark('concern')}")
    line(f"  Ergebnis   {', '.join(proposal['outcome']) or '–'}{mark('outcome')}")
