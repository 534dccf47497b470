"""Find somebody who calls back: by number, e-mail or code through an index; by call name by opening what is there.

Looking by name opens sealed rows one by one, at most `MOST_OPENED` enquiries and as many promises. Every look-up, found or
not, leaves a line in the trail with its kind and without its words: whoever tries a neighbour's number is seen to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import blind, trail
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of

from . import access
from .keeping import actor
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


@transaction.atomic
def caller(words: str, *, by: Staff, at: datetime) -> Found:
    """Return open enquiries and call-backs of somebody who says a number, an address, a code or a call name.

    Args:
        words: what they say.
        by: who asks; that they did is traced.
        at: when.
    """
    access.check_can_log(by)
    words = words.strip()
    if not words:
        return Found()
    phone, email = indexed(Address(phone=words, email=words), current())
    if number := Enquiry.objects.filter(number=words.upper(), de_identified=False).first():
        kind, found = "number", Found((number.number,))
    elif email:
        kind, found = "email", _by_index({"email_index": email}, by)
    elif phone:
        kind, found = "telephone", _by_index({"phone_index": phone}, by)
    else:
        kind, found = "name", _by_name(words, by)
    # Also without a hit: that nothing is there is an answer too.
    trail.record(
        actor(by),
        f"people.looked-up-by-{kind}",
        object_type="organisation.contactpoint",
        object_id=current(),
        at=at,
        contact_point=current(),
    )
    return found


def _by_index(which: dict[str, str], by: Staff) -> Found:
    return _found(Enquiry.objects.filter(**which), CallBack.objects.filter(**which), by)


def _by_name(name: str, by: Staff) -> Found:
    enquiries = Enquiry.objects.filter(party__isnull=False).order_by("-opened_at")[:MOST_OPENED]
    call_backs = CallBack.objects.filter(party__isnull=False).order_by("-promised_at")[:MOST_OPENED]
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
