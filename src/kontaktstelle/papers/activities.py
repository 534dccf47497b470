"""What is done with whose data, why, by whom and for how long: rows of `activities.tsv`, joined with rights and periods."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kontaktstelle.enquiries import periods
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
        mine = (rule for rule in retention.rules() if rule.label in self.tables and rule.then != Then.WITH)
        return tuple(f"{rule.what}: {period(rule)}" for rule in mine)


@cache
def activities() -> tuple[Activity, ...]:
    """Return all of them, in their order."""
    _, *lines = FILE.read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        *texts, right, law, passed_to, tables = line.split("\t")
        key, name, purpose, people, what = texts
        found.append(
            Activity(
                key, name, purpose, people, what, Right(right), law, passed_to, frozenset(tables.split())
            )
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


def ends(rule: retention.Rule) -> bool:
    """Say whether something ends by a rule of its own: it is neither kept nor does it go with something else."""
    return rule.then in {Then.ERASE, Then.DE_IDENTIFY}


def period(rule: retention.Rule) -> str:
    """Return a rule as words, at the office being acted for, e.g. `gelöscht 90 Tage nach: Abschluss`."""
    if not ends(rule):
        return f"bleibt: {rule.ground}"
    days = periods.days_of(rule.period) if rule.period else 0
    return f"{rule.then.label} {days} Tage nach: {rule.since}" if days else f"{rule.then.label}: {rule.since}"
