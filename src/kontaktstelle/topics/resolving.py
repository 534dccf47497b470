"""Understanding words: topics with weights, whom it is for, a place, danger, need. In memory, nothing is stored.

Two things answer together: the vocabulary (a name somebody uses means its topics, however unlikely) and the learnt
model (how people put it). Words with a typing error are also read as the known word they are nearest to. What the
words say about who speaks decides between a topic and that of its relatives; nothing here is a judgement of a person.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kontaktstelle import places

from . import audience, bank, danger, folding, model
from .tree import TOPICS

LONGEST_NAME = 6
MOST_TOPICS = 6
# A topic is told if it has this share of certainty; below `CERTAIN` for all of them nothing was understood.
TELL = 0.04
CERTAIN = 0.12
NAMED = 6.0
NAMED_ACCEPTABLE = 3.0
# A name that is only a part of many words counts less: "Gruppe Angst vor Prüfungen" is about more than its longest name.
_ORDINARY = frozenset("da na all net me dis aa ga bi als ea ms ich du er es in an am im ist war und oder das die der den dem des ein eine mal so wo wie was zu mit von ace poly haft alter endo na is sein alle cf rp ci lot".split())
_CALLS_FOR_A_GROUP = frozenset("gruppe gruppen selbsthilfe selbsthilfegruppe selbsthilfegruppen shg treffen treff suche gesucht hilfe austausch".split())
_FOUNDING = ("grunden", "grundung", "aufbauen", "grunde", "ins leben rufen", "selbst eine gruppe")
_OFFICE_KIND = "office"


@dataclass(frozen=True, slots=True)
class Weighted:
    """A topic understood and how surely, from 0 to 1."""

    id: str
    weight: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of somebody's words.

    `topics` best first, empty if nothing is understood with confidence; `audience` surest first; `place` if one is named;
    `danger` the kind of acute danger or ""; `alarm` for a quiet line; `need` for treatment; `founding` if somebody wants
    to found a group; `for_text` the folded words the full text is to look for.
    """

    topics: tuple[Weighted, ...] = ()
    audience: tuple[str, ...] = ()
    place: places.Place | None = None
    danger: str = ""
    alarm: bool = False
    need: bool = False
    founding: bool = False
    for_text: tuple[str, ...] = field(default=())


def resolve(text: str) -> Understanding:
    """Understand what somebody typed.

    Args:
        text: any words in any spelling; only the first `folding.LONGEST` characters are read.
    """
    words = folding.words(text)
    if not words:
        return Understanding()
    alarm = danger.recognise(words, text)
    place, rest = _without_place(words)
    scores, named = _scores(rest, text)
    chosen = _chosen(scores, named) if scores is not None else ()
    speaks = audience.of_words(words)
    return Understanding(
        topics=chosen,
        audience=_for_whom(speaks, chosen),
        place=place,
        danger=alarm.kind,
        alarm=alarm.quiet,
        need=alarm.need,
        founding=any(mark in " ".join(words) for mark in _FOUNDING),
        for_text=_for_text(rest),
    )


def _without_place(words: list[str]) -> tuple[places.Place | None, list[str]]:
    found = places.in_words(words)
    if found is None:
        return None, words
    place, start, end = found
    if start and words[start - 1] in {"in", "nahe", "bei", "um", "raum", "aus", "umgebung", "umkreis", "near", "w"}:
        start -= 1
    return place, words[:start] + words[end:]


def _scores(words: list[str], text: str) -> tuple[npt.NDArray[np.float32] | None, frozenset[str]]:
    """Return a score per class, and the topics named outright."""
    learnt = model.load()
    scores = learnt.scores(words)
    named = _named(words, text)
    if not named:
        return scores, frozenset()
    if scores is None:
        scores = learnt.bias.copy()
    for topic, boost in named.items():
        scores[_NUMBER[topic]] += boost
    return scores, frozenset(topic for topic, boost in named.items() if boost >= NAMED / 2)


_NUMBER = {topic: number for number, topic in enumerate(model.CLASSES)}


def _named(words: list[str], text: str) -> dict[str, float]:
    """Return what the names of the vocabulary in these words add to their topics: the longest name at each place."""
    names, longest = _vocabulary()
    found: dict[str, float] = defaultdict(float)
    content = [word for word in words if word not in _CALLS_FOR_A_GROUP]
    position = 0
    while position < len(words):
        for length in range(min(longest, len(words) - position), 0, -1):
            key = " ".join(words[position : position + length])
            meant = names.get(key)
            if meant is None or (length == 1 and key in _ORDINARY and not _meant_as_abbreviation(key, content, text)):
                continue
            share = min(1.0, (length + 1) / max(len(content), 1) + 0.25)
            for topic, strength in meant:
                found[topic] = max(found[topic], strength * share)
            position += length - 1
            break
        position += 1
    return found


def _meant_as_abbreviation(word: str, content: list[str], text: str) -> bool:
    """Say whether a short word that is also an ordinary one is meant as a name: alone, or written in capitals."""
    return content == [word] or word.upper() in text.split()


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[dict[str, tuple[tuple[str, float], ...]], int]:
    names: dict[str, dict[str, float]] = defaultdict(dict)
    for phrase in bank.vocabulary():
        key = " ".join(folding.words(phrase.text))
        for topics, strength in ((phrase.exact, NAMED), (phrase.acceptable, NAMED_ACCEPTABLE)):
            for topic in topics:
                names[key][topic] = max(names[key].get(topic, 0.0), strength)
    kept = {key: tuple(meant.items()) for key, meant in names.items() if key and key.count(" ") < LONGEST_NAME}
    return kept, max(key.count(" ") + 1 for key in kept)


def _chosen(scores: npt.NDArray[np.float32], named: frozenset[str]) -> tuple[Weighted, ...]:
    powers = np.exp(scores - scores.max())
    shares = powers / powers.sum()
    best = np.argpartition(-shares, MOST_TOPICS + 1)[: MOST_TOPICS + 1]
    order = [int(number) for number in best[np.argsort(-shares[best])]]
    if order[0] == model.NOTHING and not named:
        return ()
    told = [Weighted(model.CLASSES[number], round(float(shares[number]), 3)) for number in order if number != model.NOTHING and shares[number] >= TELL]
    if not told or (told[0].weight < CERTAIN and not named):
        return ()
    return tuple(told[:MOST_TOPICS])


def _for_whom(speaks: list[str], topics: tuple[Weighted, ...]) -> tuple[str, ...]:
    """Join what the words say with whom the best topic's groups are for by nature."""
    by_nature = list(TOPICS[topics[0].id].audience) if topics else []
    if not speaks or speaks == ["betroffene"]:
        return tuple(by_nature or speaks)
    return tuple(dict.fromkeys([*(audience for audience in speaks if audience in by_nature), *speaks, *by_nature]))[:4]


def _for_text(words: list[str]) -> tuple[str, ...]:
    """Return the words that may tell one group from others: not function words, those the bank knows least first."""
    learnt = model.load()
    common = _function_words()
    telling = [word for word in dict.fromkeys(words) if len(word) > 2 and word not in common and word not in _CALLS_FOR_A_GROUP]  # noqa: PLR2004 - two letters tell nothing
    telling.sort(key=learnt.knows)
    return tuple(telling[:4])


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    """Return words that occur with so many topics that they tell nothing about any."""
    fields: dict[str, set[str]] = defaultdict(set)
    for phrase in bank.phrases():
        for word in folding.words(phrase.text):
            fields[word].update(phrase.exact[:1])
    return frozenset(word for word, topics in fields.items() if len(topics) > MOST_TOPICS * 4)
