"""What a note is about: topics, best first, from each of its clauses.

A clause of the story counts more than what was handed out ("Trauercafé mitgegeben"); a name of a topic counts more than
what the learnt model makes of other words. Beside an ill person stand others: `kin.tsv` adds the topics that are theirs.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from kontaktstelle.topics import bank, folding, resolving, tree

from . import cues, doing
from .reading import Clause
from .roles import AFFECTED, PARENT, RELATIVE

MOST = 3
LONGEST_NAME = 5
# How much evidence counts: a topic's name, a name its neighbour answers too, what the model makes of a clause and of all.
NAMED, ACCEPTABLE, UNDERSTOOD, UNDERSTOOD_TOGETHER = 1.0, 0.35, 0.7, 0.8
# What was handed out counts less than what was told.
HANDED_OUT = 0.75
# Topics of those beside: the first a little before the ill person's own, the others after it.
BESIDE_FIRST, BESIDE_NEXT = 0.05, -0.15
BESIDE_HANDED_OUT = 0.6
FOR_THE_YOUNG = 0.5
YOUNG = "jung"
# "Schuldnerber. genannt" tells a topic too, faintly.
BY_SERVICE = 0.44
BESIDE_A_NAME, AS_GOOD_AS_NAMED, FILLING_IN = 0.7, 0.6, 0.6
# Less is no evidence: the model always has some idea.
LEAST = 0.3
CRISIS_TOPIC = "suicidality"
_SHORTEST_NAME = 2
_TAIL = re.compile(r"(?:s?gruppen?|treffs?|stammtisch|gesprachskreis|kreis|cafe)$")
LONGEST_GROUP_NAME = 3
SURE_OF_A_GROUP = 0.4
ADDICTION = tree.TOPICS["addiction-general"].field
_OF_PARENTS_CIRCLES = frozenset({"addiction-parents"})
_FILLS_IN = frozenset({"parents-general", "women-group", "men-group"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a clause says about topics: how strongly each, and which by name."""

    weights: dict[str, float]
    named: frozenset[str]

    @property
    def strength(self) -> float:
        """How strongly it speaks of any topic."""
        return max(self.weights.values(), default=0.0)


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic of the note and whether the note calls it by name."""

    id: str
    said: bool


def evidence(clause: Clause, *, done: bool, office_talk: bool) -> Evidence:
    """Return what a clause says about topics.

    Args:
        clause: of the note.
        done: whether it says what the office did.
        office_talk: whether it speaks of calls, rooms, lists: then only names of topics count.
    """
    words, of_services = list(clause.words), dict[str, float]()
    if done:
        parts = doing.parts(clause.words)
        of_services = names_in([word for part in parts if cues.word("SERVICE").fits(part) for word in part])
        words = [word for part in parts if not cues.word("SERVICE").fits(part) for word in part]
    if cues.word("DECLINED").fits(clause.words):
        words = []
    names = names_in(words)
    found: dict[str, float] = defaultdict(float, names)
    if not office_talk:
        for topic, weight in _understood(words).items():
            found[topic] = max(found[topic], UNDERSTOOD * weight)
    share = HANDED_OUT if done else 1.0
    by_services = {topic: BY_SERVICE for topic, strength in of_services.items() if strength >= NAMED}
    return Evidence(
        {**by_services, **{topic: share * weight for topic, weight in found.items()}},
        frozenset(topic for topic, strength in names.items() if strength >= NAMED),
    )


def subjects(
    clauses: Sequence[Clause],
    found: Sequence[Evidence],
    told: Collection[int],
    *,
    asker: str,
    beside: str,
    young: bool = False,
) -> list[Subject]:
    """Return up to three topics, best first.

    Args:
        clauses: of the note.
        found: the evidence of each.
        told: numbers of the clauses that tell the story (neither done nor office talk).
        asker: who asks.
        beside: for whom something is named besides ("+ Angeh.gr.", "Elternkreis"), or "".
        young: whether the one who asks is young.
    """
    weighing = _Weighing(found, told)
    if not any(found[number].named for number in told):
        weighing.add(_understood(word for number in sorted(told) for word in clauses[number].words))
    if young:
        weighing.add_young()
    if asker in {RELATIVE, PARENT}:
        for number in told:
            if found[number].strength >= LEAST:
                weighing.add(_understood(clauses[number].words, relations=True))
        weighing.add_beside(asker)
    elif beside:
        weighing.add_handed_out(beside)
    if asker == AFFECTED:
        weighing.leave_others_to_others()
    weighing.leave_gaps_last()
    return weighing.best()


class _Weighing:
    """The topics of a note while they are weighed against each other.

    `sure` are those called by name or as good as; what the model makes of other words counts less beside them.
    """

    def __init__(self, found: Sequence[Evidence], told: Collection[int]) -> None:
        self.weights: dict[str, float] = defaultdict(float)
        self.named: set[str] = set()
        for each in found:
            self.named |= each.named
            for topic, weight in each.weights.items():
                self.weights[topic] = max(self.weights[topic], weight)
        self.sure = (self.named - _FILLS_IN) | {
            topic
            for number in told
            for topic, weight in found[number].weights.items()
            if weight >= AS_GOOD_AS_NAMED
        }
        for topic in self.weights.keys() - self.named - self.sure if self.sure else ():
            self.weights[topic] *= BESIDE_A_NAME

    def add(self, understood: dict[str, float]) -> None:
        """Add what the model understands of several words together."""
        for topic, weight in understood.items():
            share = BESIDE_A_NAME if self.sure - {topic} else UNDERSTOOD_TOGETHER
            self._raise(topic, weight * share)

    def add_young(self) -> None:
        """Add what there is for young people of each topic."""
        for topic, weight in list(self.weights.items()):
            for other in _beside(topic, YOUNG)[:1]:
                self._raise(other, FOR_THE_YOUNG * weight)

    def add_beside(self, asker: str) -> None:
        """Add the topics of those beside for each topic of an ill person."""
        for topic in list(self.sure or self.weights):
            weight = self.weights[topic]
            for place, other in enumerate(_beside(topic, asker) if weight >= LEAST else ()):
                self._raise(other, weight + (BESIDE_FIRST if place == 0 else BESIDE_NEXT))

    def add_handed_out(self, beside: str) -> None:
        """Add the topic of those beside for each named one: a group for them was asked for or named besides."""
        for topic in list(self.named):
            for other in _beside(topic, beside)[:1]:
                self._raise(other, BESIDE_HANDED_OUT * self.weights[topic])
                self.named.add(other)

    def leave_others_to_others(self) -> None:
        """Lower what is only for those beside and was not named: an affected person asks."""
        for topic in self.weights.keys() - self.named:
            if "betroffene" not in tree.TOPICS[topic].audience and _is_beside(topic):
                self.weights[topic] *= UNDERSTOOD

    def leave_gaps_last(self) -> None:
        """Lower what any group of parents, women, men could be, where something else is sure."""
        fills_in = set(_FILLS_IN)
        if not any(tree.TOPICS[topic].field == ADDICTION for topic in self.sure - _OF_PARENTS_CIRCLES):
            # "Elternkreis" alone is one of addiction only where addiction is told.
            fills_in |= _OF_PARENTS_CIRCLES
        for topic in fills_in & self.weights.keys() if self.sure - fills_in else ():
            self.weights[topic] *= FILLING_IN

    def best(self) -> list[Subject]:
        """Return the strongest topics."""
        enough = [topic for topic, weight in self.weights.items() if weight >= LEAST]
        enough.sort(key=lambda topic: (-self.weights[topic], topic))
        return [Subject(topic, topic in self.named) for topic in enough[:MOST]]

    def _raise(self, topic: str, weight: float) -> None:
        self.weights[topic] = max(self.weights[topic], weight)


def with_crisis(chosen: list[Subject]) -> list[Subject]:
    """Return the topics of a contact in which a crisis service was named: what is not called by name is likely the crisis."""
    others = [each for each in chosen if each.id != CRISIS_TOPIC]
    named = [each for each in others if each.said]
    guessed = [each for each in others if not each.said]
    said = any(each.id == CRISIS_TOPIC and each.said for each in chosen)
    crisis = Subject(CRISIS_TOPIC, said)
    in_order = [crisis, *named, *guessed[:1]] if said else [*named, crisis, *guessed[:1]]
    return in_order[:MOST]


def _understood(words: Iterable[str], *, relations: bool = False) -> dict[str, float]:
    telling = [
        word
        for word in words
        if not word.isdecimal()
        and not cues.is_one("NOISE", word)
        and (relations or not cues.is_one("RELATION", word))
    ]
    if not telling:
        return {}
    return {topic.id: topic.weight for topic in resolving.resolve(" ".join(telling)).topics}


@lru_cache(maxsize=1024)
def _beside(topic: str, asker: str) -> tuple[str, ...]:
    rows = _kin()
    return rows.get((topic, asker)) or rows.get((f"field:{tree.TOPICS[topic].field}", asker), ())


@lru_cache(maxsize=1024)
def _is_beside(topic: str) -> bool:
    return any(topic in others and base != topic for (base, _), others in _kin().items())


@lru_cache(maxsize=1)
def _kin() -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (topic, asker): tuple(others.split())
        for topic, asker, others in tree.rows(Path(__file__).parent / "kin.tsv")
    }


def names_in(words: Sequence[str]) -> dict[str, float]:
    """Return the topics called by name, the longest name at each place, and those of groups ("Migränegruppe")."""
    found = dict(_of_groups(tuple(words)))
    position = 0
    while position < len(words):
        for length in range(min(LONGEST_NAME, len(words) - position), 0, -1):
            meant = _vocabulary().get(" ".join(words[position : position + length]))
            if meant:
                for topic, strength in meant:
                    found[topic] = max(found.get(topic, 0.0), strength)
                position += length - 1
                break
        position += 1
    return found


@lru_cache(maxsize=1024)
def _of_groups(words: tuple[str, ...]) -> Mapping[str, float]:
    """Return the topics of groups called by their topic, of which the model need not know the name: "Gr. Lupus meldet"."""
    found: dict[str, float] = {}
    for place, word in enumerate(words):
        telling: tuple[str, ...] = ()
        if cues.is_one("GROUP-TAIL", word):
            telling = (_TAIL.sub("", word),)
        elif word in {"gruppe", "selbsthilfegruppe"}:
            telling = tuple(
                takewhile(
                    lambda each: not _ends_a_name(each), words[place + 1 : place + 1 + LONGEST_GROUP_NAME]
                )
            )
        for topic, weight in _understood(telling).items():
            if weight >= SURE_OF_A_GROUP:
                found[topic] = max(found.get(topic, 0.0), NAMED)
    return found


@lru_cache(maxsize=4096)
def _ends_a_name(word: str) -> bool:
    return any(
        cues.is_one(name, word)
        for name in (
            "GROUP-SPEAKS",
            "SEEKS",
            "STORY-VERB",
            "GIVEN",
            "WITH",
            "ABOUT",
            "NOT",
            "FULL",
            "GROUP-ENDS",
        )
    )


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return the names of topics; a word that is also an ordinary one is no name by itself."""
    names: dict[str, dict[str, float]] = defaultdict(dict)
    for phrase in bank.vocabulary():
        key = " ".join(folding.words(phrase.text))
        if len(key) < _SHORTEST_NAME or any(
            cues.is_one(name, key) for name in ("ORDINARY", "NOISE", "RELATION")
        ):
            continue
        for ids, strength in ((phrase.exact, NAMED), (phrase.acceptable, ACCEPTABLE)):
            for topic in ids:
                names[key][topic] = max(names[key].get(topic, 0.0), strength)
    return {key: tuple(meant.items()) for key, meant in names.items()}
