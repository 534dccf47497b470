"""The public entries themselves: by address, by number, by office, by topic."""

import json
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.http import Http404

from kontaktstelle.groups.public import PublicEntry

from .models import Entry

# Entries stay read as long as they are asked for; a changed shape is another key.
KEPT = 4000


def public_entry(slug: str) -> PublicEntry:
    """Return the entry at this address.

    Raises:
        Http404: there is none, or it is not public: these look alike.
    """
    try:
        return _read(Entry.objects.values_list("shape", flat=True).get(slug=slug))
    except Entry.DoesNotExist as error:
        raise Http404 from error


def of_group(number: UUID) -> PublicEntry | None:
    """Return the entry of a group, or None if it has none."""
    shape = Entry.objects.filter(group=number).values_list("shape", flat=True).first()
    return _read(shape) if shape else None


def load(numbers: Sequence[int]) -> dict[int, PublicEntry]:
    """Return entries by number, in one query."""
    if not numbers:
        return {}
    marks = ",".join(["%s"] * len(numbers))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, shape FROM {Entry._meta.db_table} WHERE id IN ({marks})", list(numbers))
        return {number: _read(shape) for number, shape in cursor.fetchall()}


def of_office(contact_point: int) -> list[PublicEntry]:
    """Return all entries of a contact point by name."""
    return [
        _read(shape)
        for shape in Entry.objects.filter(contact_point=contact_point)
        .order_by("sort_key")
        .values_list("shape", flat=True)
    ]


def in_kreis(kreis_key: str) -> list[PublicEntry]:
    """Return all entries of a Kreis by name."""
    return [
        _read(shape)
        for shape in Entry.objects.filter(kreis_key=kreis_key)
        .order_by("sort_key")
        .values_list("shape", flat=True)
    ]


def new_and_founding(limit: int = 40) -> list[PublicEntry]:
    """Return groups being founded, newest first."""
    return [
        _read(shape)
        for shape in Entry.objects.filter(stage="founding")
        .order_by("-changed_at", "pk")
        .values_list("shape", flat=True)[:limit]
    ]


def count() -> int:
    """Return how many entries there are."""
    return Entry.objects.count()


@lru_cache(maxsize=KEPT)
def _read(shape: str) -> PublicEntry:
    return PublicEntry(
        **{"audience": [], "conditions": [], "languages": [], "forms": [], "topics": [], **json.loads(shape)}
    )
