"""Which groups an office has: topics in the shares of real listings, the most asked ones in every big office.

Shares: `data/shares.tsv`, counted in 506 public listings. What those lack (rare illnesses) has a small share too, so
that a big office also has the one group of its kind.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kontaktstelle.topics import tree

from .chance import chance, drawn, happens, shared_out
from .offices import MOST_ASKED, ExampleOffice

DATA = Path(__file__).parent / "data"
# Pairs of topics that stand together in the listings: first topic, the other one, in how many of a hundred.
PAIRS: dict[str, tuple[tuple[str, int], ...]] = {
    "alcohol": (("addiction-relatives", 42), ("medication-dependence", 6)),
    "addiction-general": (("alcohol", 60), ("addiction-relatives", 15)),
    "stoma": (("bowel-cancer", 70),),
    "depression": (("burnout", 12), ("anxiety-panic", 12)),
    "tinnitus": (("meniere", 30), ("hearing-loss", 25)),
    "drugs": (("addiction-general", 40),),
    "obesity": (("bariatric-surgery", 50),),
    "cancer-women": (("breast-cancer", 40),),
    "mecfs": (("long-covid", 30), ("mcs", 25)),
    "kidney-dialysis": (("transplant", 60),),
    "dementia-relatives": (("caregivers", 40),),
    "down-syndrome": (("disability-parents", 80),),
    "students": (("young-mental", 80),),
}
SECOND_TOPIC = 0.18
# Whose place and time nobody may see: who comes here may be looked for.
PROTECTED = frozenset({"domestic-violence", "stalking", "cults", "sexual-abuse", "sexual-abuse-men"})
# Topics that have fellowships after the twelve steps: no lists of names, no contact persons.
FELLOWSHIPS = frozenset(
    {
        "alcohol",
        "addiction-alcohol-relatives",
        "drugs",
        "gambling",
        "sex-addiction",
        "love-addiction",
        "food-addiction",
        "codependency",
        "work-addiction",
        "emotions-anonymous",
        "aca-adult-children",
    }
)
FELLOWSHIP_SHARE = 0.4
# Of the groups a topic has beyond its first, so many are for some only (listings: young 4 %, women 8 %, men 4 %, older 2 %).
VARIANTS = {"": 76.0, "young": 9.0, "women": 6.0, "men": 6.0, "older": 3.0}
# Fields in which "for women", "for men", "for the old" changes the talk.
FIELDS_WITH_VARIANTS = frozenset(
    {
        "Sucht",
        "Psychische Gesundheit",
        "Trauer",
        "Krebs",
        "Partnerschaft, Trennung, Alleinleben",
        "Schmerz und Erschöpfung",
        "Gewalt und Krisen",
    }
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A group before it has a name: its number in the office, topics, for whom, language, kind."""

    number: int
    topic: str
    second: str = ""
    variant: str = ""
    language: str = ""
    fellowship: bool = False
    protected: bool = False

    @property
    def topics(self) -> list[str]:
        """Its topics, main one first."""
        return [self.topic, self.second] if self.second else [self.topic]

    @property
    def for_young(self) -> bool:
        """Whether it is Junge Selbsthilfe."""
        return self.variant == "young" or tree.TOPICS[self.topic].audience[0] == "junge"


def plan(office: ExampleOffice) -> list[Planned]:
    """Return the groups of an office in a fixed order."""
    planned = [
        Planned(number, topic, language=language)
        for number, (topic, language) in enumerate(office.languages, 1)
    ]
    seen: Counter[str] = Counter()
    for topic in _topics(office, office.groups - len(planned)):
        seen[topic] += 1
        planned.append(_planned(office, len(planned) + 1, topic, first_of_topic=seen[topic] == 1))
    return planned


@lru_cache(maxsize=1)
def shares() -> dict[str, int]:
    """Return topic → how many of 506 real listings name it."""
    return {topic: int(count) for topic, count in tree.rows(DATA / "shares.tsv")}


def _topics(office: ExampleOffice, seats: int) -> Iterator[str]:
    if office.only:
        yield from office.only[:seats]
        return
    fixed = list(dict.fromkeys((*MOST_ASKED, *office.always)))
    yield from fixed
    weights = {topic: float(shares().get(topic, office.rare_weight)) for topic in tree.TOPICS}
    wanted = shared_out(weights, seats)
    for topic in fixed:  # they have their first group already
        wanted[topic] = max(wanted[topic] - 1, 0)
    # What the fixed ones take beyond their share comes off the topics with most groups.
    surplus = sum(wanted.values()) + len(fixed) - seats
    for _ in range(surplus):
        wanted[max(wanted, key=lambda topic: wanted[topic])] -= 1
    for topic, count in wanted.items():
        yield from [topic] * count


def _planned(office: ExampleOffice, number: int, topic: str, *, first_of_topic: bool) -> Planned:
    about = (office.slug, number, topic)
    if topic in PROTECTED:
        return Planned(number, topic, protected=True)
    if not first_of_topic and topic in FELLOWSHIPS and happens(FELLOWSHIP_SHARE, *about, "fellowship"):
        return Planned(number, topic, fellowship=True)
    variant = "" if first_of_topic else _variant(about, topic)
    return Planned(number, topic, second=_second(about, topic), variant=variant)


def _variant(about: tuple[object, ...], topic: str) -> str:
    told = tree.TOPICS[topic]
    if told.field not in FIELDS_WITH_VARIANTS or told.audience != ("betroffene",):
        return ""
    return drawn(VARIANTS, *about, "variant")


def _second(about: tuple[object, ...], topic: str) -> str:
    roll = chance(*about, "pair").randrange(100)
    for other, share in PAIRS.get(topic, ()):
        if roll < share:
            return other
        roll -= share
    told = tree.TOPICS[topic]
    near = [
        other
        for other in told.related
        if tree.TOPICS[other].field == told.field
        and tree.TOPICS[other].audience == told.audience
        and other not in PROTECTED
    ]
    if (
        not near
        or topic in PAIRS
        or told.audience[0] != "betroffene"
        or not happens(SECOND_TOPIC, *about, "second")
    ):
        return ""
    return near[0]
