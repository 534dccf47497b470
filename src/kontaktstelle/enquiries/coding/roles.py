"""Who may ask, by the words of the field, and what is known of a note when it is asked who asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import cues
from .reading import Clause

AFFECTED, RELATIVE, PARENT = "betroffen", "angehoerig", "eltern"
GROUP, FOUNDER, PROFESSIONAL, PRESS = "gruppe", "gruendungsinteressiert", "fachkraft", "presse_politik"
OTHER, UNKNOWN = "sonstige", "unbekannt"
SEEKERS = frozenset({AFFECTED, RELATIVE, PARENT})
EVENT = "veranstaltung"
# Evidence of a topic from here on is worth a decision.
TELLS = 0.3
CHANNEL_NOUNS = frozenset(
    "mail fax anruf anfrage brief post anmeldung bestellung mailanfrage nachricht rundmail schreiben ruckruf".split()
)
POSSESSIVE = frozenset(
    """
    ihr ihre ihrem ihren ihrer ihres sein seine seinem seinen seiner seines mein meine meinem meinen meiner meines unser
    unsere unserem unseren unserer
    """.split()
)


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


def calls(clause: Clause) -> bool:
    """Say whether somebody asks or wants something in a clause."""
    return cues.word("CALLS").fits(clause.words) and not cues.word("NOT").fits(clause.words)
