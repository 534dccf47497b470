"""The addresses of all entries, for the sitemap."""

from collections.abc import Iterator

from .models import Entry

# What one sitemap may hold, less room for the fixed pages and topics.
MOST = 49_000


def of_groups() -> Iterator[str]:
    """Return the slugs of all public groups."""
    yield from Entry.objects.order_by("pk").values_list("slug", flat=True)[:MOST].iterator()
