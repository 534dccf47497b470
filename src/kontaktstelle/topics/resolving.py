"""Understanding words: topics with weights, whom it is for, a place, danger, need. In memory, nothing is stored.

Two things answer together: the vocabulary (a name somebody uses means its topics, however unlikely) and the learnt
model (how people put it). Words with a typing error are read as the known word they are nearest to; words that only ask
for a group ("suche Selbsthilfegruppe") say nothing about the topic. Nothing here is a judgement of a person.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from kontaktstelle import places

from . import audience, bank, danger, folding, model
from .languages import SPOKEN_IN, foreign, languages_of
from .spelling import Speller, without_tail
from .tree import TOPICS

LONGEST_NAME = 6
MOST_TOPICS = 6
# A topic is told if it has this share of certainty, the first three from `GUESS` on. Below `CERTAIN` for all of them nothing
# is understood with confidence; the first guesses are told all the same, with their small weights, and pages call them guesses.
TELL = 0.04
CERTAIN = 0.12
GUESS = 0.015
FEW_GUESSES = 3
# From this share on words mean nothing; below it what else they may mean is told, as guesses of at most `HARDLY`.
MEANS_NOTHING = 0.7
HARDLY = 0.1
# A group that speaks the language somebody writes in helps more than a topic guessed with less.
SPEAKS_IT = 0.1
NAMED = 6.0
NAMED_ACCEPTABLE = 3.0
NEARLY = 0.7
# How surely a word that an office has added means its topic.
CALLED = 0.9
# What is called by name has at least a fifth of the best one's share (its logarithm).
OUTRIGHT = -1.6
MOST_FOR_TEXT = 4
SHORTEST_FOR_TEXT = 3
_ORDINARY = frozenset(
    [
        "da",
        "na",
        "all",
        "net",
        "me",
        "dis",
        "aa",
        "ga",
        "bi",
        "als",
        "ea",
        "ich",
        "du",
        "er",
        "es",
        "in",
        "an",
        "am",
        "im",
        "ist",
        "war",
        "und",
        "oder",
        "das",
        "die",
        "der",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "mal",
        "so",
        "wo",
        "wie",
        "was",
        "zu",
        "mit",
        "von",
        "ace",
        "poly",
        "haft",
        "alter",
        "endo",
        "is",
        "sein",
        "alle",
        "lot",
    ]
)
CALLS_FOR_A_GROUP = frozenset(
    [
        "gruppe",
        "gruppen",
        "selbsthilfe",
        "selbsthilfegruppe",
        "selbsthilfegruppen",
        "shg",
        "treffen",
        "treff",
        "suche",
        "gesucht",
        "hilfe",
        "austausch",
        "thema",
        "selbst",
        "gibt",
        "nahe",
        "gruppentreffen",
        "kontakt",
        "selbsthilfetreff",
        # The same in the other languages: that somebody looks for help says nothing of what for.
        *("help", "support", "group"),
        *("yardim", "yardima", "yardimi", "ihtiyacim", "destek", "grup", "grubu"),
        *("pomoc", "pomocy", "potrzebuje", "grupa", "grupy"),
        *("помощь", "помощи", "нужна", "нужен", "группа"),
        *("допомога", "допомоги", "допомогу", "потрібна", "група"),
        *("مساعده", "المساعده", "احتاج", "مجموعه"),
    ]
)
# "Buch über Suizid" looks for something to read, not for a group, unless somebody speaks of themselves.
_IS_ABOUT = frozenset(
    [
        "buch",
        "bucher",
        "roman",
        "film",
        "filme",
        "serie",
        "doku",
        "dokumentation",
        "podcast",
        "referat",
        "hausarbeit",
        "hausaufgabe",
        "bachelorarbeit",
        "masterarbeit",
        "prasentation",
        "statistik",
        "statistiken",
        "definition",
        "wikipedia",
        "zitat",
        "zitate",
        "spruch",
        "spruche",
        "gedicht",
        "gedichte",
        "lied",
        "lieder",
        "studie",
        "zeitschrift",
        "book",
        "movie",
        "essay",
        "kitap",
        "film",
        "ksiazka",
        "книга",
        "книжка",
        "كتاب",
    ]
)
SPEAKS = frozenset(
    [
        "ich",
        "mein",
        "meine",
        "meinem",
        "meinen",
        "meiner",
        "mich",
        "mir",
        "wir",
        "uns",
        "unser",
        "unsere",
        "bin",
        "habe",
        "hab",
        "suche",
    ]
)
_FOUNDING = re.compile(r"\b(?:grunden|grundung|aufbauen|ins leben rufen|gruppe starten|grunde ein)")
# Whoever looks for these gets a quiet line to help, also where no acute danger was recognised.
_NEAR_DANGER = frozenset(
    {"suicidality", "domestic-violence", "sexual-abuse", "stalking", "abuse-parents", "self-harm"}
)
_PREPOSITIONS = frozenset({"in", "nahe", "bei", "um", "raum", "aus", "umgebung", "umkreis", "near", "w"})


@dataclass(frozen=True, slots=True)
class Weighted:
    """A topic understood and how surely, from 0 to 1."""

    id: str
    weight: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of somebody's words.

    `topics` best first (guesses unless `is_sure`), empty if the words mean no topic; `audience` surest first; `place` if one is named;
    `danger` the kind of acute danger or ""; `alarm` for a quiet line; `need` for treatment; `founding` if somebody wants
    to found a group; `for_text` the folded words the full text is to look for, and which of them are `rare`: words the
    bank does not know, so that an entry that has one is meant.
    """

    topics: tuple[Weighted, ...] = ()
    audience: tuple[str, ...] = ()
    place: places.Place | None = None
    danger: str = ""
    alarm: bool = False
    need: bool = False
    founding: bool = False
    for_text: tuple[str, ...] = ()
    rare: frozenset[str] = frozenset()

    @property
    def is_sure(self) -> bool:
        """Whether a topic is understood with confidence; otherwise `topics` are guesses."""
        return bool(self.topics) and self.topics[0].weight >= CERTAIN


def resolve(text: str, *, called: Sequence[str] = ()) -> Understanding:
    """Understand what somebody typed.

    Args:
        text: any words in any spelling; only the first `folding.LONGEST` characters are read.
        called: topics that are called by a name the offices have added (`own_words`); they come first.
    """
    words = folding.words(text)
    if not words:
        return Understanding()
    alarm = danger.recognise(words, text)
    place, rest = _without_place(words)
    read = _read(rest)
    topics = _with_called(called, _topics(read, text))
    return Understanding(
        topics=_with_language(topics, read),
        audience=_for_whom(audience.of_words(words + read.translated), topics),
        place=place,
        danger=alarm.kind,
        alarm=alarm.quiet or (not alarm.kind and bool(topics) and topics[0].id in _NEAR_DANGER),
        need=alarm.need,
        founding=_FOUNDING.search(" ".join(words)) is not None,
        **_for_text(rest, understood=bool(topics) and topics[0].weight >= CERTAIN),
    )


def _with_called(called: Sequence[str], understood: tuple[Weighted, ...]) -> tuple[Weighted, ...]:
    """Put what was called by name first; guesses about a word somebody explained are no use."""
    if not called:
        return understood
    sure = understood if understood and understood[0].weight >= CERTAIN else ()
    first = [Weighted(topic, CALLED) for topic in called]
    return tuple([*first, *(each for each in sure if each.id not in called)][:MOST_TOPICS])


def _without_place(words: list[str]) -> tuple[places.Place | None, list[str]]:
    found = places.in_words(words)
    if found is None:
        return None, words
    place, start, end = found
    if start and words[start - 1] in _PREPOSITIONS:
        start -= 1
    return place, words[:start] + words[end:]


@dataclass(frozen=True, slots=True)
class _Reading:
    """Words as they stand and as they are meant; `corrected` are those that were changed, `translated` what foreign ones mean.

    `spoken` is the language of foreign ones if it is sure, else "".
    """

    words: list[str]
    meant: list[str]
    corrected: frozenset[str]
    translated: list[str]
    spoken: str


def _read(words: list[str]) -> _Reading:
    """Read words as they are meant: without those that only ask for a group, typing errors corrected."""
    learnt = model.load()
    asking = [word for word in words if word not in CALLS_FOR_A_GROUP] or words
    meant: list[str] = []
    corrected: list[str] = []
    extra: list[str] = []
    for word in asking:
        if learnt.knows(word):
            meant.append(word)
            continue
        head = without_tail(word)
        if head is not None and learnt.knows(head):
            meant.append(head)
        elif near := _speller().correct(word) or (head and _speller().correct(head)):
            meant.append(near)
            corrected.append(near)
            extra.append(word)
        else:
            meant.append(head or word)
    lexicon = foreign(asking, learnt.german)
    translated = lexicon.translate(asking) if lexicon else []
    spoken = lexicon.language if lexicon and languages_of(asking)[1] else ""
    return _Reading(meant + extra + translated, meant + translated, frozenset(corrected), translated, spoken)


def _topics(read: _Reading, text: str) -> tuple[Weighted, ...]:
    learnt = model.load()
    if _IS_ABOUT & set(read.meant) and not SPEAKS & set(read.meant):
        return ()
    scores = learnt.scores(read.words)
    named = _named(read, text)
    if scores is None:
        if not named:
            return ()
        scores = learnt.topics.bias.copy()
    for topic, boost in named.items():
        scores[_NUMBER[topic]] += boost
    if named:
        scores[model.NOTHING] = -np.inf
    outright = [_NUMBER[topic] for topic, boost in named.items() if boost >= NAMED / 2]
    return _told(scores, outright, certain=TELL if named else CERTAIN)


_NUMBER = {topic: number for number, topic in enumerate(model.CLASSES)}


def _told(scores: npt.NDArray[np.float32], outright: list[int], *, certain: float) -> tuple[Weighted, ...]:
    """Return the topics worth telling, best first: those with a share of certainty, or the first guesses where none has.

    Args:
        scores: per class; changed here.
        outright: classes that were called by name, told however sure the model is of something else.
        certain: the share from which the best is understood with confidence.
    """
    if outright:
        floor = scores.max() + OUTRIGHT
        scores[outright] = np.maximum(scores[outright], floor)
    powers = np.exp(scores - scores.max())
    total = float(powers.sum())
    numbers = np.flatnonzero(powers >= GUESS * total)
    best = sorted(zip((powers[numbers] / total).tolist(), numbers.tolist(), strict=True), reverse=True)
    if not best or (best[0][1] == model.NOTHING and best[0][0] >= MEANS_NOTHING):
        return ()
    likely = [(share, number) for share, number in best if number != model.NOTHING]
    if best[0][1] == model.NOTHING:
        return tuple(
            Weighted(model.CLASSES[number], round(min(share, HARDLY), 3))
            for share, number in likely[:FEW_GUESSES]
        )
    sure = best[0][0] >= certain
    told = likely[:FEW_GUESSES] + [
        each for each in likely[FEW_GUESSES:MOST_TOPICS] if sure and each[0] >= TELL
    ]
    return tuple(Weighted(model.CLASSES[number], round(share, 3)) for share, number in told)


def _with_language(topics: tuple[Weighted, ...], read: _Reading) -> tuple[Weighted, ...]:
    """Tell the groups that speak the language somebody writes in too: before what is only weakly guessed."""
    spoken = SPOKEN_IN.get(read.spoken, "")
    if not spoken:
        return topics
    told = max((topic for topic in topics if topic.id == spoken), key=_weight, default=Weighted(spoken, 0.0))
    others = [topic for topic in topics if topic.id != spoken]
    language = Weighted(spoken, max(told.weight, SPEAKS_IT))
    return tuple(sorted([*others, language], key=_weight, reverse=True)[:MOST_TOPICS])


def _weight(topic: Weighted) -> float:
    return topic.weight


def _named(read: _Reading, text: str) -> dict[str, float]:
    """Return what the names of the vocabulary in these words add to their topics: the longest name at each place.

    A name counts the more, the larger its part of what is said is; one that was only nearly typed counts less.
    """
    names, longest = _vocabulary()
    words = read.meant
    function_words = model.load().function_words
    content = [word for word in words if word not in function_words] or words
    found: dict[str, float] = defaultdict(float)
    position = 0
    while position < len(words):
        for length in range(min(longest, len(words) - position), 0, -1):
            key = words[position] if length == 1 else " ".join(words[position : position + length])
            meant = names.get(key)
            if meant is None or (
                length == 1 and key in _ORDINARY and not _meant_as_abbreviation(key, content, text)
            ):
                continue
            share = min(1.0, length / len(content) + 0.34) * (
                NEARLY if not read.corrected.isdisjoint(words[position : position + length]) else 1.0
            )
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
    kept = {
        key: tuple(meant.items()) for key, meant in names.items() if key and key.count(" ") < LONGEST_NAME
    }
    return kept, max(key.count(" ") + 1 for key in kept)


@lru_cache(maxsize=1)
def _speller() -> Speller:
    """Return the speller: names first, then words that several phrases of the bank use."""
    names = {word for name in _vocabulary()[0] for word in name.split()}
    return Speller(names, (word for word, count in model.load().german.items() if count >= 3))  # noqa: PLR2004 - a word of one phrase may be an error itself


def _for_whom(speaks: list[str], topics: tuple[Weighted, ...]) -> tuple[str, ...]:
    """Join what the words say with whom the best topic's groups are for by nature."""
    by_nature = list(TOPICS[topics[0].id].audience) if topics else []
    if not speaks or speaks == ["betroffene"]:
        return tuple(by_nature or speaks)
    return tuple(dict.fromkeys([*(who for who in speaks if who in by_nature), *speaks, *by_nature]))[:4]


def _for_text(words: list[str], *, understood: bool) -> dict[str, Any]:
    """Return the words that may tell one group from others: those the bank does not know first, then seldom ones.

    Where no topic was understood every telling word is looked for: then the groups' own texts are all there is.
    """
    learnt = model.load()
    telling = [
        word
        for word in dict.fromkeys(words)
        if len(word) >= SHORTEST_FOR_TEXT
        and word not in learnt.function_words
        and word not in CALLS_FOR_A_GROUP
    ]
    rare = [word for word in telling if not learnt.knows(word)]
    seldom = [
        word
        for word in telling
        if word not in rare and learnt.is_seldom(word) and word not in _vocabulary()[0]
    ]
    chosen = rare + seldom if understood else [*rare, *(word for word in telling if word not in rare)]
    return {"for_text": tuple(chosen[:MOST_FOR_TEXT]), "rare": frozenset(rare)}
