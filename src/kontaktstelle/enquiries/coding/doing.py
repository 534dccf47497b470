"""What the office did, told apart from what was asked: "An 2 Gr. verwiesen" is no part of the story."""

from collections.abc import Sequence

from . import cues
from .reading import Clause

# "Hilfetel. + Frauenhaus": a clause so short that names a service hands it out.
SHORT = 4
_OFFERS = ("GROUP", "SERVICE", "BODY", "CRISIS")
_JOINS = frozenset({"und", "sowie", "ausserdem", "plus", "zusatzlich", "dazu"})
_SENT_BY_OTHERS = frozenset({"von", "vom", "durch", "laut"})


def done(clauses: Sequence[Clause]) -> list[bool]:
    """Return for each clause whether it says what the office did."""
    told: list[bool] = []
    for position, clause in enumerate(clauses):
        before = told[-1] if told and clauses[position - 1].sentence == clause.sentence else False
        last = position == len(clauses) - 1
        told.append(_is_done(clause, first=position == 0, before=before, last=last))
    for position in range(len(clauses) - 2, 0, -1):
        # "Kreuzbund Do, Blaues Kreuz, Suchtber. genannt": a list is handed out from its first word on.
        clause, following = clauses[position], clauses[position + 1]
        told[position] = told[position] or (
            told[position + 1]
            and clause.sentence == following.sentence > clauses[0].sentence
            and not clause.asks
            and not tells(clause.words)
        )
    return told


def _is_done(clause: Clause, *, first: bool, before: bool, last: bool) -> bool:
    words = clause.words
    if clause.asks or clause.handed:
        return clause.handed and not clause.asks
    if cues.word("GIVEN").fits(words):
        return not _by_others(words)
    if cues.word("MATERIAL").fits(words) and (
        cues.word("SENT").fits(words) or (not first and {"per", "mail"} <= set(words))
    ):
        return True
    if first or any(cues.word(name).fits(words) for name in ("SEEKS", "NOT", "FULL", "STORY-VERB")):
        return False
    if cues.word("STRONG-OFFER").fits(words) and len(words) <= SHORT and not tells(words):
        return True
    return (clause.sentence > 0 or before or last) and _offers(words)


def tells(words: tuple[str, ...]) -> bool:
    """Say whether a clause tells of somebody: has a verb or a person of the story."""
    return any(
        cues.word(name).fits(words)
        for name in ("SEEKS", "NOT", "STORY-VERB", "FULL", "WITH", "CALLER", "CALL-BACK")
    )


def _by_others(words: tuple[str, ...]) -> bool:
    """Say whether somebody else sent the person: "vom Arzt geschickt"."""
    return words[0] in _SENT_BY_OTHERS and not cues.word("GROUP").fits(words)


def _offers(words: tuple[str, ...]) -> bool:
    """Say whether a clause names something to go to, not something somebody comes from ("nach Klinik")."""
    for name in _OFFERS:
        place = cues.word(name).first(words)
        if place is not None:
            before = words[max(0, place - 2) : place]
            return words[place] != "selbsthilfe" and not any(
                cues.is_one("BEFORE-NO-CALLER", each) and each not in {"an", "auf", "zur", "zum", "bei", "in"}
                for each in before
            )
    return False


def parts(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return what stands between "und" and its like: "Suchtber. + GA genannt" hands out two things."""
    found: list[list[str]] = [[]]
    for word in words:
        if word in _JOINS:
            found.append([])
        else:
            found[-1].append(word)
    return [tuple(part) for part in found if part]
