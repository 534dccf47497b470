"""Anfrage: wait, take up, close, reopen, cover; its notes. Nothing open is without a day on which it is looked at."""

from datetime import date, datetime, timedelta
from uuid import UUID

from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address, forget_party, register_party

from . import access, days, intake
from .finding import indexed
from .keeping import here, kept, locked, once, traced
from .lifecycle import (
    ENQUIRY_STEPS,
    OPEN_ENQUIRY,
    OPEN_REFERRAL,
    EnquiryStatus,
    ReferralStatus,
    check_step,
)
from .models import Enquiry, Note, Referral

LONGEST_NOTE = 20_000


class ReferralStillOpen(StepRefused):
    """A group has been asked and the answer, or the contact, is due."""

    sentence = (
        "Eine Vermittlung läuft noch. Bitte beenden Sie sie zuerst oder halten Sie fest, was daraus wurde."
    )


class GroupNotTold(StepRefused):
    """Somebody withdrew after the group was asked: it may still call them."""

    sentence = "Wer gefragt wurde, weiß noch nichts vom Widerruf. Bitte geben Sie zuerst Bescheid."


class PersonIsGone(StepRefused):
    """The enquiry is de-identified: nobody waits any more."""

    sentence = "Diese Anfrage ist entpersönlicht. Bitte beginnen Sie eine neue."


class NoWay(StepRefused):
    """No name, no number, no address."""

    sentence = "Bitte geben Sie wenigstens einen Rufnamen, eine Nummer oder eine Adresse an."


class EmptyNote(StepRefused):
    """Nothing was written, or more than a note holds."""

    sentence = "Bitte schreiben Sie etwas, höchstens 20 000 Zeichen."


@once(Enquiry)
def wait_for(
    enquiry: Enquiry,
    whom: Enquiry.WaitsFor,
    *,
    until: date,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Enquiry:
    """Let an enquiry wait for somebody until a day; on a closed day it moves to the next office day."""
    access.check_can_refer(by)
    stored = locked(enquiry, seen=seen)
    if stored.status != EnquiryStatus.WAITING:
        check_step(ENQUIRY_STEPS, EnquiryStatus(stored.status), EnquiryStatus.WAITING)
    return _moved(stored, EnquiryStatus.WAITING, "enquiry.waits", by, at, due=until, waits_for=whom)


@once(Enquiry)
def take_up(
    enquiry: Enquiry,
    *,
    by: Staff,
    at: datetime,
    due_on: date | None = None,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Enquiry:
    """Say that it is our turn: a new enquiry was read, or what it waited for has come; due on the next office day unless said."""
    access.check_can_refer(by)
    stored = locked(enquiry, seen=seen)
    check_step(ENQUIRY_STEPS, EnquiryStatus(stored.status), EnquiryStatus.OPEN)
    if stored.status == EnquiryStatus.CLOSED and stored.de_identified:
        raise PersonIsGone
    if stored.status == EnquiryStatus.CLOSED:
        intake.counts_after_all(stored, at=at)
    return _moved(stored, EnquiryStatus.OPEN, "enquiry.taken-up", by, at, due=due_on)


@once(Enquiry)
def close(
    enquiry: Enquiry, *, by: Staff, at: datetime, seen: int | None = None, form_key: UUID | None = None
) -> Enquiry:
    """Close an enquiry; referrals that were only prepared end with it.

    Raises:
        ReferralStillOpen: a group was asked and something is due.
        GroupNotTold: a group was asked, the person withdrew, and the group does not know.
    """
    access.check_can_refer(by)
    stored = locked(enquiry, seen=seen)
    check_step(ENQUIRY_STEPS, EnquiryStatus(stored.status), EnquiryStatus.CLOSED)
    of_it = Referral.objects.filter(enquiry=stored)
    if of_it.filter(status__in=[ReferralStatus.ASKED, ReferralStatus.ACCEPTED]).exists():
        raise ReferralStillOpen
    if of_it.exclude(status__in=OPEN_REFERRAL).filter(due_on__isnull=False).exists():
        raise GroupNotTold
    today = days.local_day(at)
    of_it.filter(status__in=[ReferralStatus.DRAFT, ReferralStatus.CONSENTED]).update(
        status=ReferralStatus.ENDED, due_on=None, ended_on=today
    )
    stored.closed_on = today
    return _moved(stored, EnquiryStatus.CLOSED, "enquiry.closed", by, at)


@once(Enquiry)
def cover(
    enquiry: Enquiry,
    staff: Staff | None,
    *,
    by: Staff,
    at: datetime,
    only_me: bool = False,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Enquiry:
    """Say who covers an enquiry: somebody, or with None whoever is there. With `only_me` only they read its notes.

    Raises:
        NotAllowed: it is somebody else's "nur ich", or somebody of another office is named.
    """
    access.check_can_refer(by)
    stored = locked(enquiry, seen=seen)
    access.check_can_read_notes(by, stored)
    if staff is not None:
        access.check_can_refer(staff)
    stored.covered_by, stored.only_me = staff, only_me and staff is not None
    traced(by, "enquiry.covered", stored, at=at, fields=["covered_by", "only_me"])
    return kept(stored)


@once(Enquiry)
def note_way_back(
    enquiry: Enquiry,
    person: Address,
    *,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Enquiry:
    """Keep how whoever waits is to be reached, sealed in `relay`; what was known before is forgotten.

    Raises:
        PersonIsGone: the enquiry is de-identified.
        NoWay: nothing was given.
    """
    stored = locked(enquiry, seen=seen)
    access.check_can_read_notes(by, stored)
    if stored.de_identified:
        raise PersonIsGone
    if person.is_empty():
        raise NoWay
    before, today = stored.party, days.local_day(at)
    stored.party = register_party(person, contact_point=current(), on=today)
    stored.phone_index, stored.email_index = indexed(person, current())
    stored.last_event_on = today
    traced(by, "enquiry.way-back-noted", stored, at=at)
    stored = kept(stored)
    if before is not None:
        forget_party(before)
    return stored


@once(Note)
def write_note(enquiry: Enquiry, text: str, *, by: Staff, at: datetime, form_key: UUID | None = None) -> Note:
    """Write a note, sealed. It counts as an event: what is closed waits longer for its erasure.

    Raises:
        EmptyNote: nothing, or too much.
        PersonIsGone: the enquiry is de-identified.
    """
    stored = locked(enquiry)
    access.check_can_read_notes(by, stored)
    if stored.de_identified:
        raise PersonIsGone
    note = _note(stored, text, by, at)
    stored.last_event_on = days.local_day(at)
    stored.save()
    traced(by, "note.written", note, at=at)
    return note


@once(Note)
def rewrite_note(
    note: Note, text: str, *, seen: int, by: Staff, at: datetime, form_key: UUID | None = None
) -> Note:
    """Change a note. If somebody else did meanwhile, both texts are kept: yours as a note beside theirs.

    Returns:
        The changed note, or the new one beside it: then its number is another.
    """
    stored = locked(note)
    enquiry = Enquiry.objects.get(pk=stored.enquiry_id)
    access.check_can_read_notes(by, enquiry)
    if stored.version != seen:
        beside = _note(enquiry, text, by, at, beside=stored)
        traced(by, "note.written-beside", beside, at=at)
        return beside
    _check_length(text)
    stored.text = text
    traced(by, "note.rewritten", stored, at=at, fields=["text"])
    return kept(stored)


def move_along(
    enquiry: Enquiry,
    waits_for: Enquiry.WaitsFor | None,
    due: date | None,
    *,
    by: Staff | access.Outside,
    at: datetime,
    reopens: bool = False,
) -> Enquiry:
    """Move an enquiry along with one of its referrals: waiting until a day, or our turn again.

    What is closed stays so, unless something is left to do in it (`reopens`).
    """
    stored = locked(enquiry)
    status = EnquiryStatus.OPEN if waits_for is None else EnquiryStatus.WAITING
    if stored.status not in OPEN_ENQUIRY and (not reopens or stored.de_identified):
        return stored
    return _moved(stored, status, "enquiry.moved", by, at, due=due, waits_for=waits_for or "")


def heard_from_person(enquiry: Enquiry, *, at: datetime, alarms: bool = False) -> Enquiry:
    """The person wrote: our turn, on the next day somebody is there. What was closed is open again; what is new stays so.

    With `alarms` their words speak of acute danger: referrals rest, and it stands before everything else.

    Raises:
        PersonIsGone: the enquiry is de-identified.
    """
    stored = locked(enquiry)
    if stored.de_identified:
        raise PersonIsGone
    stored.is_paused_for_crisis = stored.is_paused_for_crisis or alarms
    if stored.status == EnquiryStatus.NEW:
        stored.last_event_on = days.local_day(at)
        return kept(stored)
    return _moved(
        stored, EnquiryStatus.OPEN, "enquiry.heard", access.Outside.SEEKER, at, due=days.local_day(at)
    )


def _moved(
    enquiry: Enquiry,
    to: EnquiryStatus,
    action: str,
    by: Staff | access.Outside,
    at: datetime,
    *,
    due: date | None = None,
    waits_for: str = "",
) -> Enquiry:
    today = days.local_day(at)
    enquiry.status, enquiry.waits_for, enquiry.last_event_on = to, waits_for, today
    if to == EnquiryStatus.CLOSED:
        enquiry.due_on = enquiry.due_wished_on = None
    else:
        enquiry.closed_on = None
        enquiry.due_wished_on = due or today + timedelta(days=1)
        enquiry.due_on = days.due_day(here(), enquiry.due_wished_on, today=today)
    traced(by, action, enquiry, at=at, fields=["status", "due_on"])
    return kept(enquiry)


def _note(enquiry: Enquiry, text: str, by: Staff, at: datetime, beside: Note | None = None) -> Note:
    _check_length(text)
    note = Note(contact_point_id=current(), enquiry=enquiry, written_at=at, written_by=by, beside=beside)
    note.text = text
    note.save(force_insert=True)
    return note


def _check_length(text: str) -> None:
    if not 0 < len(text.strip()) <= LONGEST_NOTE:
        raise EmptyNote
