"""Generated groups and searches, the same for every engine compared.

Groups: a topic, a place by postcode, a name and a description with ordinary words (Zipf) and one word of its own.
Searches: two or three words, a sentence, a compound, a rare word of one group's text; a share is misspelt as people type.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.places.gazetteer import gazetteer
from kontaktstelle.topics import bank, folding, tree

SEED = 7
RADIUS_KM = 25.0
KINDS = ("two or three words", "sentence", "compound", "rare word")
MISSPELT = {"two or three words": 0.57, "sentence": 0.40, "compound": 0.0, "rare word": 0.0}
_FILLERS = ["gruppe", "hilfe", "austausch", "suche", "treffen", "selbsthilfegruppe"]
_SENTENCES = [
    "ich suche eine gruppe für menschen mit {} in meiner nähe", "wo finde ich andere die auch {} haben und darüber reden", "gibt es hier eine selbsthilfegruppe zum thema {} für mich",
    "wir wünschen uns austausch mit anderen wegen {} weil es schwer ist", "seit vielen jahren begleitet mich {} und ich möchte andere treffen", "meine ärztin hat gesagt dass eine gruppe bei {} gut wäre",
]  # fmt: skip
_TAILS = ["selbsthilfe", "gruppe", "treff", "selbsthilfegruppe", "hilfe"]
_SYLLABLES = [
    "ka",
    "lo",
    "min",
    "dor",
    "vel",
    "tas",
    "rik",
    "bon",
    "sel",
    "mur",
    "gan",
    "fil",
    "hos",
    "wen",
    "pir",
    "jut",
]


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated group as engines receive it."""

    number: int
    name: str
    keywords: str
    description: str
    topic: str
    lat: float
    lon: float
    own_word: str
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """A generated search: words, a place, and the groups that are right."""

    kind: str
    words: str
    lat: float
    lon: float
    topic: str
    misspelt: bool
    own: int = -1


def names_of_topics() -> dict[str, list[str]]:
    """Return, per topic, the names of the vocabulary that mean it alone and are told from other words."""
    found: dict[str, list[str]] = {topic: [] for topic in tree.TOPICS}
    for phrase in bank.vocabulary():
        if (
            len(phrase.exact) == 1
            and phrase.flag == "-"
            and len(folding.words(phrase.text)) == 1
            and len(phrase.text) >= 6
        ):
            found[phrase.exact[0]].append(phrase.text)
    return {topic: names for topic, names in found.items() if names}


def groups(count: int) -> list[Generated]:
    """Return `count` groups, always the same."""
    rng = Random(SEED)
    names = names_of_topics()
    topics = sorted(names)
    weights = list(accumulate(1 / (rank + 1) ** 0.4 for rank in range(len(topics))))
    rng.shuffle(topics)
    ordinary = sorted(
        {
            word
            for phrase in bank.phrases()
            if phrase.language == "de"
            for word in folding.words(phrase.text)
            if len(word) > 3
        }
    )
    rng.shuffle(ordinary)
    ordinary_weights = list(accumulate(1 / (rank + 2) for rank in range(len(ordinary))))
    spots = [spot for spots in gazetteer().by_postcode.values() for spot in spots[:1]]
    made = []
    for number in range(count):
        topic = rng.choices(topics, cum_weights=weights)[0]
        spot = rng.choice(spots)
        own = "".join(rng.choices(_SYLLABLES, k=4)) + str(number % 97)
        text = " ".join(rng.choices(ordinary, cum_weights=ordinary_weights, k=rng.randint(25, 60)))
        made.append(
            Generated(
                number, f"Gruppe {rng.choice(names[topic])} {spot.name}", " ".join(names[topic]), f"{text} {own}", topic,
                spot.lat + rng.uniform(-0.02, 0.02), spot.lon + rng.uniform(-0.02, 0.02), own, spot.postcodes[0],
            )
        )  # fmt: skip
    return made


def searches(made: Sequence[Generated], per_kind: int) -> list[Search]:
    """Return searches of the four kinds, mixed; each has at least one right group within the radius."""
    rng = Random(SEED + 1)
    names = names_of_topics()
    found = []
    for _ in range(per_kind):
        for kind in KINDS:
            group = rng.choice(made)
            name = rng.choice(names[group.topic]).lower()
            misspelt = rng.random() < MISSPELT[kind] and len(name) > 4
            typed = _misspell(name, rng) if misspelt else name
            if kind == "two or three words":
                words = f"{typed} {' '.join(rng.sample(_FILLERS, rng.randint(1, 2)))}"
            elif kind == "sentence":
                words = rng.choice(_SENTENCES).format(typed)
            elif kind == "compound":
                words = typed.replace(" ", "") + rng.choice(_TAILS)
            else:
                words = group.own_word
            found.append(
                Search(
                    kind,
                    words,
                    group.lat + rng.uniform(-0.05, 0.05),
                    group.lon + rng.uniform(-0.05, 0.05),
                    group.topic,
                    misspelt,
                    group.number if kind == "rare word" else -1,
                )
            )
    return found


def public(group: Generated) -> PublicEntry:
    """Return the group as the directory receives it."""
    return PublicEntry(
        slug=f"g{group.number}", name=group.name, topics=[group.topic], audience=list(tree.TOPICS[group.topic].audience), stage="open", conditions=["call_first"], languages=["de"],
        forms=["in-person"], office="bench", office_name="Vergleich", office_phone="030 23125 100", kreis_key="", lat=group.lat, lon=group.lon, description=group.description,
        town=group.name.split()[-1], meeting="jeden 1. Dienstag im Monat, 19 Uhr", starts_at="19:00", next_dates=["2030-01-01T19:00+01:00"], confirmed_on="2026-09-01", is_example=True,
    )  # fmt: skip


def _misspell(word: str, rng: Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    way: Any = rng.randrange(5)
    if way == 0:
        return word[:at] + word[at + 1 :]
    if way == 1:
        return word[:at] + word[at] + word[at:]
    if way == 2:
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    if way == 3:
        return (
            word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
            if any(letter in word for letter in "äöüß")
            else word[:at] + rng.choice("enrtisal") + word[at + 1 :]
        )
    return word[:at] + rng.choice("enrtisal") + word[at:]
