"""Opening what is sealed: every reading leaves a line in the trail, in the transaction that reads."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of

from . import access
from .keeping import traced
from .models import Arrangement, CallBack, Contact, Enquiry, Note


class PersonGone(StepRefused):
    """The way back was never given, or is erased."""

    sentence = "Dazu ist niemand mehr hinterlegt."


@dataclass(frozen=True, slots=True)
class NoteRead:
    """A note as it is shown: its text, when it was written, and beside which other it stands."""

    number: UUID
    text: str
    written_at: datetime
    beside: UUID | None
    version: int


@transaction.atomic
def notes(enquiry: Enquiry, *, by: Staff, at: datetime) -> list[NoteRead]:
    """Open an enquiry's notes, oldest first.

    Raises:
        NotAllowed: they are not for this person.
    """
    access.check_can_read_notes(by, enquiry)
    traced(by, "enquiry.notes-read", enquiry, at=at)
    return [
        NoteRead(note.pk, note.text or "", note.written_at, note.beside_id, note.version)
        for note in Note.objects.filter(enquiry=enquiry).order_by("written_at", "pk")
    ]


@transaction.atomic
def contact_note(contact: Contact, *, by: Staff, at: datetime) -> str:
    """Open the note of a contact; "" if there is none.

    Raises:
        NotAllowed: it is not for this person.
    """
    if contact.enquiry_id is not None:
        access.check_can_read_notes(by, Enquiry.objects.get(pk=contact.enquiry_id))
    else:
        access.check_can_open_notes(by)
    traced(by, "contact.note-read", contact, at=at)
    return contact.note or ""


@transaction.atomic
def asked_person(group: Group, *, by: Staff, at: datetime) -> Address:
    """Open the way to whoever of a group is asked: the person agreed on, else its first.

    Raises:
        PersonGone: the group has named nobody.
        NotAllowed: it is not for this person.
    """
    access.check_can_arrange(by)
    arrangement = Arrangement.objects.filter(group=group).first()
    persons = list(ContactPerson.objects.filter(group=group).order_by("position", "pk"))
    agreed_on = [each for each in persons if arrangement and each.pk == arrangement.asked_person]
    for each in [*agreed_on, *persons][:1]:
        try:
            address = address_of(each.party)
        except Party.DoesNotExist as error:
            raise PersonGone from error
        traced(by, "group-contact.opened", each, at=at)
        return address
    raise PersonGone


@transaction.atomic
def person(of: Enquiry | CallBack, *, by: Staff, at: datetime) -> Address:
    """Open the way back to whoever waits.

    Raises:
        PersonGone: there is none, or it is erased.
        NotAllowed: it is not for this person.
    """
    if isinstance(of, CallBack):
        access.check_can_call(by, of)
    else:
        access.check_can_read_notes(by, of)
    if of.party is None:
        raise PersonGone
    try:
        address = address_of(of.party)
    except Party.DoesNotExist as error:
        raise PersonGone from error
    traced(by, "person.opened", of, at=at)
    return address
