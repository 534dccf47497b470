"""Who asks: the one who calls or writes, not whoever else is named in the note.

Institutions, press and groups are told by cues of `askers.tsv`, founders by `founding.tsv`, relatives in relatives.py.
"""

from collections.abc import Collection

from . import cues, relatives
from .roles import (
    AFFECTED,
    CHANNEL_NOUNS,
    EVENT,
    FOUNDER,
    GROUP,
    OTHER,
    POSSESSIVE,
    PRESS,
    PROFESSIONAL,
    TELLS,
    UNKNOWN,
    Asker,
    Told,
)

# Conditions of `askers.tsv` that hold only where a note begins.
_AT_THE_BEGINNING = frozenset({"calls", "house", "start"})
_BETWEEN = 3
# "Angst-SHG", "Post Covid Gruppe": how many words may name a group before the word itself.
LONGEST_NAME = 2


def who(told: Told) -> Asker:
    """Return who asks."""
    if told.channel == EVENT:
        return _at_an_event(told)
    official = _by_cue(told)
    if official and official.type in {PROFESSIONAL, PRESS}:
        return official
    near = relatives.related(told)
    if _founds(told):
        return Asker(FOUNDER, beside=near.type if near else "")
    return official or near or _unnamed(told)


def _unnamed(told: Told) -> Asker:
    """Return who most likely asks where no relation, group or institution is named."""
    if told.topics:
        return Asker(AFFECTED)
    if any(cues.word("MATERIAL").fits(clause.words) for clause in told.clauses):
        return Asker(OTHER, said=False)
    person = any(cues.word("CALLER").fits(told.clauses[number].words) for number in told.story)
    seeks = any(cues.word("SEEKS").fits(clause.words) for clause in told.clauses)
    return Asker(AFFECTED if person or seeks else UNKNOWN, said=False)


def _at_an_event(told: Told) -> Asker:
    spoken_to = any(
        cues.is_one("COLLEAGUES", word) for number in told.story for word in told.clauses[number].words
    )
    return Asker(PROFESSIONAL) if spoken_to else Asker(OTHER, said=False)


def _founds(told: Told) -> bool:
    rows = cues.table("founding")
    return any(
        any(cue.fits(clause.words) for cue in rows if cue.columns == ("will",))
        and not any(cue.fits(clause.words) for cue in rows if cue.columns == ("never",))
        for clause in told.clauses
    )


def _by_cue(told: Told) -> Asker | None:
    """Return who stands first in the note as the one who calls."""
    opening = _opening(told)
    first_sentence = [number for number in told.story if told.clauses[number].sentence == opening]
    found: list[tuple[int, int, int, Asker]] = []
    for rank, cue in enumerate(cues.table("askers")):
        kind, detail, where = cue.columns
        for number in first_sentence if where in _AT_THE_BEGINNING else told.story:
            place = cue.first(told.clauses[number].words)
            if place is not None and _counts(told, where, number, place):
                found.append((number, place, rank, Asker(kind, detail)))
                break
    group = _group_speaks(told, first_sentence)
    if group is not None:
        found.append((*group, -1, Asker(GROUP)))
    return min(found, key=lambda each: each[:3])[3] if found else None


def _counts(told: Told, where: str, number: int, place: int) -> bool:
    """Say whether a cue at a place counts under the condition of its row."""
    if where == "no-topic":
        return not told.topics
    if where not in _AT_THE_BEGINNING:
        return True
    if _somebody_before(told, number):
        return False
    if where == "start":
        return True
    return (
        _is_caller(told, number, place)
        and not _something_before(told, number)
        and (where != "house" or _wants(told.clauses[number].words, place))
    )


def _opening(told: Told) -> int:
    """Return the number of the sentence in which the story begins: the first that says more than the channel."""
    for number in told.story:
        clause = told.clauses[number]
        if any(not cues.is_one("NOISE", word) for word in clause.words) or len(clause.words) > 1:
            return clause.sentence
    return 0


def _something_before(told: Told, number: int) -> bool:
    """Say whether a topic was told before: then a group named in this clause is not who calls."""
    houses = [cue for cue in cues.table("askers") if cue.columns[2] == "house"]
    return not told.matters and any(
        told.strengths[earlier] >= TELLS and not any(cue.fits(told.clauses[earlier].words) for cue in houses)
        for earlier in told.story
        if earlier < number
    )


def _wants(words: tuple[str, ...], place: int) -> bool:
    """Say whether an institution asks or wants something, or stands alone: "Reha fertig" does neither."""
    after = words[place + 1 :]
    if any(cues.is_one("CALLS", word) for word in after) or (after and after[0] in {"fur", "bei"}):
        return True
    rest = [*words[:place], *after]
    return all(
        cues.is_one("NOISE", word)
        or word in CHANNEL_NOUNS
        or cues.is_one("ORIGIN", word)
        or cues.is_one("HOUSE", word)
        for word in rest
    )


def _somebody_before(told: Told, number: int) -> bool:
    """Say whether a person was named in an earlier clause: then an institution in this one is not who calls."""
    return any(
        relatives.kind_at(words, place) is not None
        for earlier in told.story
        if earlier < number
        for words in [told.clauses[earlier].words]
        for place in range(len(words))
    )


def _is_caller(told: Told, number: int, place: int) -> bool:
    """Say whether the word at a place is who calls, not where somebody comes from or goes to."""
    words = told.clauses[number].words
    before = words[max(0, place - 2) : place]
    for distance, each in enumerate(reversed(before)):
        if cues.is_one("BEFORE-NO-CALLER", each):
            position = place - 1 - distance
            return (cues.is_one("TITLED-BEFORE", each) or each in POSSESSIVE) and _speaks_for(
                words[:position]
            )
    return not any(cues.is_one("SEEKS", word) or cues.is_one("CALLER", word) for word in words[:place])


def _speaks_for(before: tuple[str, ...]) -> bool:
    """Say whether what stands before "von", "aus der" names a person or the way: "Frau Dr. aus der", "Mail von"."""
    tail = before[-_BETWEEN:]
    return any(word in CHANNEL_NOUNS for word in tail[-1:]) or any(
        cues.is_one("TITLE", word) for word in tail
    )


def _group_speaks(told: Told, first_sentence: Collection[int]) -> tuple[int, int] | None:
    """Return where a group speaks for itself: its clause and place."""
    persons = any(
        cues.is_one("CALLER", word) and word not in {"frau", "mann"}
        for number in first_sentence
        for word in told.clauses[number].words
    )
    for number in first_sentence:
        clause = told.clauses[number]
        if clause.asks or _somebody_before(told, number) or _something_before(told, number):
            return None
        place = cues.word("GROUP-NOUN").first(clause.words)
        if place is None or _is_sought(clause.words, place):
            continue
        speaks = any(
            cues.is_one("GROUP-SPEAKS", word) for word in clause.words[place + 1 : place + 1 + _BETWEEN]
        )
        if told.matters or (_is_at_start(clause.words[:place]) and (speaks or not persons)):
            return number, place
    return None


def _is_sought(words: tuple[str, ...], place: int) -> bool:
    """Say whether somebody looks for the group at a place or has none: "sucht Gr.", "Gr. gesucht", "keine Gr."."""
    after = words[place + 1 :]
    return any(
        cues.is_one(name, word) for name in ("SEEKS", "CALLER", "NOT") for word in words[:place]
    ) or any(cues.is_one("SOUGHT", word) for word in (*after[:1], *after[-1:]))


def _is_at_start(before: tuple[str, ...]) -> bool:
    """Say whether nothing but the channel and a name stands before a group: "Mail Angst-SHG"."""
    names = [word for word in before if not cues.is_one("NOISE", word)]
    return len(names) <= LONGEST_NAME and not any(
        cues.is_one(name, word)
        for name in ("BEFORE-NO-CALLER", "STORY-VERB", "WITH", "GIVEN")
        for word in before
    )
