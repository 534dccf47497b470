"""Merkzettel: one key from the log or an enquiry. What is chosen comes with the form and is kept nowhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kontaktstelle.desk import leaflet, leaflet_choice
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import staff_of
from kontaktstelle.directory import entries
from kontaktstelle.enquiries import matching
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.topics import tree

OFFERED = 8
SIZES = {"normal": "normal", "gross": "große Schrift"}


@door(Right.LOG_CONTACT)
def leaflet_page(request: HttpRequest) -> HttpResponse:
    """Show the sheet for what was said, ready to read aloud, to paste, to print."""
    said = request.POST if request.method == "POST" else request.GET
    asked = leaflet_choice.about(said, request.contact_point, by=staff_of(request))  # type: ignore[attr-defined]
    fits = matching.fitting(
        asked.topics, on=timezone.localdate(), place=asked.place, audience=asked.audience, most=OFFERED
    )
    offered = {fit.entry.slug: fit.entry.name for fit in fits}
    chosen = leaflet_choice.public(said.getlist("gruppe"))
    offered |= {slug: name for slug, name in chosen.items() if slug not in offered}
    if "gewaehlt" not in said and not chosen:
        chosen = dict(list(offered.items())[: leaflet.MOST_GROUPS])
    too_many = len(chosen) > leaflet.MOST_GROUPS
    sheet = leaflet.made(
        list(chosen), request.contact_point, at=timezone.localtime(), kreis_key=asked.place.kreis_key if asked.place else ""  # type: ignore[attr-defined]
    )  # fmt: skip
    size = said.get("groesse", "normal")
    context: dict[str, Any] = {
        "sheet": sheet, "offered": offered, "chosen": {group.slug for group in sheet.groups}, "too_many": too_many,
        "size": size if size in SIZES else "normal", "sizes": SIZES, "topics": [(topic, tree.label(topic)) for topic in asked.topics], "words": asked.words,
        "place": said.get("place", ""), "kontakt": said.get("kontakt", ""), "anfrage": said.get("anfrage", ""),
        "ours": [(entry.slug, entry.name) for entry in entries.of_office(request.contact_point.pk) if entry.slug not in offered],  # type: ignore[attr-defined]
    }  # fmt: skip
    return page(request, "desk/leaflet.html", context)
