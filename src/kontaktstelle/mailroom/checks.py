"""System checks, in German, of how the post leaves the house."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register  # noqa: A004 - Django's own names
from django.db import DatabaseError
from django.utils import timezone

from . import carriers, figures


@register(Tags.security)
def post_leaves_safely(**_: Any) -> list[CheckMessage]:
    """Check the settings of the mail server: it is trusted, and mails lead back to this site."""
    if not settings.SMTP_URL:
        return [
            Info(
                "Es ist kein Mail-Server eingerichtet: E-Mails werden nicht versandt, sondern in den Ordner "
                f"{carriers.folder()} geschrieben.",
                hint="KONTAKTSTELLE_SMTP_URL setzen (docs/operate/mail.md).",
                id="mailroom.I001",
            )
        ]
    found: list[CheckMessage] = []
    if not settings.PUBLIC_ADDRESS or urlsplit(settings.PUBLIC_ADDRESS).scheme != "https":
        found.append(
            Error(
                "Links in E-Mails führen ins Leere oder sind nicht verschlüsselt.",
                hint="KONTAKTSTELLE_ADDRESS auf die öffentliche Adresse setzen, z. B. https://selbsthilfe.example.org.",
                id="mailroom.E001",
            )
        )
    if settings.SMTP_CA and not Path(settings.SMTP_CA).is_file():
        found.append(
            Error(
                "Die Datei aus KONTAKTSTELLE_SMTP_CA gibt es nicht.", hint="Pfad prüfen.", id="mailroom.E002"
            )
        )
    return found


@register(Tags.database)
def post_is_not_stuck(**_: Any) -> list[CheckMessage]:
    """Tell that the mail server is away, or that nobody sends what waits."""
    try:
        trouble = figures.trouble(at=timezone.now())
    except DatabaseError:
        return []  # before the first setup
    if trouble is None:
        return []
    since = timezone.localtime(trouble.since) if trouble.since else None
    told = trouble.cause or "Post wartet, und niemand versendet sie."
    return [
        Warning(
            f"{told} Seit {since:%d.%m.%Y, %H:%M} Uhr; {trouble.waiting} Nachrichten warten.",
            hint="Läuft „kontaktstelle work“ (bei „serve“ von selbst)? Stimmen die Angaben zum Mail-Server?",
            id="mailroom.W001",
        )
    ]
