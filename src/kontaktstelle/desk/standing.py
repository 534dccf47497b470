"""What else waits at Heute beside enquiries: foundings, post, funding, groups' own changes, registers to check.

Each part of the desk names its lines; the page shows every part alike. A line says what waits and leads there, and names
no person.
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from kontaktstelle.foundings import coming
from kontaktstelle.mailroom import figures
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.ui import formats

from . import register_checks
from .foundings import card
from .funding import due as funding
from .upkeep import shown as upkeep


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits, the way to it, what is to be known, and whether its day is past."""

    words: str
    address: str
    more: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """One part of the desk with what waits there."""

    id: str
    heading: str
    lines: tuple[Line, ...]


def standing(
    office: ContactPoint, *, held: AbstractSet[Right], by: Staff, at: datetime, on: date
) -> list[Standing]:
    """Return the parts in which something waits.

    Args:
        office: acted for.
        held: rights of whoever looks; a part that is not theirs is not there.
        by: who looks.
        at: now.
        on: today.
    """
    parts: tuple[tuple[str, str, Right, Callable[[], Iterator[Line]]], ...] = (
        ("gruendungen", "Gründungen", Right.FOUND, lambda: _foundings(by, on)),
        ("post", "Post", Right.LOG_CONTACT, lambda: _post(at)),
        ("foerderung", "Förderung", Right.FUNDING, lambda: _funding(office, on)),
        ("gruppenpflege", "Gruppen halten ihre Angaben aktuell", Right.EDIT_GROUP, _upkeep),
        ("zu-pruefen", "Noch richtig?", Right.KEEP_REGISTER, lambda: _registers(office, on)),
    )
    found = [
        Standing(name, heading, tuple(lines())) for name, heading, right, lines in parts if right in held
    ]
    return [each for each in found if each.lines]


def _foundings(by: Staff, on: date) -> Iterator[Line]:
    for each in coming.day(by=by, on=on):
        if each.until is not None and each.until <= on:
            yield Line(
                f"{card.named(each.founding)}: {each.what}", reverse("desk:founding", args=[each.founding]),
                f"seit {formats.short_date(each.until)}" if each.is_overdue else "", is_late=each.is_overdue,
            )  # fmt: skip


def _post(at: datetime) -> Iterator[Line]:
    counts = figures.post_counts(at=at)
    if counts.to_print:
        yield Line(
            _many(counts.to_print, "Ein Brief ist zu drucken", "Briefe sind zu drucken"),
            reverse("desk:letters"),
        )
    if counts.failed:
        words = _many(
            counts.failed, "Eine Nachricht wurde nicht zugestellt", "Nachrichten wurden nicht zugestellt"
        )
        yield Line(words, reverse("desk:undelivered"))


def _funding(office: ContactPoint, on: date) -> Iterator[Line]:
    due = funding.due(office, on=on)
    if due.calls:
        words = _many(
            due.calls, "Eine Gruppe ist wegen Förderung anzurufen", "Anrufe bei Gruppen wegen Förderung"
        )
        nearest = f"nächste Frist {formats.german_date(due.nearest)}" if due.nearest else ""
        yield Line(words, reverse("desk:funding_told") + "#anrufe", nearest)
    for day, what, own in due.own:
        is_late = day < on
        yield Line(
            f"{'Eigene Rückzahlung' if what == 'Rückzahlung' else f'Eigener {what}'}: {own.round.programme.name}", reverse("desk:funding_application", args=[own.pk]),
            f"{'überfällig seit' if is_late else 'bis'} {formats.german_date(day)}", is_late,
        )  # fmt: skip
    for each in due.to_check:
        more = f"{formats.german_date(each.due_on) if each.due_on else 'ohne Tag'}, ungeprüft: wird keiner Gruppe gesagt"
        yield Line(
            f"Frist prüfen: {each.programme.name}", reverse("desk:funding_round", args=[each.pk]), more
        )


def _upkeep() -> Iterator[Line]:
    counts = upkeep.counts()
    for name, one, many, address in (
        ("proposals", "Ein Änderungsvorschlag wartet", "Änderungsvorschläge warten", reverse("desk:upkeep")),
        ("notices", "Eine Meldung gilt schon öffentlich", "Meldungen gelten schon öffentlich", reverse("desk:upkeep") + "#meldungen"),
        ("calls", "Ein Anruf der jährlichen Nachfrage", "Anrufe der jährlichen Nachfrage", reverse("desk:yearly")),
        ("to_decide", "Eine Gruppe hat nicht geantwortet", "Gruppen haben nicht geantwortet", reverse("desk:yearly") + "#entscheiden"),
    ):  # fmt: skip
        if counts[name]:
            yield Line(_many(counts[name], one, many), address)


def _registers(office: ContactPoint, on: date) -> Iterator[Line]:
    for each in register_checks.wanted(office, on):
        yield Line(each.words, each.address, each.more)


def _many(count: int, one: str, many: str) -> str:
    return one if count == 1 else f"{count} {many}"
