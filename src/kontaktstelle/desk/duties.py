"""What Heute shows of `enquiries.due`: each thing to do as one line of words, without anything of a person."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kontaktstelle.enquiries.due import CALL_BACK, FOLLOW_UP, REFERRAL, Day, Item
from kontaktstelle.enquiries.lifecycle import CallBackStatus, EnquiryStatus, ReferralStatus
from kontaktstelle.ui import formats

WORDS = {CALL_BACK: "Versprochen", REFERRAL: "Vermittlung", FOLLOW_UP: "Nachfrage"}
STATUS = {
    status.value: status.label for kind in (EnquiryStatus, ReferralStatus, CallBackStatus) for status in kind
}


@dataclass(frozen=True, slots=True)
class Duty:
    """A line of Heute; `call_back` is the number of a promise that can be kept from here."""

    words: str
    status: str
    due: str
    window: str
    is_mine: bool
    only_me: bool
    call_back: UUID | None
    asks_to_close: bool


@dataclass(frozen=True, slots=True)
class Duties:
    """A heading and its lines."""

    heading: str
    lines: list[Duty]


def of_day(day: Day, *, on: date) -> list[Duties]:
    """Return what is to be done, what is most urgent first; parts without a line are left out."""
    parts = (
        ("Überfällig", day.overdue),
        ("Neu", day.new),
        ("Versprochen für heute", day.promised),
        ("Heute fällig", day.due),
        ("Einmal in der Woche gesammelt fragen", day.asked_together),
    )
    return [Duties(heading, [_duty(item, on) for item in items]) for heading, items in parts if items]


def _duty(item: Item, on: date) -> Duty:
    words = f"{WORDS.get(item.what, 'Anfrage')} {item.number}".strip()
    if item.is_call_task:
        words += ": Gruppe anrufen, ihre Antwort fehlt"
    since, until = item.window
    window = (
        f"{formats.time(since) if since else ''}–{formats.time(until) if until else ''}"
        if since or until
        else ""
    )
    return Duty(
        words,
        str(STATUS.get(item.status, item.status)),
        "" if item.due_on == on else formats.short_date(item.due_on),
        window,
        item.is_mine,
        item.only_me,
        item.row if item.what == CALL_BACK else None,
        item.asks_to_close,
    )
