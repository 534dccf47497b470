"""What everyday words may mean, and which groups fit: shown beside the quick log while somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from kontaktstelle import places
from kontaktstelle.enquiries import matching
from kontaktstelle.enquiries.models import Arrangement
from kontaktstelle.topics import own_words, tree
from kontaktstelle.ui import formats

MOST_TOPICS = 5
MOST_GROUPS = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic that words may mean."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A group as the log shows it: public facts, why it is here, what is to be cleared, what was agreed with it."""

    name: str
    where: str
    when: str
    reasons: list[str]
    to_clear: list[str]
    agreed: str
    takes_new: bool
    address: str


def topics_for(words: str) -> list[Proposal]:
    """Return topics words may mean, the likeliest first, names that begin so before what is only understood."""
    typed = words.strip().casefold()
    named = [
        topic
        for topic in tree.TOPICS
        if typed
        and any(part.startswith(typed) for part in tree.label(topic).casefold().replace("/", " ").split())
    ]
    understood = [topic.id for topic in own_words.understand(words).topics]
    best = [topic for topic in understood if topic in named]
    order = dict.fromkeys([*best, *understood[:2], *named, *understood])
    return [Proposal(topic, tree.label(topic)) for topic in list(order)[:MOST_TOPICS]]


def groups_for(
    chosen: Sequence[str], words: str, place: places.Place | None, *, on: date
) -> list[GroupShown]:
    """Return the groups that fit the topics chosen, or what the words most likely mean."""
    topics = list(chosen) or [each.id for each in topics_for(words)[:1]]
    return [shown(fit) for fit in matching.fitting(topics, on=on, place=place, most=MOST_GROUPS)]


def shown(fit: matching.Fit) -> GroupShown:
    """Return a group that fits in the words of the desk."""
    entry = fit.entry
    following = [formats.short_date(day) for day in entry.next_dates[:2]]
    agreed = ""
    if fit.arrangement is not None:
        agreed = f"Absprache: {Arrangement.How(fit.arrangement.how).label}"
    return GroupShown(
        entry.name,
        ", ".join(part for part in (entry.venue, entry.town) if part) or entry.kreis,
        " · ".join(
            part
            for part in (entry.meeting, "nächstes Treffen " + ", ".join(following) if following else "")
            if part
        ),
        list(fit.reasons),
        list(fit.to_clear),
        agreed,
        fit.takes_new,
        reverse("directory:group", args=[entry.slug]),
    )
