"""What came in without a talk becomes a contact in one step: a mail, also as an enquiry; a message on the answering machine.

The message itself is not kept: what is written down are codes, and who waits, sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction

from kontaktstelle.organisation.models import Staff
from kontaktstelle.relay.parties import Address

from . import access, call_backs, log
from .models import CallBack, Contact, Enquiry, PostedForm

PROMISED = "call-back"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was made of a message."""

    contact: Contact
    enquiry: Enquiry | None = None
    call_back: CallBack | None = None


@transaction.atomic
def take_mail(
    codes: Mapping[str, Any],
    *,
    by: Staff,
    at: datetime,
    as_enquiry: bool = False,
    person: Address | None = None,
    form_key: UUID | None = None,
) -> TakenIn:
    """Make a contact of a mail that was read, or a contact and an open enquiry.

    Args:
        codes: the arguments of `log.log_contact` a person confirmed.
        by: who read it; it takes the right to read what people write.
        at: now.
        as_enquiry: whether somebody waits for more than the answer given now.
        person: a way back, sealed; only kept with an enquiry.
        form_key: of the form; posted twice it counts once.

    Raises:
        NotAllowed: who may not read messages; and what `log.log_contact` and `log.open_enquiry` refuse.
    """
    access.check_can_open_notes(by)
    contact = log.log_contact(by=by, at=at, source=Contact.Source.MAIL, form_key=form_key, **codes)
    if not as_enquiry:
        return TakenIn(contact)
    enquiry = log.open_enquiry(contact, by=by, at=at, covered_by=by, person=person, form_key=form_key)
    return TakenIn(contact, enquiry)


def is_done(form_key: UUID | None, *, by: Staff) -> bool:
    """Say whether this form has been posted before: a second click must find what the first one made."""
    posted = PostedForm.objects.filter(step="log_contact", key=form_key, posted_by=by)
    return form_key is not None and posted.exists()


@transaction.atomic
def take_down(
    codes: Mapping[str, Any],
    *,
    by: Staff,
    at: datetime,
    person: Address | None = None,
    due_on: date | None = None,
    window: tuple[time | None, time | None] = (None, None),
    form_key: UUID | None = None,
) -> TakenIn:
    """Make a contact of a message on the answering machine, and with `person` the promise to call back.

    A promised call counts among the outcomes: it is what came of the message.

    Args:
        codes: the arguments of `log.log_contact`.
        by: who listened.
        at: now.
        person: whom to call; without it the message is only counted.
        due_on: when; the next office day unless said.
        window: from and to, local time, as far as said.
        form_key: of the form.

    Raises:
        call_backs.NoWayBack: a call-back without a number; and what `log.log_contact` refuses.
    """
    if person is None:
        return TakenIn(log.log_contact(by=by, at=at, form_key=form_key, **codes))
    outcomes = [*codes.get("outcomes", ()), PROMISED]
    contact = log.log_contact(by=by, at=at, form_key=form_key, **{**codes, "outcomes": outcomes})
    promise = call_backs.promise(
        CallBack.Kind.CALL,
        person,
        by=by,
        at=at,
        due_on=due_on,
        window=window,
        contact=contact,
        form_key=form_key,
    )
    return TakenIn(contact, call_back=promise)
