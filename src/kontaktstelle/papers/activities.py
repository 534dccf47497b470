"""What is done with whose data, why, by whom and for how long: rows of `activities.tsv`, joined with rights and periods."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kontaktstelle.organisation.rights import TABLE, Right, Role
from kontaktstelle.privacy import retention
from kontaktstelle.privacy.retention import Then

FILE = Path(__file__).parent / "activities.tsv"
RISKS = Path(__file__).parent / "risks.tsv"


@dataclass(frozen=True, slots=True)
class Activity:
    """One row of the Verzeichnis: `law` names a provision, `tables` the models whose rows are meant."""

    key: str
    name: str
    purpose: str
    people: str
    what: str
    right: Right
    law: str
    passed_to: str
    tables: frozenset[str]

    @property
    def roles(self) -> str:
        """Return who may do it, in the words of the screen, in the order of the roles."""
        return ", ".join(role.label for role in Role if role in TABLE[self.right])

    @property
    def periods(self) -> tuple[str, ...]:
        """Return how long it is kept, as the nightly work keeps it, a sentence each."""
        return tuple(period(rule) for rule in retention.rules() if rule.label in self.tables and tells(rule))


@cache
def activities() -> tuple[Activity, ...]:
    """Return all of them, in their order."""
    _, *lines = FILE.read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        *texts, right, law, passed_to, tables = line.split("\t")
        key, name, purpose, people, what = texts
        found.append(
            Activity(key, name, purpose, people, what, Right(right), law, passed_to, frozenset(tables.split()))
        )
    return tuple(found)


def periods_of(keys: Iterable[str]) -> list[tuple[str, str]]:
    """Return name and period of what the given activities keep, for the sheets handed out."""
    wanted = set(keys)
    return [(each.name, told) for each in activities() if each.key in wanted for told in each.periods]


def risks() -> tuple[tuple[str, str, str], ...]:
    """Return goal, risk and what was done about it."""
    _, *lines = RISKS.read_text(encoding="utf-8").splitlines()
    return tuple((goal, risk, done) for goal, risk, done in (line.split("\t") for line in lines))


def tells(rule: retention.Rule) -> bool:
    """Say whether a rule says something of its own; a table that goes with another says nothing new."""
    return rule.then != Then.WITH


def period(rule: retention.Rule) -> str:
    """Return a rule as words, e.g. `Name und Wege: gelöscht 90 Tage nach Abschluss`."""
    if rule.then == Then.KEEP:
        return f"{rule.what}: bleibt ({rule.ground})"
    when = f"{rule.days} Tage nach: {rule.since}" if rule.days else f"sofort: {rule.since}"
    return f"{rule.what}: {rule.then.label}, {when}"
