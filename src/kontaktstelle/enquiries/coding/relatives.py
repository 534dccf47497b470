"""Whether a parent or another relative asks: who is ill, and who calls for whom.

"Mann trinkt, Frau fragt" is a relative, "spielt am Automat, Frau weiß nix" is not: the clause that holds the topic decides,
with its subject.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kontaktstelle.topics import tree

from . import cues
from .roles import AFFECTED, CHANNEL_NOUNS, PARENT, POSSESSIVE, RELATIVE, TELLS, Asker, Told, calls

# A child older than this who calls, calls for a parent.
GROWN_UP = 18
# How far around a person what is said of them may stand.
_NEAR = 3
# Lists of words.tsv in the order in which they count; "junge Frau" is no boy.
_KINDS = (
    ("PARENT", "parent"),
    ("ILL-PARENT", "parent"),
    ("CHILD", "child"),
    ("SPOUSE", "kin"),
    ("KIN", "kin"),
    ("CALLER", "caller"),
)
_ADJECTIVES = frozenset({"junge", "jungen", "kleine", "kleiner"})


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody named in the story: `kind` of relation, the clause and place of the word."""

    kind: str
    clause: int
    place: int
    word: str
    possessed: bool
    died: bool


def related(told: Told) -> Asker | None:
    """Return the relative or parent who asks, the affected one if somebody near is only named, None if nobody near is named."""
    for cue in cues.table("relations"):
        if any(cue.fits(told.clauses[number].words) for number in told.story):
            return Asker(cue.columns[0])
    persons = list(_persons(told))
    near = [person for person in persons if person.kind != "caller"]
    if not near:
        return None
    own = bool(told.topics) and told.topics[0] in _own()
    for person in near:
        if person.possessed and not person.died and not own and told.strengths[person.clause] >= TELLS:
            return Asker(PARENT if person.kind == "child" else RELATIVE)
    return _by_kinds(told, persons, own=own or all(person.died for person in near))


def _by_kinds(told: Told, persons: Sequence[_Person], *, own: bool) -> Asker | None:
    """Return who asks by which kinds of people are named, and in which order.

    Args:
        told: of the note.
        persons: in the order of the note.
        own: whether what is told happened to the one who asks, though somebody near is named.
    """
    parent = next((person for person in persons if person.kind == "parent"), None)
    child = next((person for person in persons if person.kind == "child"), None)
    if parent and child:
        return Asker(PARENT if _parent_asks(told, persons, parent, child) else RELATIVE)
    if child and not _only_has_children(told, persons, child):
        return _beside_a_child(told, persons, child)
    if own:
        return Asker(AFFECTED)
    if parent:
        asks = parent.word == "eltern" or calls(told.clauses[parent.clause])
        ill = parent.possessed or (told.strengths[parent.clause] >= TELLS and not asks)
        return Asker(RELATIVE) if ill else Asker(PARENT, said=False)
    return _beside_a_grown_up(told, persons)


def _parent_asks(told: Told, persons: Sequence[_Person], parent: _Person, child: _Person) -> bool:
    """Say whether of a parent and a child the parent asks: "Mutter, Sohn 19", not "Tochter, Mutter dement"."""
    return (
        persons.index(parent) < persons.index(child)
        or _age_below(told, child)
        or _is_distressed(told, parent)
        or (parent.word == "eltern" and calls(told.clauses[parent.clause]))
    )


def _beside_a_child(told: Told, persons: Sequence[_Person], child: _Person) -> Asker | None:
    if _speaks_of_self(told, persons, child):
        return Asker(AFFECTED)
    first = persons[0] is child
    if first and not child.possessed and calls(told.clauses[child.clause]) and not _age_below(told, child):
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
    after = told.clauses[person.clause].words[person.place + 1 : person.place + 1 + _NEAR]
    return any(cues.is_one("DISTRESSED", word) for word in after)


def _age_below(told: Told, child: _Person) -> bool:
    words = told.clauses[child.clause].words[child.place + 1 : child.place + 3]
    return any(word.isdecimal() and int(word) < GROWN_UP for word in words)


def _beside_a_grown_up(told: Told, persons: Sequence[_Person]) -> Asker | None:
    callers = [person for person in persons if person.kind in {"caller", "weak"}]
    for person in persons:
        if person.kind == "kin":
            return Asker(AFFECTED) if _speaks_of_self(told, persons, person) else Asker(RELATIVE)
        if person.kind == "weak":
            if person.possessed:
                return Asker(RELATIVE)
            others = [each for each in callers if each is not person and each.word != person.word]
            if (
                others
                and told.strengths[person.clause] >= TELLS
                and not _speaks_of_self(told, persons, person)
            ):
                if calls(told.clauses[person.clause]) and others[0].clause != person.clause:
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
            kind = kind_at(words, place)
            if kind is None:
                continue
            before = words[max(0, place - 2) : place]
            possessed = any(each in POSSESSIVE for each in before) or any(
                cues.is_one("ABOUT", each) for each in before
            )
            called_back = len(before) == 2 and before[0] in CHANNEL_NOUNS  # noqa: PLR2004 - "Rückruf bei Ehemann"
            if (
                kind != "caller"
                and not possessed
                and not called_back
                and any(cues.is_one("WITH", each) for each in before)
            ):
                continue
            if words[place + 1 : place + 2] and cues.is_one("REACTS", words[place + 1]):
                continue
            yield _Person(kind, number, place, word, possessed, died)


def kind_at(words: tuple[str, ...], place: int) -> str | None:
    """Return the kind of person a word names, or None: caller, parent, child, kin, weak ("Mann", "Frau" may be either)."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if word in {"mann", "frau"}:
        return "weak"
    if word in _ADJECTIVES and following and not following.isdecimal():
        return None
    return next((kind for name, kind in _KINDS if cues.is_one(name, word)), None)


@lru_cache(maxsize=1)
def _own() -> frozenset[str]:
    lines = (Path(__file__).parent / "own.tsv").read_text(encoding="utf-8").splitlines()
    return (
        frozenset(topic for line in lines if not line.startswith("#") for topic in line.split())
        & tree.TOPICS.keys()
    )
