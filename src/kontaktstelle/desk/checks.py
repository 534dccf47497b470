"""System checks of the desk: no page without a door; a second factor cannot be switched off by a setting."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError
from django.urls import URLPattern, URLResolver, get_resolver

from kontaktstelle.organisation.access import Door
from kontaktstelle.organisation.models import ContactPoint


def desk_pages(resolver: URLResolver | None = None, before: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Yield the route and pattern of every page under the desk's prefix."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern).removeprefix("^")
        if isinstance(each, URLResolver):
            yield from desk_pages(each, route)
        elif route.startswith(settings.DESK_PREFIX):
            yield route, each


@register(Tags.security)
def every_page_has_a_door(**_: Any) -> list[CheckMessage]:
    """Name the pages of the desk that nobody could open, for want of a door."""
    return [
        Error(
            f"Die Seite {route} des Schreibtischs hat keine Tür.",
            hint="@door(Right.…) fehlt.",
            id="desk.E001",
        )
        for route, pattern in desk_pages()
        if not isinstance(getattr(pattern.callback, "door", None), Door)
    ]


@register(Tags.database)
def the_mailbox_belongs_to_an_office(**_: Any) -> list[CheckMessage]:
    """Name a mailbox nobody is shown: of no office, or with several offices of nobody knows which."""
    if not settings.IMAP_URL:
        return []
    try:
        slugs = set(ContactPoint.objects.values_list("slug", flat=True))
    except DatabaseError:
        return []  # before the first setup
    if settings.IMAP_OFFICE in slugs or (not settings.IMAP_OFFICE and len(slugs) <= 1):
        return []
    return [
        Error(
            "Es ist nicht klar, welcher Kontaktstelle das Postfach aus KONTAKTSTELLE_IMAP_URL gehört. Es wird nicht gelesen.",
            hint=f"KONTAKTSTELLE_IMAP_OFFICE auf eine von diesen setzen: {', '.join(sorted(slugs))}.",
            id="desk.E002",
        )
    ]
