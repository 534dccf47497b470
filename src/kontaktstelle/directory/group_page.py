"""What a group's page says: for the public page, and at the desk for the preview of exactly that page."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.topics import tree
from kontaktstelle.ui import formats

from . import cards

DATES_SHOWN = 3


def facts(entry: PublicEntry) -> dict[str, Any]:
    """Return what a group's page says of an entry, in the visitor's language."""
    today, language = timezone.localdate(), formats.language()
    ahead = cards.dates_ahead(entry, today)
    topics = [topic for topic in entry.topics if topic in tree.TOPICS]
    rooms = dict(each.split(" ", 1) for each in entry.other_rooms)
    return {
        "entry": entry,
        "topics": [
            (reverse("directory:topic", args=[topic]), tree.label(topic, language)) for topic in topics
        ],
        "who": cards.audience_said(entry),
        "takes": entry.takes_newcomers(today),
        "stage": cards.stage_said(entry, today),
        "asked": [str(CONDITIONS[key].sentence) for key in entry.conditions if key in CONDITIONS],
        "dates": [
            cards.moment_said(moment, entry.ends_at) + _room(rooms.get(moment[:10]))
            for moment in ahead[:DATES_SHOWN]
        ],
        "paragraphs": [part for part in entry.description.splitlines() if part.strip()],
        "access": list(entry.access),
        "languages": list(entry.languages),
        "leave": any(tree.TOPICS[topic].sensitive or tree.TOPICS[topic].protected for topic in topics),
        "calendar": reverse("plain:group_dates", args=[entry.slug]) if ahead else "",
        "code": reverse("plain:group_qr", args=[entry.slug]),
    }


def _room(said: str | None) -> str:
    return f" – {said}" if said else ""
