"""Find somebody who calls back: by number, e-mail or code through an index; by call name by opening what is there.

Looking by name opens sealed rows one by one, at most `MOST_OPENED`, and leaves a line in the trail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import blind
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of

from . import access
from .keeping import traced
from .models import CallBack, Enquiry

MOST_OPENED = 500
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Who might be calling: numbers of rows, never the person."""

    enquiries: tuple[str, ...] = ()
    call_backs: tuple[UUID, ...] = ()


def indexed(person: Address, contact_point: int) -> tuple[str, str]:
    """Return the blind index of a person's telephone and e-mail, "" for what is not known."""
    return (
        blind.phone_index(person.phone or "", contact_point=contact_point),
        blind.email_index(person.email or "", contact_point=contact_point),
    )


def caller(words: str, *, by: Staff, at: datetime) -> Found:
    """Return open enquiries and call-backs of somebody who says a number, an address, a code or a call name.

    Args:
        words: what they say.
        by: who asks; opening names is traced.
        at: when.
    """
    access.check_can_log(by)
    words = words.strip()
    phone, email = indexed(Address(phone=words, email=words), current())
    if number := Enquiry.objects.filter(number=words.upper(), de_identified=False).first():
        return Found((number.number,))
    if phone or email:
        which = {"email_index": email} if email else {"phone_index": phone}
        return _found(Enquiry.objects.filter(**which), CallBack.objects.filter(**which), by)
    return _by_name(words, by, at) if words else Found()


def _by_name(name: str, by: Staff, at: datetime) -> Found:
    enquiries = list(Enquiry.objects.filter(party__isnull=False).order_by("-opened_at")[:MOST_OPENED])
    room = MOST_OPENED - len(enquiries)
    call_backs = list(CallBack.objects.filter(party__isnull=False).order_by("-promised_at")[:room])
    for opened in (enquiries or call_backs)[:1]:
        traced(by, "people.looked-up-by-name", opened, at=at)
    return _found(
        [each for each in enquiries if _is_called(each.party, name)],
        [each for each in call_backs if _is_called(each.party, name)],
        by,
    )


def _found(enquiries: Iterable[Enquiry], call_backs: Iterable[CallBack], by: Staff) -> Found:
    """Return what was found; a promise of another's "nur ich" as the number of its enquiry, which is all there is to see."""
    numbers, promises = [each.number for each in enquiries], []
    for each in call_backs:
        if access.is_call_for_another(by, each):
            numbers.append(Enquiry.objects.get(pk=each.enquiry_id).number)
        else:
            promises.append(each.pk)
    return Found(tuple(dict.fromkeys(numbers))[:MOST_FOUND], tuple(promises)[:MOST_FOUND])


def _is_called(party: UUID | None, name: str) -> bool:
    if party is None:
        return False
    try:
        known = address_of(party).name or ""
    except Party.DoesNotExist:
        return False
    return name.casefold() in known.casefold()
