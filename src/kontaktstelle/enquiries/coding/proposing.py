"""A note in, a proposal out: `propose`. It only proposes; a person confirms, and nothing of the note is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from . import askers, cues, doing, reading, results, roles, subjects
from .reading import Clause

TELEPHONE, UNKNOWN = "telefon", "unbekannt"
INCOMING = "eingehend"
LONGEST = 4000
MOST_REACHED = 100_000
# Where a note begins.
_YOUNG = range(14, 31)
_OPENING_CLAUSES = 3
_REACHES = {"said": LONGEST, "said-start": 2, "first": 1}
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Proposed(Generic[Value]):
    """A value and whether the note says so (`said`) or it is only likely."""

    value: Value
    said: bool


@dataclass(frozen=True, slots=True)
class Coding:
    """What is proposed for a note.

    `channel`, `person_type`, `direction`, `visit` are words of the field's lists ("unbekannt" where nothing is told);
    `person_detail` is a finer word or ""; `topics` up to three ids, best first; `outcomes` and `concerns` may be empty;
    `reached` how many people a collective contact reached, or None. What is not `said` is a guess and must never be
    stored without a person's key press.
    """

    channel: Proposed[str]
    person_type: Proposed[str]
    person_detail: Proposed[str]
    topics: tuple[Proposed[str], ...]
    outcomes: tuple[Proposed[str], ...]
    concerns: tuple[Proposed[str], ...]
    direction: Proposed[str]
    visit: Proposed[str]
    reached: Proposed[int | None]


def propose(note: str) -> Coding:
    """Return the coding proposed for a note as a counsellor jots it down.

    Args:
        note: any text, abbreviations and half sentences welcome; only the first `LONGEST` characters are read.
    """
    clauses = reading.read(note[:LONGEST])
    done = doing.done(clauses)
    channel = _channel(clauses, done)
    office_talk = [_is_office_talk(clause) or _is_channel_talk(clause) for clause in clauses]
    found = [
        subjects.evidence(clause, done=done[number] and number > 0, office_talk=office_talk[number])
        for number, clause in enumerate(clauses)
    ]
    # A note without signs is one clause: story and answer.
    story = [number for number in range(len(clauses)) if number == 0 or not done[number]]
    told = [number for number in story if not office_talk[number]]
    first_guess = subjects.subjects(clauses, found, told, asker=roles.AFFECTED, beside="")
    asker = askers.who(
        roles.Told(
            clauses=clauses,
            story=story,
            strengths=[each.strength for each in found],
            topics=[each.id for each in first_guess],
            channel=channel.value,
            matters=_matters_of_groups(clauses),
        )
    )
    about = _subjects(clauses, found, told, asker)
    came_of_it = results.outcomes(clauses, done, asker=asker, channel=channel.value, about=bool(about))
    if results.CRISIS in came_of_it and asker.type in roles.SEEKERS:
        about = subjects.with_crisis(about)
    return Coding(
        channel=channel,
        person_type=Proposed(asker.type, asker.said),
        person_detail=Proposed(asker.detail, asker.said),
        topics=tuple(Proposed(each.id, each.said) for each in about),
        outcomes=tuple(Proposed(outcome, said) for outcome, said in came_of_it.items()),
        concerns=_concerns(clauses, done, asker, came_of_it, channel=channel.value, about=bool(about)),
        direction=_bearing(clauses, "direction", INCOMING),
        visit=_bearing(clauses, "visit", UNKNOWN),
        reached=_reached(clauses, channel.value),
    )


def _channel(clauses: Sequence[Clause], done: Sequence[bool]) -> Proposed[str]:
    """Return the way it came: the first cue from the left outside of what was handed out, else a guess."""
    guessed: str | None = None
    best: tuple[int, int, int, str] | None = None
    for rank, cue in enumerate(cues.table("channels")):
        channel, how = cue.columns
        for number, clause in enumerate(clauses):
            if how == "guessed":
                if cue.fits(clause.words):
                    guessed = guessed or channel
                continue
            if (done[number] and number > 0) or number >= _REACHES[how]:
                continue
            place = cue.first(clause.words)
            if place is None or _is_about_later(clause.words, place, channel):
                continue
            if best is None or (number, place, rank) < best[:3]:
                best = (number, place, rank, channel)
            break
    if best:
        return Proposed(best[3], said=True)
    return Proposed(guessed or (TELEPHONE if clauses else UNKNOWN), said=False)


def _is_about_later(words: tuple[str, ...], place: int, channel: str) -> bool:
    """Say whether the cue is about what the person will do: "ruft dort selbst an", "bittet um Rückruf per Mail"."""
    around = words[max(0, place - 3) : place + 4]
    return channel == TELEPHONE and any(cues.is_one("LATER", word) for word in around)


def _is_office_talk(clause: Clause) -> bool:
    """Say whether a clause speaks of calls, lists, rooms, entries: only names of topics are meant there."""
    if any(cues.is_one(name, word) for name in ("CALLER", "RELATION") for word in clause.words):
        return False
    return any(
        cue.fits(clause.words)
        for cue in (*cues.table("outcomes"), *cues.table("concerns"))
        if (cue.columns[1] in {"any", "weak", "never"} and cue.columns[0] != results.CRISIS)
        or (cue.columns[0] in _MATTERS and cue.columns[1].startswith("gruppe"))
    )


def _is_channel_talk(clause: Clause) -> bool:
    """Say whether a short clause only says which way a contact came: "pers. im Haus"."""
    return all(
        cues.is_one("NOISE", word) or cues.is_one("CHANNEL-REST", word) for word in clause.words
    ) and any(cue.fits(clause.words) for cue in cues.table("channels") if cue.columns[1] == "said")


_MATTERS = frozenset({"foerderung", "raum", "gruppenberatung", "verzeichnis"})


def _matters_of_groups(clauses: Sequence[Clause]) -> bool:
    return any(
        cue.fits(clause.words)
        for cue in cues.table("concerns")
        if cue.columns[0] in _MATTERS | {"oeffentlichkeitsarbeit", "fortbildung"}
        and "gruppe" in cue.columns[1]
        for clause in clauses
    )


def _subjects(
    clauses: Sequence[Clause],
    found: Sequence[subjects.Evidence],
    told: Sequence[int],
    asker: roles.Asker,
) -> list[subjects.Subject]:
    beside = any(cues.word("BESIDE").fits(clause.words) for clause in clauses)
    by_child = any(cues.word("BESIDE-A-CHILD").fits(clause.words) for clause in clauses)
    whom = roles.PARENT if by_child else roles.RELATIVE if beside else ""
    chosen = subjects.subjects(
        clauses, found, told, asker=asker.beside or asker.type, beside=whom, young=_is_young(clauses)
    )
    if asker.type not in roles.SEEKERS | {roles.FOUNDER}:
        # Groups, professionals and the press name their topic; what a model makes of their other words is chance.
        if asker.detail == "studium":
            return []
        return (
            [each for each in chosen if each.said]
            if asker.type != roles.PROFESSIONAL
            else _of_clients(chosen)
        )
    return chosen


def _of_clients(chosen: list[subjects.Subject]) -> list[subjects.Subject]:
    """Return what a professional asks for: what is named, and the best guess if it is the only one or comes first."""
    return [each for place, each in enumerate(chosen) if each.said or place == 0]


def _is_young(clauses: Sequence[Clause]) -> bool:
    """Say whether the one who asks is young by a word or by the age given beside a person."""
    return any(
        cues.word("YOUNG").fits(clause.words)
        or any(each.isdecimal() and int(each) in _YOUNG for each in _ages(clause))
        for clause in clauses
    )


def _ages(clause: Clause) -> list[str]:
    """Return numbers that can be an age: beside a person, alone between signs, or before "Jahre" not after "seit"."""
    words = clause.words
    return [
        word
        for place, word in enumerate(words)
        if word.isdecimal()
        and (
            len(words) == 1
            or (
                place > 0
                and (
                    cues.is_one("CALLER", words[place - 1])
                    or words[place - 1] in {"circa", "anfang", "mitte", "ende"}
                )
            )
            or (
                words[place + 1 : place + 2] in {("jahre",), ("jahrig",)}
                and words[place - 1 : place] != ("seit",)
            )
        )
    ]


def _concerns(
    clauses: Sequence[Clause],
    done: Sequence[bool],
    asker: roles.Asker,
    came_of_it: dict[str, bool],
    *,
    channel: str,
    about: bool,
) -> tuple[Proposed[str], ...]:
    said = dict.fromkeys(_told_concerns(clauses, done, asker), True)
    if results.CRISIS in came_of_it:
        said = {"krise": True, **said}
    if asker.type == roles.FOUNDER:
        return (Proposed("gruendung", asker.said),)
    if asker.type in roles.SEEKERS:
        if results.CRISIS not in came_of_it or came_of_it.keys() & {
            results.TO_GROUP,
            results.LISTED,
            results.TO_SERVICE,
        }:
            said |= _of_seekers(clauses, came_of_it, about=about)
    elif channel == roles.EVENT:
        return (Proposed("oeffentlichkeitsarbeit", said=False),)
    elif asker.type == roles.PROFESSIONAL and results.TO_SERVICE in came_of_it and not said:
        said = {"gruppensuche": False, "hilfesystem": True} if about else {"hilfesystem": True}
    elif not said:
        said = {_usual(asker, came_of_it, about=about): False}
    if "fortbildung" in said:
        said.pop("gruppenberatung", None)
    return tuple(Proposed(concern, is_said) for concern, is_said in said.items())


def _told_concerns(clauses: Sequence[Clause], done: Sequence[bool], asker: roles.Asker) -> list[str]:
    return list(
        dict.fromkeys(
            cue.columns[0]
            for cue in cues.table("concerns")
            if not cue.columns[1] or asker.type in cue.columns[1].split()
            if any(
                cue.fits(clause.words)
                for clause, is_done in zip(clauses, done, strict=True)
                if not (is_done and cue.columns[0] == "material")
            )
        )
    )


def _of_seekers(clauses: Sequence[Clause], came_of_it: dict[str, bool], *, about: bool) -> dict[str, bool]:
    seeks = any(
        cues.word("SEEKS").fits(clause.words) and cues.word("GROUP").fits(clause.words) for clause in clauses
    )
    to_service = results.TO_SERVICE in came_of_it
    by_group = came_of_it.keys() & {results.TO_GROUP, results.NO_OFFER, results.LISTED}
    found: dict[str, bool] = {}
    if by_group or seeks or (about and not to_service and results.CRISIS not in came_of_it):
        found["gruppensuche"] = seeks
    if to_service:
        found["hilfesystem"] = came_of_it[results.TO_SERVICE]
    return found or {"sonstige": False}


def _usual(asker: roles.Asker, came_of_it: dict[str, bool], *, about: bool) -> str:
    if asker.type == roles.OTHER and results.TO_SERVICE in came_of_it:
        return "hilfesystem"
    if asker.type == roles.PROFESSIONAL:
        return "gruppensuche" if about else "information"
    return {roles.PRESS: "oeffentlichkeitsarbeit", roles.GROUP: "gruppenberatung"}.get(asker.type, "sonstige")


def _bearing(clauses: Sequence[Clause], field: str, otherwise: str) -> Proposed[str]:
    for cue in cues.table("bearings"):
        name, value, where = cue.columns
        reach = clauses[:_OPENING_CLAUSES] if where == "opening" else clauses
        if name == field and any(cue.fits(clause.words) for clause in reach):
            return Proposed(value, said=True)
    return Proposed(otherwise, said=False)


def _reached(clauses: Sequence[Clause], channel: str) -> Proposed[int | None]:
    """Return how many people a collective contact reached: "ca. 40 Leute am Tisch"."""
    collective = channel == roles.EVENT or any(cues.word("TO-MANY").fits(clause.words) for clause in clauses)
    for position, clause in enumerate(clauses if collective else ()):
        for place, word in enumerate(clause.words):
            if word.isdecimal() and 0 < int(word) < MOST_REACHED:
                near = clause.words[place + 1 : place + 3]
                before = clauses[position - 1].words[-1:] if position and len(clause.words) == 1 else ()
                if any(cues.is_one("PEOPLE", each) for each in (*near, *before)):
                    return Proposed(int(word), said=True)
    return Proposed(None, said=False)
