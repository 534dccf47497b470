"""The opened trail as a table: narrowed to somebody, or to one enquiry with all that hangs on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models

from kontaktstelle.enquiries.models import CallBack, Contact, Enquiry, Note, Referral
from kontaktstelle.organisation import trail_opening
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.trail_opening import Line
from kontaktstelle.relay import channels

from . import trail_words

LONGEST_NUMBER = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A line in words."""

    number: int
    at: datetime
    who: str
    step: str
    about: str


def lines(
    opening: UUID, *, by: Staff, at: datetime, actor: str = "", enquiry: str = ""
) -> tuple[list[Shown], bool]:
    """Return the lines of an opened trail, and whether the number that was asked for is one of an enquiry here.

    Args:
        opening: which.
        by: who looks; the look is traced.
        at: now.
        actor: only what this one did.
        enquiry: only what was about the enquiry with this number.

    Raises:
        rights.NotAllowed, trail_opening.NotOpen: as their sentences say.
    """
    about = _all_of(enquiry) if enquiry else None
    found = trail_opening.lines(opening, by=by, at=at, actor=actor, about=about)
    return [_shown(line) for line in found], bool(about) or not enquiry


def actors(opening: UUID, *, by: Staff, at: datetime) -> list[tuple[str, str]]:
    """Return who acted, for the choice on the page."""
    return [(key, trail_words.who(name)) for key, name in trail_opening.who_acted(opening, by=by, at=at)]


def _shown(line: Line) -> Shown:
    return Shown(
        line.number,
        line.at,
        trail_words.who(line.who),
        trail_words.step(line.action, line.fields),
        f"{trail_words.kind(line.about)} {line.mark}",
    )


def _all_of(number: str) -> list[tuple[str, object]]:
    """Return what lines about an enquiry may be about; where its person is gone only itself is left to be known by."""
    row = Enquiry.objects.filter(number=number.strip().upper()[:LONGEST_NUMBER]).first()
    if row is None:
        return []
    hanging: tuple[type[models.Model], ...] = (Contact, Note, CallBack, Referral)
    found: list[tuple[str, object]] = [("enquiries.enquiry", row.pk)]
    for model in hanging:
        keys = model._default_manager.filter(enquiry=row).values_list("pk", flat=True)  # noqa: SLF001 - the manager of the wall
        found += [(model._meta.label_lower, key) for key in keys]  # noqa: SLF001 - Django's public meta interface
    return [*found, *(("relay.channel", channel.pk) for channel in channels.of_matter(row.pk))]
