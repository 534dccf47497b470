"""The door: who may take which step, and the only way to fetch a confidential row.

Absent and forbidden look alike. Every question is one of `organisation.rights`, asked for the contact point being acted
for; what depends on the row itself ("nur ich") is decided here.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Post, Staff
from kontaktstelle.organisation.rights import NotAllowed, Right
from kontaktstelle.organisation.tenancy import TenantModel, current

from .models import CallBack, Contact, Enquiry, Note, Referral

Confidential = TypeVar("Confidential", bound=TenantModel)


class Outside(StrEnum):
    """Who acts without an account, as the trail knows them: a seeker by their code, a group by its link."""

    SEEKER = "seeker"
    GROUP = "group"


def who_may(right: Right) -> "QuerySet[Staff]":
    """Return who holds a right here, now, each once."""
    return Staff.objects.filter(
        pk__in=Post.objects.filter(contact_point_id=current(), role__in=rights.TABLE[right]).values("staff"),
        is_active=True,
    )


def check_can_log(by: Staff) -> None:
    """Refuse whoever may not log contacts and promise call-backs here."""
    rights.check(by, Right.LOG_CONTACT, current())


def may_log(by: Staff) -> bool:
    """Say whether somebody may log contacts and promise call-backs here."""
    return rights.may(by, Right.LOG_CONTACT, current())


def check_can_see(by: Staff) -> None:
    """Refuse whoever may not see which enquiries are open and due."""
    rights.check(by, Right.SEE_ENQUIRY, current())


def may_see(by: Staff) -> bool:
    """Say whether somebody may see which enquiries are open and due."""
    return rights.may(by, Right.SEE_ENQUIRY, current())


def check_can_refer(by: Staff) -> None:
    """Refuse whoever may not clear, refer and answer."""
    rights.check(by, Right.REFER, current())


def may_refer(by: Staff) -> bool:
    """Say whether somebody may clear, refer and answer."""
    return rights.may(by, Right.REFER, current())


def check_can_hand_over(by: Staff) -> None:
    """Refuse whoever may not hand over and stand in."""
    rights.check(by, Right.HAND_OVER, current())


def may_hand_over(by: Staff) -> bool:
    """Say whether somebody may hand over and stand in."""
    return rights.may(by, Right.HAND_OVER, current())


def check_can_arrange(by: Staff) -> None:
    """Refuse whoever may not see how a group is reached and agree on it."""
    rights.check(by, Right.SEE_GROUP_CONTACT, current())


def check_subject_rights(by: Staff) -> None:
    """Refuse whoever may not act on the rights of a person: tell what is kept, restrict, erase."""
    rights.check(by, Right.SUBJECT_RIGHTS, current())


def may_act_on_rights(by: Staff) -> bool:
    """Say whether somebody may act on the rights of a person."""
    return rights.may(by, Right.SUBJECT_RIGHTS, current())


def check_leads(by: Staff) -> None:
    """Refuse whoever does not lead: late entries, switching fields. It is for the Leitung, not for who runs the server."""
    rights.check(by, Right.RETENTION, current())


def may_lead(by: Staff) -> bool:
    """Say whether somebody leads."""
    return rights.may(by, Right.RETENTION, current())


def may_read_notes(by: Staff, enquiry: Enquiry) -> bool:
    """Say whether somebody may read an enquiry's notes: the team that counsels, or with "nur ich" only who covers it."""
    return rights.may(by, Right.SEE_NOTE, current()) and (
        not enquiry.only_me or enquiry.covered_by_id == by.pk
    )


def is_for_another(by: Staff, enquiry: Enquiry) -> bool:
    """Say whether an enquiry is marked "nur ich" by somebody else: then number and due day are all there is to see."""
    return enquiry.only_me and enquiry.covered_by_id != by.pk


def is_call_for_another(by: Staff, call_back: CallBack) -> bool:
    """Say whether a promise belongs to an enquiry that somebody else marked "nur ich": its person is theirs alone too."""
    if call_back.enquiry_id is None:
        return False
    return is_for_another(by, Enquiry.objects.get(pk=call_back.enquiry_id))


def check_can_call(by: Staff, call_back: CallBack) -> None:
    """Refuse whoever may not open and keep this promise."""
    check_can_log(by)
    if is_call_for_another(by, call_back):
        raise NotAllowed("Diesen Rückruf macht nur, wer die Anfrage übernommen hat.")


def check_can_read_notes(by: Staff, enquiry: Enquiry) -> None:
    """Refuse whoever may not read this enquiry's notes."""
    if not may_read_notes(by, enquiry):
        raise NotAllowed("Diese Notizen liest nur, wer die Anfrage übernommen hat.")


def check_can_open_notes(by: Staff) -> None:
    """Refuse whoever may not read notes at all."""
    rights.check(by, Right.SEE_NOTE, current())


def contact_for(by: Staff, number: UUID) -> Contact:
    """Return a contact of the contact point being acted for, or 404."""
    return _fetched(Contact, check_can_log, by, pk=number)


def enquiry_for(by: Staff, number: str) -> Enquiry:
    """Return an enquiry by its number, or 404."""
    return _fetched(Enquiry, check_can_see, by, number=number)


def referral_for(by: Staff, number: UUID) -> Referral:
    """Return a referral, or 404."""
    return _fetched(Referral, check_can_see, by, pk=number)


def note_for(by: Staff, number: UUID) -> Note:
    """Return a note that somebody may read, or 404."""
    note = _fetched(Note, check_can_open_notes, by, pk=number)
    if not may_read_notes(by, Enquiry.objects.get(pk=note.enquiry_id)):
        raise Http404
    return note


def call_back_for(by: Staff, number: UUID) -> CallBack:
    """Return a call-back that somebody may keep, or 404."""
    call_back = _fetched(CallBack, check_can_log, by, pk=number)
    if is_call_for_another(by, call_back):
        raise Http404
    return call_back


def _fetched(
    model: type[Confidential], check: Callable[[Staff], None], by: Staff, **which: object
) -> Confidential:
    try:
        check(by)
        return model.objects.get(**which)  # type: ignore[no-any-return]
    except (NotAllowed, model.DoesNotExist) as error:
        raise Http404 from error
