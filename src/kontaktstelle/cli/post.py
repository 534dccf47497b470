"""`mail`: how the post stands, and whether the mail server can be spoken with."""

import argparse
from typing import Any

from .printing import as_json, line


def add_commands(commands: Any) -> None:
    """Add `mail`."""
    mail = commands.add_parser("mail", help="zeigen, wie es um den Postversand steht")
    mail.add_argument(
        "--connect", action="store_true", help="Verbindung, Zertifikat und Anmeldung beim Mail-Server prüfen"
    )
    mail.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    mail.set_defaults(run=run_mail)


def run_mail(arguments: argparse.Namespace) -> int:
    """Print counts of the whole installation, never an address; status 1 if something is wrong."""
    from django.conf import settings
    from django.utils import timezone

    from kontaktstelle.mailroom import carriers, figures

    counts = figures.installation_counts()
    trouble = figures.trouble(at=timezone.now())
    answer = _connect() if arguments.connect else ""
    wrong = [
        text
        for text in (trouble and (trouble.cause or "Post wartet, und niemand versendet sie."), answer)
        if text
    ]
    if arguments.json:
        as_json({"server": bool(settings.SMTP_URL), **counts, "wrong": wrong})
    else:
        line(
            f"Wege: {'Mail-Server' if settings.SMTP_URL else f'Ordner {carriers.folder()} (kein Mail-Server eingerichtet)'}"
        )
        line(" · ".join(f"{label}: {counts[name]}" for name, label in LABELS.items()))
        for text in wrong:
            line(f"Fehler: {text}")
        if arguments.connect and not answer:
            line("Die Verbindung steht.")
    return 1 if wrong else 0


LABELS = {
    "waiting": "wartet",
    "gathered": "für Sammelpost gesammelt",
    "to_print": "zu drucken",
    "failed": "nicht zustellbar",
}


def _connect() -> str:
    """Speak with the server as sending does, without sending; return what is wrong, or nothing."""
    from kontaktstelle.mailroom import carriers

    try:
        with carriers.carrier() as carrier:
            carrier.be_ready()
    except carriers.ServerAway as away:
        return str(away.cause.label)
    return ""
