"""Übergabe as its page shows it: notes that wait, who is away, who covers what; and who is named in its forms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from kontaktstelle.enquiries import access, days, hand_over, periods
from kontaktstelle.enquiries.lifecycle import OPEN_ENQUIRY, CallBackStatus
from kontaktstelle.enquiries.models import Absence, CallBack, Enquiry
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

from . import duties, enquiry_card


class UntilWhen(StepRefused):
    """No last day."""

    sentence = "Bis wann? Bitte geben Sie den letzten Tag an."


class WhomUnknown(StepRefused):
    """Nobody named, or nobody of this office."""

    sentence = "Bitte wählen Sie jemanden aus."


def context(*, by: Staff, at: datetime) -> dict[str, Any]:
    """Return what the page shows; opening the notes is traced."""
    today = days.local_day(at)
    away = Absence.objects.filter(last_day__gte=today).select_related("staff", "deputy")
    everybody = _named(Right.HAND_OVER)
    return {
        "notes": hand_over.unread_notes(by=by, at=at), "today": today,
        "away": [(row, duties.called(row.staff), duties.called(row.deputy)) for row in away.order_by("first_day")],
        "everybody": everybody, "others": [each for each in everybody if each[0] != str(by.pk)], "me": str(by.pk),
        "may_be_away": _named(Right.LOG_CONTACT), "covering": _covering(), "successors": enquiry_card.colleagues(),
        "note_days": periods.days_of(periods.HAND_OVER),
    }  # fmt: skip


def absence(number: int) -> Absence:
    """Return an absence of this office.

    Raises:
        Http404: there is none.
    """
    row: Absence | None = Absence.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def _named(right: Right) -> list[tuple[str, str]]:
    """Return who holds a right here: number and name."""
    return [(str(each.pk), duties.called(each)) for each in access.who_may(right).order_by("name", "email")]


def _covering() -> list[tuple[str, str, str]]:
    """Return who covers something open, also who has left, with how much it is."""
    counts: dict[Any, list[int]] = {}
    for number in Enquiry.objects.filter(status__in=OPEN_ENQUIRY, covered_by__isnull=False).values_list("covered_by", flat=True):  # fmt: skip
        counts.setdefault(number, [0, 0])[0] += 1
    for number in CallBack.objects.filter(status=CallBackStatus.PROMISED, covered_by__isnull=False).values_list("covered_by", flat=True):  # fmt: skip
        counts.setdefault(number, [0, 0])[1] += 1
    people = Staff.objects.in_bulk(list(counts))
    return [
        (
            str(number),
            duties.called(people.get(number)),
            f"{count(enquiries, 'Anfrage', 'Anfragen')}, {count(call_backs, 'Rückruf', 'Rückrufe')}",
        )
        for number, (enquiries, call_backs) in counts.items()
    ]


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many}"


def named(number: str) -> Staff | None:
    """Return who is named; "" is nobody. The step refuses whoever does not work here.

    Raises:
        WhomUnknown: no such person.
    """
    if not number:
        return None
    try:
        found = Staff.objects.filter(pk=UUID(number)).first()
    except ValueError as error:
        raise WhomUnknown from error
    if found is None:
        raise WhomUnknown
    return found
