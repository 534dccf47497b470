"""Merkzettel: one key from the log or an enquiry. What is chosen comes with the form and is kept nowhere."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kontaktstelle import places
from kontaktstelle.desk import contact_form, enquiry_card, leaflet, matches
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import staff_of
from kontaktstelle.directory import entries
from kontaktstelle.directory.models import Entry
from kontaktstelle.enquiries import access, matching
from kontaktstelle.enquiries.models import Contact
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.topics import tree

OFFERED = 8
SIZES = {"normal": "normal", "gross": "große Schrift"}


@door(Right.LOG_CONTACT)
def leaflet_page(request: HttpRequest) -> HttpResponse:
    """Show the sheet for what was said, ready to read aloud, to paste, to print."""
    said = request.POST if request.method == "POST" else request.GET
    topics, words, place, audience = _said(request)
    fits = matching.fitting(topics, on=timezone.localdate(), place=place, audience=audience, most=OFFERED) if topics else []  # fmt: skip
    offered = {fit.entry.slug: fit.entry.name for fit in fits}
    chosen = _public(said.getlist("gruppe"))
    offered |= {slug: name for slug, name in chosen.items() if slug not in offered}
    if "gewaehlt" not in said and not chosen:
        chosen = dict(list(offered.items())[: leaflet.MOST_GROUPS])
    too_many = len(chosen) > leaflet.MOST_GROUPS
    sheet = leaflet.made(
        list(chosen), request.contact_point, at=timezone.localtime(), kreis_key=place.kreis_key if place else ""  # type: ignore[attr-defined]
    )  # fmt: skip
    size = said.get("groesse", "normal")
    context: dict[str, Any] = {
        "sheet": sheet, "offered": offered, "chosen": {group.slug for group in sheet.groups}, "too_many": too_many,
        "size": size if size in SIZES else "normal", "sizes": SIZES, "topics": [(topic, tree.label(topic)) for topic in topics], "words": words,
        "place": said.get("place", ""), "kontakt": said.get("kontakt", ""), "anfrage": said.get("anfrage", ""),
        "ours": [(entry.slug, entry.name) for entry in entries.of_office(request.contact_point.pk) if entry.slug not in offered],  # type: ignore[attr-defined]
    }  # fmt: skip
    return page(request, "desk/leaflet.html", context)


def _said(request: HttpRequest) -> tuple[list[str], str, places.Place | None, str]:
    """Return topics, the words they were said in, the place and for whom: from the form, the contact or the enquiry."""
    said, staff = request.POST if request.method == "POST" else request.GET, staff_of(request)
    contacts: list[Contact] = []
    if said.get("kontakt"):
        try:
            contacts = [access.contact_for(staff, UUID(said["kontakt"]))]
        except ValueError:
            contacts = []
    elif said.get("anfrage"):
        row = access.enquiry_for(staff, said["anfrage"])
        if not access.is_for_another(staff, row):
            contacts = list(Contact.objects.filter(enquiry=row).order_by("entered_at"))
    words = said.get("topic_words", "")[: contact_form.MOST_TYPED]
    topics = [topic for topic in said.getlist("topics") if topic in tree.TOPICS] or enquiry_card.topics_of(contacts)
    if not topics and words.strip():
        topics = [each.id for each in matches.topics_for(words)[:1]]
    typed = said.get("place", "")[: contact_form.MOST_TYPED]
    place = contact_form.found_place(typed) or contact_form.found_place(
        enquiry_card.place_of(contacts, request.contact_point)  # type: ignore[attr-defined]
    )
    return topics, words, place, enquiry_card.audience_of(contacts)


def _public(slugs: list[str]) -> dict[str, str]:
    """Return those of the groups that are public, with their names, in the order given."""
    known = set(Entry.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return {slug: entries.public_entry(slug).name for slug in dict.fromkeys(slugs) if slug in known}
