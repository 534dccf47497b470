"""What a row of a list wants of a group, and how long its texts may be."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from kontaktstelle.groups.models import Group
from kontaktstelle.topics.folding import words

from .fields import heading_of
from .persons import Person

LIMITS: dict[str, int] = {
    each.name: each.max_length
    for each in Group._meta.get_fields()  # noqa: SLF001 - Django's public meta interface
    if isinstance(each, models.Field) and each.max_length
}
LIMITS |= {"venue": 200, "venue_street": 160, "venue_town": 120, "venue_access": 300, "note": 20_000}


@dataclass(slots=True)
class Wanted:
    """What a row wants. `values` holds only what the list speaks about; `conclusions` only what a new group takes over."""

    line: int
    key: str = ""
    name_key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    conclusions: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    cuts: dict[str, list[str]] = field(default_factory=dict)
    persons: dict[int, Person] = field(default_factory=dict)
    venue: dict[str, str] | None = None
    note: str | None = None
    slug: str = ""
    basis: Group.Basis | None = None
    basis_on: date | None = None
    basis_by: str = ""
    listed: bool | None = None
    visibility: dict[str, list[str]] | None = None
    hints: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def says(self) -> tuple[Any, ...]:
        """Return everything the row wants, to tell a plain double from a contradiction."""
        return (
            self.key,
            self.values,
            self.persons,
            self.venue,
            self.note,
            self.basis,
            self.basis_on,
            self.basis_by,
            self.listed,
            self.visibility,
            self.cuts,
        )


def name_key(name: str, town: str) -> str:
    """Return by what a group without a key is known again: its name and town, folded."""
    return f"{' '.join(words(name))}|{' '.join(words(town))}"


def fits(wanted: Wanted, name: str, text: str) -> bool:
    """Say whether a text is short enough for its field; refuse the row if it is not."""
    limit = LIMITS.get(name)
    if limit and len(text) > limit:
        wanted.refusals.append(f"{heading_of(name)} ist zu lang: {len(text)} Zeichen, höchstens {limit}.")
        return False
    return True
