"""What is typed about a time a group was supported, as values; and an entry as its form shows it."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.http import QueryDict

from kontaktstelle.desk import enquiry_card, typed
from kontaktstelle.desk.duties import called
from kontaktstelle.enquiries import access as staff_here
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused
from kontaktstelle.support import log
from kontaktstelle.support.log import AskedHow, Facts, Who
from kontaktstelle.support.models import SupportEntry, SupportKind

KEYS = {
    SupportKind.ADVICE: "b",
    SupportKind.ACCOMPANIMENT: "t",
    SupportKind.CONFLICT: "k",
    SupportKind.SUCCESSION: "f",
    SupportKind.VISIT: "u",
    SupportKind.START_HELP: "s",
}


class KindMissing(StepRefused):
    """Nobody said what it was."""

    sentence = (
        "Bitte wählen Sie, was es war: Beratung, Begleitung, Konflikt, Nachfolge, Besuch oder Starthilfe."
    )


class LengthUnreadable(StepRefused):
    """A length that is no number."""

    sentence = "Die Dauer schreiben Sie bitte in Minuten, als Zahl."


@dataclass(frozen=True, slots=True)
class Texts:
    """The form as text."""

    kind: str = ""
    day: str = ""
    who: str = ""
    asked_how: str = ""
    minutes: str = ""
    site: str = ""
    note: str = ""
    next_on: str = ""
    next_by: str = ""


def read(post: QueryDict) -> Texts:
    """Return what was typed; a note keeps its lines."""
    return Texts(
        **{field.name: post.get(field.name, "").strip()[: log.LONGEST_NOTE] for field in fields(Texts)}
    )


def of_entry(entry: SupportEntry) -> Texts:
    """Return an entry as its form shows it."""
    return Texts(
        kind=entry.kind,
        day=entry.day.isoformat() if entry.day else "",
        who=entry.who,
        asked_how=entry.asked_how,
        minutes=str(entry.minutes or ""),
        site=entry.site.code if entry.site else "",
        note=entry.note or "",
        next_on=entry.next_on.isoformat() if entry.next_on else "",
        next_by=str(entry.next_by_id or ""),
    )


def facts(said: Texts, office: ContactPoint, *, today: date) -> Facts:
    """Return what a form says.

    Raises:
        KindMissing, LengthUnreadable, contact_form.DayUnreadable, enquiry_card.ColleagueUnknown, log.NoSuchChoice: as their sentences say.
    """
    if said.kind not in set(SupportKind):
        raise KindMissing
    if said.who and said.who not in set(Who):
        raise log.NoSuchChoice
    minutes = typed.whole_number(said.minutes) if said.minutes else None
    if minutes is not None and minutes < 0:
        raise LengthUnreadable
    kind = SupportKind(said.kind)
    return Facts(
        kind,
        typed.day(said.day) or today,
        who=Who(said.who or Who.UNKNOWN),
        # The question stands on the form for every kind; it is asked of accompaniment alone.
        asked_how=said.asked_how if kind == SupportKind.ACCOMPANIMENT else "",
        minutes=minutes,
        site=next((site for site in office.sites.all() if site.code == said.site), None),
        note=said.note,
        next_on=typed.day(said.next_on),
        next_by=enquiry_card.colleague(said.next_by),
    )


def offered(group: Group, office: ContactPoint) -> dict[str, Any]:
    """Return the choices of the form."""
    colleagues = staff_here.who_may(Right.SUPPORT).order_by("name", "email")
    return {
        "kinds": [(kind.value, str(kind.label), KEYS[kind]) for kind in SupportKind],
        "who_choices": [(each.value, str(each.label)) for each in log.who_offered(group)],
        "asked_choices": [(each.value, str(each.label)) for each in AskedHow],
        "sites": [(site.code, site.name) for site in office.sites.all()],
        "colleagues": [(str(each.pk), called(each)) for each in colleagues],
        "longest_note": log.LONGEST_NOTE,
    }
