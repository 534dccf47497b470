"""What an enquiry already says of a founding: it stands in the form for a new one, and can be changed there."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from kontaktstelle import places
from kontaktstelle.desk import enquiry_card
from kontaktstelle.enquiries import access, reading
from kontaktstelle.enquiries.models import Contact
from kontaktstelle.organisation.models import Staff
from kontaktstelle.relay.parties import Address
from kontaktstelle.topics import tree


@dataclass(frozen=True, slots=True)
class Known:
    """Topics in words, the Kreis in words, and who asked, as far as they left a way back."""

    topics: tuple[str, ...]
    place: str
    person: Address


def known(number: str, *, by: Staff, at: datetime) -> Known:
    """Return what an enquiry says; the person is opened with a trace.

    Raises:
        Http404: no such enquiry, or not for this person.
    """
    enquiry = access.enquiry_for(by, number)
    if not access.may_read_notes(by, enquiry):
        raise Http404
    contacts = list(Contact.objects.filter(enquiry=enquiry).order_by("entered_at", "pk"))
    kreis = next((each.kreis_key for each in reversed(contacts) if each.kreis_key), "")
    topics = tuple(
        tree.label(topic) for topic in enquiry_card.topics_of(contacts)[:3] if topic in tree.TOPICS
    )
    person = Address()
    if enquiry.party is not None:
        try:
            person = reading.person(enquiry, by=by, at=at)
        except reading.PersonGone:
            person = Address()
    return Known(topics, places.kreis_name(kreis) if kreis else "", person)
