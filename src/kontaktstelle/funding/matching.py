"""Which money a group could ask for, and what speaks for and against it: to inform staff, never to shut anybody out.

Place alone decides which programmes are possible. Everything else – size, age, account, minutes, topic, who leads – is a
reason in words beside them: what we know of a group may be old, and the funder decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Answer, Group
from kontaktstelle.network.lands import land_code
from kontaktstelle.organisation.models import Area, ContactPoint
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.topics import tree

from .models import FundingCard, Programme

FITS, DOUBT, UNKNOWN = "fits", "doubt", "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """One point of the check: `holds` is one of `FITS`, `DOUBT`, `UNKNOWN`; the sentence is for staff."""

    holds: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Possible:
    """A programme a group could ask, and the reasons."""

    programme: Programme
    reasons: tuple[Reason, ...]

    @property
    def has_doubts(self) -> bool:
        """Say whether anything known speaks against it."""
        return any(reason.holds == DOUBT for reason in self.reasons)


class Place:
    """Where an office's groups are, for many of them at once."""

    def __init__(self, office: ContactPoint) -> None:
        areas = Area.objects.filter(contact_point=office).exclude(kreis_key="")
        self.kreise = frozenset(areas.values_list("kreis_key", flat=True))
        self.land = land_code(office.land, min(self.kreise, default=""))

    def reaches(self, programme: Programme, group: Group | None) -> bool:
        """Say whether a programme is made for where a group (or the office itself) is."""
        kreise = {group.kreis_key} if group and group.kreis_key else self.kreise
        lands = {land_code("", each) for each in kreise} - {""} or {self.land}
        return (not programme.land or programme.land in lands) and (
            not programme.kreis_key or programme.kreis_key in kreise
        )


def known_groups() -> list[Group]:
    """Return the groups of the office being acted for that are told of money: all known ones, listed or not.

    Dissolved ones are gone. Fellowships without names (12 steps) take no money from outside and keep no list of anybody.
    """
    return list(
        Group.objects.exclude(stage=Stage.DISSOLVED)
        .filter(is_anonymous_fellowship=False)
        .order_by("name", "pk")
    )


def possible(group: Group, programmes: Iterable[Programme], *, place: Place, on: date) -> list[Possible]:
    """Return what a group could ask for, in the order of the register, with what speaks for and against each."""
    card = FundingCard.objects.filter(group=group, contact_point=current()).first()
    return [
        Possible(programme, tuple(_reasons(group, card, programme, on)))
        for programme in programmes
        if programme.for_groups and place.reaches(programme, group)
    ]


def _reasons(group: Group, card: FundingCard | None, programme: Programme, on: date) -> Iterable[Reason]:
    if least := programme.min_members:
        yield _measured(group.members, least, "Mitglieder", f"mindestens {least}")
    if least := programme.min_months:
        yield _measured(_months(group.founded, on), least, "Monate", f"seit mindestens {least}")
    if programme.wants_account:
        yield _answered(card.has_account if card else Answer.UNKNOWN, "eigenes Konto")
    if programme.wants_minutes:
        yield _answered(card.has_minutes if card else Answer.UNKNOWN, "Gründungsprotokoll")
    if programme.wants_own_lead:
        led = {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(
            Answer(group.led_by_professionals), Answer.UNKNOWN
        )
        yield _answered(led, "ohne fachliche Leitung")
    if wanted := programme.topic_fields:
        fields = {tree.TOPICS[each].field for each in group.topics if each in tree.TOPICS}
        named = ", ".join(wanted)
        if not fields:
            yield Reason(UNKNOWN, f"Thema: verlangt ist {named}; von der Gruppe ist keines bekannt.")
        elif fields & set(wanted):
            yield Reason(FITS, f"Thema: {named}.")
        else:
            yield Reason(
                DOUBT, f"Thema: verlangt ist {named}; die Gruppe gehört zu {', '.join(sorted(fields))}."
            )


def _measured(known: int | None, least: int, what: str, wanted: str) -> Reason:
    if known is None:
        return Reason(UNKNOWN, f"{what}: {wanted} verlangt; nicht bekannt.")
    return Reason(FITS if known >= least else DOUBT, f"{what}: {wanted} verlangt; bekannt sind {known}.")


def _answered(answer: str, what: str) -> Reason:
    holds, said = {
        Answer.YES: (FITS, "ja"),
        Answer.NO: (DOUBT, "nein"),
        Answer.UNKNOWN: (UNKNOWN, "nicht bekannt"),
    }[Answer(answer)]
    return Reason(holds, f"{what}: verlangt; {said}.")


def _months(founded: str, on: date) -> int | None:
    """Return for how many months a group exists, at least: of a bare year its last month is taken."""
    year, _, month = founded.partition("-")
    if not year.isdigit():
        return None
    return max(0, (on.year - int(year)) * 12 + on.month - (int(month) if month.isdigit() else 12))
