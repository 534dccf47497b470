"""Überregional: self-help bodies and digital offers by topic, when nothing near fits."""

from collections.abc import Sequence

from django.db import DatabaseError

from . import reading
from .lands import land_code
from .models import Body


def bodies_for(
    topics: Sequence[str], land: str = "", *, limit: int | None = None, known: Sequence[Body] | None = None
) -> list[Body]:
    """Return the bodies for topics.

    Args:
        topics: topic ids, best first; the order of the answer follows them.
        land: code or German name; a body of another Land is left out, of this Land comes first.
        limit: how many at most.
        known: all bodies; read in one query if not given.

    Returns:
        Bodies of the first topic, most particular first, then of the next; those for every topic (NAKOS) come last and
        are always there.
    """
    here = land_code(land)
    rank = {topic: place for place, topic in enumerate(topics)}
    general = len(rank)
    ranked = []
    for body in all_bodies() if known is None else known:
        place = min(
            (rank[topic] for topic in body.topics if topic in rank),
            default=general if reading.EVERY_TOPIC in body.topics else None,
        )
        if place is not None and body.land in {"", here}:
            first = body.topics[0] not in rank or rank[body.topics[0]] != place
            ranked.append(((place, not body.land, first, len(body.topics), body.position, body.key), body))
    return [body for _, body in sorted(ranked, key=lambda pair: pair[0])][:limit]


def all_bodies() -> list[Body]:
    """Return every body that is shown; the shipped ones if the register is empty or cannot be read."""
    try:
        found = list(Body.objects.filter(hidden=False).order_by("position", "key"))
    except DatabaseError:
        found = []
    return found or [
        Body(**facts, position=position) for position, facts in enumerate(reading.facts_in(Body))
    ]
