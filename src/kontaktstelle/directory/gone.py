"""Where the old address of a group that has ended leads: the nearest groups of its topic, or the topic itself."""

from datetime import date
from typing import Any

from django.urls import reverse

from kontaktstelle.groups.entry import farewell
from kontaktstelle.topics import tree
from kontaktstelle.ui import formats

from . import cards
from .entries import load
from .models import EntryTopic
from .search import distance_km

MOST_SHOWN = 3
FAR_KM = 9999.0


def ended(slug: str, *, on: date) -> dict[str, Any] | None:
    """Return what the page of an ended group says, in the visitor's language; None where none ended."""
    past = farewell.past(slug, on=on)
    if past is None:
        return None
    topics = [topic for topic in past.topics if topic in tree.TOPICS]
    language = formats.language()
    numbers = _nearest(topics[:1], past) or _nearest(topics[1:], past)
    found = load(numbers)
    near = [found[number] for number in numbers if number in found]
    return {
        "name": past.name,
        "near": cards.listed(near, on=on, level=3) if near else "",
        "topics": [
            (reverse("directory:topic", args=[topic]), tree.label(topic, language)) for topic in topics
        ],
        "leave": any(tree.TOPICS[topic].sensitive or tree.TOPICS[topic].protected for topic in topics),
    }


def _nearest(topics: list[str], past: farewell.Past) -> list[int]:
    """Return the numbers of the nearest entries of these topics, those that say no place last."""
    rows = EntryTopic.objects.filter(topic__in=topics).values_list("entry", "lat", "lon")
    far = {entry: _km(past, lat, lon) for entry, lat, lon in rows}
    return sorted(far, key=lambda entry: (far[entry], entry))[:MOST_SHOWN]


def _km(past: farewell.Past, lat: float | None, lon: float | None) -> float:
    if past.lat is None or past.lon is None or lat is None or lon is None:
        return FAR_KM
    return distance_km(past.lat, past.lon, lat, lon)
