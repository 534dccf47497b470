"""What a Merkzettel is about: from the form of the log, a contact or an enquiry; and which groups are on it."""

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from kontaktstelle import places
from kontaktstelle.directory import entries
from kontaktstelle.directory.models import Entry
from kontaktstelle.enquiries import access
from kontaktstelle.enquiries.models import Contact
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.topics import tree

from . import contact_form, enquiry_card, matches


@dataclass(frozen=True, slots=True)
class About:
    """Topics, the words they were said in, where the person is, for whom a group should be."""

    topics: list[str]
    words: str
    place: places.Place | None
    audience: str


def about(said: QueryDict, office: ContactPoint, *, by: Staff) -> About:
    """Return what a sheet is asked about; of another's "nur ich" nothing is taken."""
    contacts = _contacts(said, by)
    words = said.get("topic_words", "")[: contact_form.MOST_TYPED]
    topics = [topic for topic in said.getlist("topics") if topic in tree.TOPICS]
    topics = topics or enquiry_card.topics_of(contacts)
    if not topics and words.strip():
        topics = [each.id for each in matches.topics_for(words)[:1]]
    typed = said.get("place", "")[: contact_form.MOST_TYPED]
    place = contact_form.found_place(typed) or contact_form.found_place(
        enquiry_card.place_of(contacts, office)
    )
    return About(topics, words, place, enquiry_card.audience_of(contacts))


def of_contact(contact: Contact, office: ContactPoint) -> About:
    """Return what a sheet for one contact is about."""
    place = contact_form.found_place(enquiry_card.place_of([contact], office))
    return About(enquiry_card.topics_of([contact]), "", place, enquiry_card.audience_of([contact]))


def public(slugs: list[str]) -> dict[str, str]:
    """Return those of the groups that are public, with their names, in the order given."""
    known = set(Entry.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return {slug: entries.public_entry(slug).name for slug in dict.fromkeys(slugs) if slug in known}


def _contacts(said: QueryDict, by: Staff) -> list[Contact]:
    if said.get("kontakt"):
        try:
            return [access.contact_for(by, UUID(said.get("kontakt", "")))]
        except ValueError:
            return []
    if said.get("anfrage"):
        row = access.enquiry_for(by, said.get("anfrage", ""))
        if not access.is_for_another(by, row):
            return list(Contact.objects.filter(enquiry=row).order_by("entered_at"))
    return []
