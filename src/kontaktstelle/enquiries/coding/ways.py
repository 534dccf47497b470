"""The way a contact came: channel, direction, whether it is the first, how many were reached."""

from collections.abc import Sequence

from . import cues
from .reading import Clause
from .roles import EVENT

TELEPHONE, UNKNOWN, INCOMING = "telefon", "unbekannt", "eingehend"
MOST_REACHED = 100_000
# In how many clauses from the beginning a cue of `channels.tsv` counts, by its column `how`.
_REACHES = {"said": 1_000, "said-start": 2, "first": 1}
# Where a note begins, for `bearings.tsv`.
_OPENING_CLAUSES = 3


def channel(clauses: Sequence[Clause], done: Sequence[bool]) -> tuple[str, bool]:
    """Return the channel and whether the note says so: the first cue from the left outside of what was handed out."""
    guessed: str | None = None
    best: tuple[int, int, int, str] | None = None
    for rank, cue in enumerate(cues.table("channels")):
        name, how = cue.columns
        for number, clause in enumerate(clauses):
            if how == "guessed":
                if cue.fits(clause.words):
                    guessed = guessed or name
                continue
            if (done[number] and number > 0) or number >= _REACHES[how]:
                continue
            place = cue.first(clause.words)
            if place is None or _is_about_later(clause.words, place, name):
                continue
            if best is None or (number, place, rank) < best[:3]:
                best = (number, place, rank, name)
            break
    if best:
        return best[3], True
    # Unstated means unknown; most such contacts are calls, so that is the guess.
    return guessed or (TELEPHONE if clauses else UNKNOWN), False


def bearing(clauses: Sequence[Clause], field: str, otherwise: str) -> tuple[str, bool]:
    """Return the value of a field of `bearings.tsv` and whether the note says so."""
    for cue in cues.table("bearings"):
        name, value, where = cue.columns
        reach = clauses[:_OPENING_CLAUSES] if where == "opening" else clauses
        if name == field and any(cue.fits(clause.words) for clause in reach):
            return value, True
    return otherwise, False


def reached(clauses: Sequence[Clause], by: str) -> int | None:
    """Return how many people a collective contact reached: "ca. 40 Leute am Tisch"."""
    collective = by == EVENT or any(cues.word("TO-MANY").fits(clause.words) for clause in clauses)
    for position, clause in enumerate(clauses if collective else ()):
        for place, word in enumerate(clause.words):
            if word.isdecimal() and 0 < int(word) < MOST_REACHED:
                near = clause.words[place + 1 : place + 3]
                before = clauses[position - 1].words[-1:] if position and len(clause.words) == 1 else ()
                if any(cues.is_one("PEOPLE", each) for each in (*near, *before)):
                    return int(word)
    return None


def is_talk_of_it(clause: Clause) -> bool:
    """Say whether a short clause only says which way a contact came: "pers. im Haus"."""
    return all(
        cues.is_one("NOISE", word) or cues.is_one("CHANNEL-REST", word) for word in clause.words
    ) and any(cue.fits(clause.words) for cue in cues.table("channels") if cue.columns[1] == "said")


def _is_about_later(words: tuple[str, ...], place: int, channel: str) -> bool:
    """Say whether the cue is about what the person will do: "ruft dort selbst an", "bittet um Rückruf per Mail"."""
    around = words[max(0, place - 3) : place + 4]
    return channel == TELEPHONE and any(cues.is_one("LATER", word) for word in around)
