"""Periods of erasure and lists of the quick log as their pages show them, and what is typed there."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from kontaktstelle.enquiries import codes, offer
from kontaktstelle.enquiries import periods as kept_for
from kontaktstelle.organisation import earlier
from kontaktstelle.privacy.retention import Then

LISTS = (("channel", "Weg"), ("who", "Wer"), ("concern", "Anliegen"), ("outcome", "Ergebnis"), ("visit", "Kontakt"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class PeriodShown:
    """A period: what is kept, since when it counts, how long here, how long by the programme, and why."""

    key: str
    what: str
    since: str
    then: str
    ground: str
    days: int
    programme: int
    at_least: int
    at_most: int

    @property
    def is_own(self) -> bool:
        """Say whether the office has another period than the programme."""
        return self.days != self.programme


@dataclass(frozen=True, slots=True)
class ListShown:
    """A list of the quick log in a year: its values as key, label, whether on, shortcut."""

    name: str
    label: str
    values: list[tuple[str, str, bool, str]]
    seen: str
    last: Any
    has_shortcuts: bool


def periods() -> list[PeriodShown]:
    """Return the periods an office may set."""
    return [
        PeriodShown(
            period.key, rule.what, rule.since, Then(rule.then).label, rule.ground,
            kept_for.days_of(period), period.days, period.at_least or 0, period.at_most or period.days,
        )
        for rule in kept_for.settable()
        if (period := rule.period)
    ]  # fmt: skip


def lists(year: int, post: QueryDict | None) -> list[ListShown]:
    """Return the lists of the quick log and the optional fields; the one that was sent and refused as it was typed."""
    return [_list(offer.FIELDS, "Weitere Felder", year, post), *(_list(name, label, year, post) for name, label in LISTS)]  # fmt: skip


def shortcuts(post: QueryDict) -> dict[str, str]:
    """Return the keys typed, by value."""
    return {name.removeprefix("taste-"): post.get(name, "") for name in post if name.startswith("taste-")}


def years(this: int) -> list[tuple[str, str]]:
    """Return from which years something can be switched."""
    return [(str(this), f"{this}, ab sofort"), (str(this + 1), f"{this + 1}, ab 1. Januar")]


def _list(name: str, label: str, year: int, post: QueryDict | None) -> ListShown:
    state = offer.state(name, year)
    typed = post if post is not None and post.get("liste") == name else None
    keys = shortcuts(typed) if typed is not None else {}
    on = set(typed.getlist("an")) if typed is not None else None
    return ListShown(
        name,
        label,
        [
            (key, _label(name, key), is_on if on is None else key in on, keys.get(key, shortcut))
            for key, (is_on, shortcut) in state.items()
        ],
        earlier.fingerprint(state),
        offer.last_change(name, year),
        name != offer.FIELDS,
    )


def _label(name: str, key: str) -> str:
    return codes.OPTIONAL_FIELDS[key] if name == offer.FIELDS else codes.label(name, key)
