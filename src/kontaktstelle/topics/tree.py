"""The tree of topics: fields, topics with stable ids, whom they are for, what is near them.

Read once from `data/topics.tsv`; labels in other languages from `data/labels/`. Ids never change: a merged topic
keeps its id as a redirect.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
AUDIENCES: dict[str, str] = {
    "betroffene": "Betroffene",
    "angehoerige": "Angehörige",
    "eltern": "Eltern",
    "trauernde": "Trauernde",
    "junge": "junge Menschen",
    "aeltere": "Ältere",
    "frauen": "Frauen",
    "maenner": "Männer",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the field knows it.

    `audience` is whom its groups are for by nature, most typical first; `related` are ids of near topics, nearest
    first. `sensitive` pages offer to leave quickly; groups of `protected` topics may have to stay hidden; `psych`
    groups usually expect a first treatment.
    """

    id: str
    field: str
    label: str
    audience: tuple[str, ...]
    related: tuple[str, ...]
    sensitive: bool
    protected: bool
    psych: bool
    rare: bool


def rows(file: Path) -> list[list[str]]:
    """Return the tab-separated rows of a data file, without comments and blank lines."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


def _read() -> dict[str, Topic]:
    topics = {}
    for topic_id, field, label, audience, related, flags in rows(DATA / "topics.tsv"):
        marks = set(flags.split())
        topics[topic_id] = Topic(
            topic_id, field, label, tuple(audience.split()), tuple(related.split()),
            sensitive="sensitive" in marks, protected="protected" in marks, psych="psych" in marks, rare="rare" in marks,
        )  # fmt: skip
    return topics


TOPICS: dict[str, Topic] = _read()
FIELDS: dict[str, list[Topic]] = {}
for _topic in TOPICS.values():
    FIELDS.setdefault(_topic.field, []).append(_topic)


@lru_cache(maxsize=16)
def _labels(language: str) -> dict[str, str]:
    file = DATA / "labels" / f"{language}.tsv"
    return {row[0]: row[1] for row in rows(file)} if file.exists() else {}


def label(topic_id: str, language: str = "de") -> str:
    """Return a topic's name in a language, in German where there is no translation."""
    return _labels(language).get(topic_id) or TOPICS[topic_id].label


def family(topic_id: str) -> tuple[str, ...]:
    """Return a topic and those near it, nearest first."""
    return (topic_id, *TOPICS[topic_id].related)
