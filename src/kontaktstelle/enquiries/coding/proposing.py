"""A note in, a proposal out: `propose`. It only proposes; a person confirms, and nothing of the note is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from . import askers, cues, doing, reading, results, roles, subjects, ways, wishes
from .reading import Clause

LONGEST = 4000
# Ages at which groups of young people fit.
_YOUNG = range(14, 31)
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
    channel, channel_said = ways.channel(clauses, done)
    office_talk = [wishes.is_office_talk(clause) or ways.is_talk_of_it(clause) for clause in clauses]
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
            channel=channel,
            matters=wishes.are_of_groups(clauses),
        )
    )
    about = _subjects(clauses, found, told, asker)
    came_of_it = results.outcomes(clauses, done, asker=asker, channel=channel, about=bool(about))
    wanted = wishes.concerns(clauses, done, asker, came_of_it, channel=channel, about=bool(about))
    if results.CRISIS in came_of_it and asker.type in roles.SEEKERS:
        about = subjects.with_crisis(about)
    reached = ways.reached(clauses, channel)
    return Coding(
        channel=Proposed(channel, channel_said),
        person_type=Proposed(asker.type, asker.said),
        person_detail=Proposed(asker.detail, asker.said),
        topics=tuple(Proposed(each.id, each.said) for each in about),
        outcomes=tuple(Proposed(outcome, said) for outcome, said in came_of_it.items()),
        concerns=tuple(Proposed(concern, said) for concern, said in wanted.items()),
        direction=Proposed(*ways.bearing(clauses, "direction", ways.INCOMING)),
        visit=Proposed(*ways.bearing(clauses, "visit", ways.UNKNOWN)),
        reached=Proposed(reached, reached is not None),
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
    if asker.type in roles.SEEKERS | {roles.FOUNDER}:
        return chosen
    if asker.detail == "studium":
        return []
    # Groups, professionals and the press name their topic; what a model makes of their other words is chance.
    best_guess = chosen[:1] if asker.type == roles.PROFESSIONAL else []
    return [each for each in chosen if each.said or each in best_guess]


def _is_young(clauses: Sequence[Clause]) -> bool:
    """Say whether the one who asks is young by a word or by an age given."""
    return any(
        cues.word("YOUNG").fits(clause.words)
        or any(
            _is_age(clause.words, place) and int(word) in _YOUNG for place, word in enumerate(clause.words)
        )
        for clause in clauses
    )


def _is_age(words: tuple[str, ...], place: int) -> bool:
    """Say whether a word is the age of a person: alone, beside a person, before "Jahre" but not after "seit"."""
    if not words[place].isdecimal():
        return False
    before = words[place - 1] if place else ""
    after = words[place + 1] if place + 1 < len(words) else ""
    return (
        len(words) == 1
        or cues.is_one("CALLER", before)
        or before in {"circa", "anfang", "mitte", "ende"}
        or (after in {"jahre", "jahrig"} and before != "seit")
    )
