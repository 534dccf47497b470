"""Rückruf, Zusenden, Termin: promise, try, keep. The person lies in `relay` and goes by itself when the promise is kept."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address, register_party

from . import access, days, periods
from .finding import indexed
from .keeping import here, kept, locked, once, traced
from .lifecycle import CALL_BACK_STEPS, CallBackStatus, check_step
from .models import CallBack, Contact, Enquiry
from .threads import PersonIsGone

REACHED, MACHINE, NOBODY = "reached", "machine", "nobody"
MISSES_BEFORE_ASKING = 3


class NoWayBack(StepRefused):
    """A call needs a number, something to send an address or an e-mail, an appointment any of them."""

    sentence = "Bitte geben Sie an, wie die Person zu erreichen ist: Telefon, E-Mail oder Anschrift."


class NotOnTheMachine(StepRefused):
    """The person does not want anything on the answering machine."""

    sentence = (
        "Hier soll nichts auf den Anrufbeantworter gesprochen werden. Bitte wählen Sie „niemand erreicht“."
    )


class NoSuchAttempt(StepRefused):
    """Not one of the three things that can happen."""

    sentence = "Bitte wählen Sie „erreicht“, „Anrufbeantworter“ oder „niemand“."


class WindowUpsideDown(StepRefused):
    """The time window ends before it begins."""

    sentence = "Das Ende des Zeitfensters liegt vor seinem Beginn."


@once(CallBack)
def promise(
    kind: CallBack.Kind,
    person: Address,
    *,
    by: Staff,
    at: datetime,
    due_on: date | None = None,
    window: tuple[time | None, time | None] = (None, None),
    machine: CallBack.Machine = CallBack.Machine.NOTHING,
    contact: Contact | None = None,
    enquiry: Enquiry | None = None,
    covered_by: Staff | None = None,
    form_key: UUID | None = None,
) -> CallBack:
    """Promise somebody to call, to send something, or a talk.

    Args:
        kind: what.
        person: call name, number or address; what is wished goes into its note. Sealed in `relay`.
        by: who promises.
        at: now.
        due_on: when; the next office day unless said. On a closed day it moves.
        window: from and to, local time, as far as said.
        machine: what may be said to the answering machine; nothing unless agreed.
        contact: from which contact.
        enquiry: for which enquiry.
        covered_by: who does it; None is whoever is there.
        form_key: of the form.

    Raises:
        NoWayBack, WindowUpsideDown, days.TooFarAhead: as their sentences say.
        PersonIsGone: the enquiry is de-identified.
    """
    access.check_can_log(by)
    ways = {
        CallBack.Kind.CALL: (person.phone,),
        CallBack.Kind.SEND: (person.address, person.email),
        CallBack.Kind.APPOINTMENT: (person.phone, person.email, person.address),
    }
    if not any(ways[kind]):
        raise NoWayBack
    if window[0] and window[1] and window[0] >= window[1]:
        raise WindowUpsideDown
    office, today = here(), days.local_day(at)
    wished = due_on or today + timedelta(days=1)
    if enquiry is None and contact is not None and contact.enquiry_id is not None:
        enquiry = Enquiry.objects.get(pk=contact.enquiry_id)
    if enquiry is not None:
        enquiry = _moved_on(enquiry.pk, today)
    row = CallBack(
        contact_point=office, kind=kind, contact=contact, enquiry=enquiry, window_from=window[0], window_to=window[1], machine=machine,
        due_wished_on=wished, due_on=days.due_day(office, wished, today=today), covered_by=covered_by, promised_at=at,
        party=register_party(person, contact_point=office.pk, on=today),
    )  # fmt: skip
    row.phone_index, row.email_index = indexed(person, office.pk)
    row.save(force_insert=True)
    traced(by, "call-back.promised", row, at=at)
    return row


@once(CallBack)
def attempt(
    call_back: CallBack,
    what: str,
    *,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> CallBack:
    """Say what came of trying: `reached` keeps the promise, `machine` and `nobody` move it to the next office day.

    Raises:
        NotOnTheMachine: nothing may be said to the machine.
        NoSuchAttempt: something else happened.
    """
    stored = _theirs(call_back, by, seen, at)
    if what not in {REACHED, MACHINE, NOBODY}:
        raise NoSuchAttempt
    check_step(CALL_BACK_STEPS, CallBackStatus(stored.status), CallBackStatus.DONE)
    if what == MACHINE and stored.machine == CallBack.Machine.NOTHING:
        raise NotOnTheMachine
    today = days.local_day(at)
    stored.attempts = [*stored.attempts, [today.isoformat(), what]]
    if what == REACHED:
        return _ended(stored, CallBackStatus.DONE, by, at)
    stored.due_wished_on = today + timedelta(days=1)
    stored.due_on = days.office_day(here(), stored.due_wished_on)
    traced(by, "call-back.tried", stored, at=at)
    return kept(stored)


@once(CallBack)
def done(
    call_back: CallBack, *, by: Staff, at: datetime, seen: int | None = None, form_key: UUID | None = None
) -> CallBack:
    """Say that it is done: the posting address goes a day later, a telephone number after its period."""
    stored = _theirs(call_back, by, seen, at)
    check_step(CALL_BACK_STEPS, CallBackStatus(stored.status), CallBackStatus.DONE)
    return _ended(stored, CallBackStatus.DONE, by, at)


@once(CallBack)
def give_up(
    call_back: CallBack, *, by: Staff, at: datetime, seen: int | None = None, form_key: UUID | None = None
) -> CallBack:
    """Stop trying."""
    stored = _theirs(call_back, by, seen, at)
    check_step(CALL_BACK_STEPS, CallBackStatus(stored.status), CallBackStatus.GIVEN_UP)
    return _ended(stored, CallBackStatus.GIVEN_UP, by, at)


@once(CallBack)
def promise_again(
    call_back: CallBack,
    *,
    due_on: date,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> CallBack:
    """Take up a call-back that was given up, or was marked as done by mistake, as long as the person is still there."""
    stored = _theirs(call_back, by, seen, at)
    check_step(CALL_BACK_STEPS, CallBackStatus(stored.status), CallBackStatus.PROMISED)
    stored.status, stored.erase_at, stored.due_wished_on = CallBackStatus.PROMISED, None, due_on
    stored.due_on = days.due_day(here(), due_on, today=days.local_day(at))
    traced(by, "call-back.promised-again", stored, at=at)
    return kept(stored)


def asks_to_close(call_back: CallBack) -> bool:
    """Say whether so many tries missed that the desk should be asked whether to stop."""
    misses: int = sum(what != REACHED for _, what in call_back.attempts)
    return misses >= MISSES_BEFORE_ASKING


def _theirs(call_back: CallBack, by: Staff, seen: int | None, at: datetime) -> CallBack:
    """Return a promise to work on. The enquiry is locked first, as everywhere: two steps at once never wait for each other."""
    access.check_can_call(by, call_back)
    if call_back.enquiry_id is not None:
        _moved_on(call_back.enquiry_id, days.local_day(at))
    return locked(call_back, seen=seen)


def _moved_on(enquiry: UUID, today: date) -> Enquiry:
    """Note that something happened in an enquiry: what is closed waits longer for its erasure."""
    stored: Enquiry = Enquiry.objects.select_for_update().get(pk=enquiry)
    if stored.de_identified:
        raise PersonIsGone
    # No new version: whoever has the card open loses nothing by a call.
    Enquiry.objects.filter(pk=stored.pk).update(last_event_on=today)
    stored.last_event_on = today
    return stored


def _ended(row: CallBack, to: CallBackStatus, by: Staff, at: datetime) -> CallBack:
    row.status, row.due_on, row.due_wished_on = to, None, None
    period = periods.SENT_TO if row.kind == CallBack.Kind.SEND else periods.CALL_BACK
    row.erase_at = at + timedelta(days=periods.days_of(period))
    traced(by, f"call-back.{to}", row, at=at)
    return kept(row)
