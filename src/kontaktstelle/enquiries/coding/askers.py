"""Who asks: the one who calls or writes, not whoever else is named in the note.

Institutions, press and groups are told by cues of `askers.tsv`; a relative by who is ill: "Mann trinkt, Frau fragt" is a
relative, "spielt am Automat, Frau weiß nix" is not. The clause that holds the topic decides, with its subject.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kontaktstelle.topics import tree

from . import cues
from .reading import Clause

AFFECTED, RELATIVE, PARENT = "betroffen", "angehoerig", "eltern"
GROUP, FOUNDER, PROFESSIONAL, PRESS = "gruppe", "gruendungsinteressiert", "fachkraft", "presse_politik"
OTHER, UNKNOWN = "sonstige", "unbekannt"
EVENT = "veranstaltung"
# A child older than this who "calls" calls for a parent; from here evidence of a topic is worth a decision.
GROWN_UP = 18
TELLS = 0.3
_CHANNEL_NOUNS = frozenset(
    "mail fax anruf anfrage brief post anmeldung bestellung mailanfrage nachricht rundmail schreiben ruckruf".split()
)
_POSSESSIVE = frozenset(
    """
    ihr ihre ihrem ihren ihrer ihres sein seine seinem seinen seiner seines mein meine meinem meinen meiner meines unser
    unsere unserem unseren unserer
    """.split()
)
_BETWEEN = 3
# "Angst-SHG", "Post Covid Gruppe": how many words may name a group before the word itself.
LONGEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, a finer word for it ("" if there is none), whether the note says so, and whom a founder stands beside."""

    type: str
    detail: str = ""
    said: bool = True
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a note when it is asked who asks.

    `story` are numbers of clauses that are not done; `strengths` how strongly each clause speaks of a topic; `topics` the
    topics so far, best first; `matters` whether the note speaks of what only groups want (a room, their entry).
    """

    clauses: Sequence[Clause]
    story: Sequence[int]
    strengths: Sequence[float]
    topics: Sequence[str]
    channel: str
    matters: bool


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody named in the story: `kind` of relation, the clause and place of the word."""

    kind: str
    clause: int
    place: int
    word: str
    possessed: bool
    died: bool


def who(told: Told) -> Asker:
    """Return who asks."""
    if told.channel == EVENT:
        return _at_an_event(told)
    official = _by_cue(told)
    if official and official.type in {PROFESSIONAL, PRESS}:
        return official
    if _founds(told):
        related = _related(told)
        return Asker(FOUNDER, beside=related.type if related else "")
    if official:
        return official
    related = _related(told)
    if related:
        return related
    if not told.topics and any(cues.word("MATERIAL").fits(clause.words) for clause in told.clauses):
        return Asker(OTHER, said=False)
    if told.topics or any(cues.word("CALLER").fits(told.clauses[number].words) for number in told.story):
        return Asker(AFFECTED, said=bool(told.topics))
    if any(cues.word("SEEKS").fits(clause.words) for clause in told.clauses):
        return Asker(AFFECTED, said=False)
    return Asker(UNKNOWN, said=False)


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
    found: list[tuple[int, int, int, Asker]] = []
    first_sentence = [number for number in told.story if told.clauses[number].sentence == _opening(told)]
    for rank, cue in enumerate(cues.table("askers")):
        kind, detail, where = cue.columns
        for number in told.story:
            if where in {"calls", "house", "start"} and number not in first_sentence:
                continue
            place = cue.first(told.clauses[number].words)
            if place is None or (where == "no-topic" and told.topics):
                continue
            if where in {"calls", "house"} and not _is_caller(told, number, place):
                continue
            if where in {"calls", "house", "start"} and (
                _somebody_before(told, number) or (where != "start" and _something_before(told, number))
            ):
                continue
            if where == "house" and not _wants(told.clauses[number].words, place):
                continue
            found.append((number, place, rank, Asker(kind.split("-")[-1], detail)))
            break
    group = _group_speaks(told, first_sentence)
    if group is not None:
        found.append((*group, -1, Asker(GROUP)))
    return min(found, key=lambda each: each[:3])[3] if found else None


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
        cues.is_one("NOISE", word) or word in _CHANNEL_NOUNS or cues.is_one("ORIGIN", word) or cues.is_one("HOUSE", word)
        for word in rest
    )


def _somebody_before(told: Told, number: int) -> bool:
    """Say whether a person was named in an earlier clause: then an institution in this one is not who calls."""
    return any(
        _kind(words, place) is not None
        for earlier in told.story
        if earlier < number
        for words in [told.clauses[earlier].words]
        for place in range(len(words))
    )


def _calls(clause: Clause) -> bool:
    return cues.word("CALLS").fits(clause.words) and not cues.word("NOT").fits(clause.words)


def _is_caller(told: Told, number: int, place: int) -> bool:
    """Say whether the word at a place is who calls, not where somebody comes from or goes to."""
    words = told.clauses[number].words
    before = words[max(0, place - 2) : place]
    for distance, each in enumerate(reversed(before)):
        if cues.is_one("BEFORE-NO-CALLER", each):
            position = place - 1 - distance
            return (cues.is_one("TITLED-BEFORE", each) or each in _POSSESSIVE) and _speaks_for(words[:position])
    return not any(cues.is_one("SEEKS", word) or cues.is_one("CALLER", word) for word in words[:place])


def _speaks_for(before: tuple[str, ...]) -> bool:
    """Say whether what stands before "von", "aus der" names a person or the way: "Frau Dr. aus der", "Mail von"."""
    tail = before[-_BETWEEN:]
    return any(word in _CHANNEL_NOUNS for word in tail[-1:]) or any(
        cues.is_one("TITLE", word) for word in tail
    )


def _group_speaks(told: Told, first_sentence: Collection[int]) -> tuple[int, int] | None:
    """Return where a group speaks for itself."""
    for number in first_sentence:
        clause = told.clauses[number]
        if clause.asks or _somebody_before(told, number) or _something_before(told, number):
            return None
        place = cues.word("GROUP-NOUN").first(clause.words)
        if place is None:
            continue
        before, after = clause.words[:place], clause.words[place + 1 :]
        if any(cues.is_one("SEEKS", word) or cues.is_one("CALLER", word) for word in before) or cues.word(
            "NOT"
        ).fits(before):
            continue
        if after and any(cues.is_one("SOUGHT", word) for word in (after[0], after[-1])):
            continue
        at_start = len([word for word in before if not cues.is_one("NOISE", word)]) <= LONGEST_NAME and not any(
            cues.is_one(name, word) for name in ("BEFORE-NO-CALLER", "STORY-VERB", "WITH", "GIVEN") for word in before
        )
        speaks = any(cues.is_one("GROUP-SPEAKS", word) for word in after[:_BETWEEN])
        alone = not any(
            cues.is_one("CALLER", word) and word not in {"frau", "mann"} or word in {"w", "m"}
            for each in first_sentence
            for word in told.clauses[each].words
        )
        if (at_start and (speaks or alone)) or told.matters:
            return number, place
    return None


def _related(told: Told) -> Asker | None:
    for cue in cues.table("relations"):
        if any(cue.fits(told.clauses[number].words) for number in told.story):
            return Asker(cue.columns[0])
    persons = list(_persons(told))
    kinds = [person.kind for person in persons]
    for person in persons:
        if person.possessed and person.kind != "caller" and told.strengths[person.clause] >= TELLS and not person.died:
            if not told.topics or told.topics[0] not in _own():
                return Asker(PARENT if person.kind == "child" else RELATIVE)
    if not any(kind != "caller" for kind in kinds):
        return None
    own = bool(told.topics) and told.topics[0] in _own()
    parent, child = _first(kinds, "parent"), _first(kinds, "child")
    if parent is not None and child is not None:
        if _age_below(told, persons[child]) or _is_distressed(told, persons[parent]):
            return Asker(PARENT)
        parents_call = persons[parent].word == "eltern" and _calls(told.clauses[persons[parent].clause])
        return Asker(PARENT) if parent < child or parents_call else Asker(RELATIVE)
    if child is not None and not _only_has_children(told, persons, persons[child]):
        return _beside_a_child(told, persons, persons[child])
    if own or all(person.died for person in persons if person.kind != "caller"):
        return Asker(AFFECTED)
    if parent is not None:
        person = persons[parent]
        ill = person.word != "eltern" and told.strengths[person.clause] >= TELLS and not _calls(told.clauses[person.clause])
        return Asker(RELATIVE) if person.possessed or ill else Asker(PARENT, said=False)
    return _beside_a_grown_up(told, persons)


def _beside_a_child(told: Told, persons: Sequence[_Person], child: _Person) -> Asker | None:
    if _speaks_of_self(told, persons, child):
        return Asker(AFFECTED)
    first = persons[0] is child
    if first and not child.possessed and _calls(told.clauses[child.clause]) and not _age_below(told, child):
        return Asker(RELATIVE)
    return Asker(PARENT)


def _only_has_children(told: Told, persons: Sequence[_Person], child: _Person) -> bool:
    """Say whether children are only named beside what somebody has: "Post-Covid, kaum Kraft, Kinder"."""
    return (
        child.word in {"kinder", "kindern", "kids"}
        and not child.possessed
        and told.strengths[child.clause] < TELLS
        and all(person.kind in {"caller", "child", "weak"} for person in persons)
        and max(told.strengths, default=0.0) >= TELLS
    )


def _is_distressed(told: Told, person: _Person) -> bool:
    """Say whether it is told how somebody feels who calls: "Mutter ratlos"."""
    after = told.clauses[person.clause].words[person.place + 1 : person.place + 1 + _BETWEEN]
    return any(cues.is_one("DISTRESSED", word) for word in after)


def _age_below(told: Told, child: _Person) -> bool:
    words = told.clauses[child.clause].words[child.place + 1 : child.place + 3]
    return any(word.isdigit() and int(word) < GROWN_UP for word in words)


def _beside_a_grown_up(told: Told, persons: Sequence[_Person]) -> Asker | None:
    callers = [person for person in persons if person.kind in {"caller", "weak"}]
    for person in persons:
        if person.kind == "kin":
            return Asker(AFFECTED) if _speaks_of_self(told, persons, person) else Asker(RELATIVE)
        if person.kind == "weak":
            if person.possessed:
                return Asker(RELATIVE)
            others = [each for each in callers if each is not person and each.word != person.word]
            if others and told.strengths[person.clause] >= TELLS and not _speaks_of_self(told, persons, person):
                if _calls(told.clauses[person.clause]) and others[0].clause != person.clause:
                    continue
                return Asker(RELATIVE)
    return None


def _speaks_of_self(told: Told, persons: Sequence[_Person], other: _Person) -> bool:
    """Say whether the topic is told of the one who calls, and the other is only named: "spielt am Automat, Frau weiß nix"."""
    if other.possessed and told.strengths[other.clause] >= TELLS:
        return False
    before = [number for number in told.story if number < other.clause]
    strongest_before = max((told.strengths[number] for number in before), default=0.0)
    from_here = max((told.strengths[number] for number in told.story if number >= other.clause), default=0.0)
    starts_with_caller = any(person.kind == "caller" and person.clause <= other.clause for person in persons)
    return strongest_before >= TELLS and strongest_before > from_here and starts_with_caller


def _persons(told: Told) -> Iterator[_Person]:
    for number in told.story:
        words = told.clauses[number].words
        died = cues.word("DIED").fits(words)
        for place, word in enumerate(words):
            kind = _kind(words, place)
            if kind is None:
                continue
            before = words[max(0, place - 2) : place]
            possessed = any(each in _POSSESSIVE for each in before) or any(
                cues.is_one("ABOUT", each) for each in before
            )
            called_back = len(before) == 2 and before[0] in _CHANNEL_NOUNS  # noqa: PLR2004 - "Rückruf bei Ehemann"
            if kind != "caller" and not possessed and not called_back and any(
                cues.is_one("WITH", each) for each in before
            ):
                continue
            if words[place + 1 : place + 2] and cues.is_one("REACTS", words[place + 1]):
                continue
            yield _Person(kind, number, place, word, possessed, died)


def _kind(words: tuple[str, ...], place: int) -> str | None:
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if word in {"mann", "frau"}:
        return "weak"
    if word in {"junge", "jungen", "kleine", "kleiner"} and following and not following.isdigit():
        return None
    if cues.is_one("PARENT", word) or cues.is_one("ILL-PARENT", word):
        return "parent"
    if cues.is_one("CHILD", word):
        return "child"
    if cues.is_one("SPOUSE", word) or cues.is_one("KIN", word):
        return "kin"
    if cues.is_one("CALLER", word):
        return "caller"
    return None


def _first(kinds: Sequence[str], kind: str) -> int | None:
    return kinds.index(kind) if kind in kinds else None


@lru_cache(maxsize=1)
def _own() -> frozenset[str]:
    lines = (Path(__file__).parent / "own.tsv").read_text(encoding="utf-8").splitlines()
    return frozenset(topic for line in lines if not line.startswith("#") for topic in line.split()) & tree.TOPICS.keys()
