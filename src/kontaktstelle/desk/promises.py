"""Rückruf, Zusenden, Termin as their pages show them."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404

from kontaktstelle.enquiries import access, call_backs, finding, reading
from kontaktstelle.enquiries.lifecycle import CALL_BACK_STEPS, CallBackStatus
from kontaktstelle.enquiries.models import CallBack, Contact
from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused

from . import duties, enquiry_card

Choice = TypeVar("Choice", CallBack.Kind, CallBack.Machine)
# The outcome of a contact that says we owe a call.
OWED = "call-back"
TRIED = {
    call_backs.REACHED: "erreicht",
    call_backs.MACHINE: "Anrufbeantworter",
    call_backs.NOBODY: "niemand",
}


class KindUnknown(StepRefused):
    """None of the three things one can promise."""

    sentence = "Bitte wählen Sie „Rückruf“, „Zusenden“ oder „Termin“."


def kind(value: str) -> CallBack.Kind:
    """Return what is promised.

    Raises:
        KindUnknown: nothing known.
    """
    return _choice(CallBack.Kind, value or CallBack.Kind.CALL)


def machine(value: str) -> CallBack.Machine:
    """Return what may be said to the answering machine; nothing unless agreed.

    Raises:
        KindUnknown: nothing known.
    """
    return _choice(CallBack.Machine, value or CallBack.Machine.NOTHING)


def contact_of(number: str, *, by: Staff) -> Contact | None:
    """Return the contact a form names, if it names one."""
    try:
        return access.contact_for(by, UUID(number)) if number else None
    except ValueError:
        return None


def is_owed(contact: Contact) -> bool:
    """Say whether a call-back stands at a contact as its outcome and was promised to nobody yet."""
    return OWED in contact.outcomes and not CallBack.objects.filter(contact=contact).exists()


def just_ended(number: str, *, by: Staff) -> UUID | None:
    """Return the promise somebody ended last, if it may still be taken up again."""
    try:
        row = access.call_back_for(by, UUID(number))
    except (ValueError, Http404):
        return None
    return row.pk if CallBackStatus.PROMISED in CALL_BACK_STEPS[CallBackStatus(row.status)] else None


def form_context() -> dict[str, Any]:
    """Return what the form offers."""
    return {
        "kinds": CallBack.Kind.choices,
        "machines": [(each, duties.ON_THE_MACHINE[each]) for each in CallBack.Machine],
    }


def card_context(number: UUID, *, by: Staff, at: datetime) -> dict[str, Any]:
    """Return what a promise's page shows; whom it was made to is opened with a trace."""
    row = access.call_back_for(by, number)
    try:
        person = reading.person(row, by=by, at=at)
    except reading.PersonGone:
        person = None
    return {
        "row": row,
        "person": person,
        "kind": label(row),
        "window": duties.window_said(row),
        "machine": duties.ON_THE_MACHINE[CallBack.Machine(row.machine)],
        "asks_to_close": call_backs.asks_to_close(row),
        "number": enquiry_card.number_of(row) if access.may_see(by) else "",
        "may_act_on_rights": access.may_act_on_rights(by),
        "tries": [(day, TRIED[what]) for day, what in row.attempts],
    }


def found(words: str, *, by: Staff, at: datetime) -> dict[str, Any]:
    """Return who may be calling back; opening names is traced."""
    hits = finding.caller(words, by=by, at=at)
    rows = CallBack.objects.filter(pk__in=hits.call_backs).order_by("-promised_at")
    return {
        "enquiries": hits.enquiries,
        "call_backs": [(row, label(row)) for row in rows],
        "may_see": access.may_see(by),
        "may_act_on_rights": access.may_act_on_rights(by),
    }


def label(row: CallBack) -> str:
    """Return what was promised, in a word."""
    return str(CallBack.Kind(row.kind).label)


def _choice(choices: type[Choice], value: str) -> Choice:
    try:
        return choices(value)
    except ValueError as error:
        raise KindUnknown from error
