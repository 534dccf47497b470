"""The technical measures as this installation has them now. What is missing is said to be missing."""

import sqlite3
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection

from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.privacy import keys, row_security

MISSING = "fehlt noch: "


def measures(office: ContactPoint) -> list[tuple[str, str]]:
    """Return what is protected by what, as pairs of name and state."""
    return [(name, state(office)) for name, state in _MEASURES]


def installation(office: ContactPoint) -> list[tuple[str, str]]:
    """Return what the IT asks first: version, address, database, folders, mail."""
    return [
        ("Version", version("kontaktstelle")),
        ("Adresse", settings.PUBLIC_ADDRESS or f"{MISSING}KONTAKTSTELLE_ADDRESS"),
        ("Datenbank", _database(office)),
        ("Daten", "ein Ordner, benannt durch KONTAKTSTELLE_DATA"),
        ("Schlüssel", "ein Ordner daneben, benannt durch KONTAKTSTELLE_KEYS"),
        ("Mail", _mail(office)),
        ("Anmeldung", _sign_in(office)),
    ]


def _transport(_: ContactPoint) -> str:
    if settings.HTTPS:
        return "TLS vor dem Programm, HSTS ein Jahr, Cookies nur über TLS"
    return f"{MISSING}KONTAKTSTELLE_HTTPS; ohne TLS nur zum Ausprobieren auf einem Rechner"


def _keys(_: ContactPoint) -> str:
    file = keys.kek_file()
    if not file.exists():
        return f"{MISSING}der Schlüssel; „kontaktstelle setup“ legt ihn an"
    if file.stat().st_mode & 0o077:
        return f"{MISSING}der Schlüssel ist nicht nur für das Programm lesbar"
    return "AES-256-GCM je Feld; der Schlüssel liegt neben den Daten, nur für das Programm lesbar"


def _database(_: ContactPoint) -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}, eingebaut; Gelöschtes wird überschrieben (secure_delete)"
    walled = len(row_security.tables()) - len(row_security.unguarded())
    if walled:
        return (
            f"PostgreSQL; in {walled} Tabellen weist auch die Datenbank Zeilen anderer Kontaktstellen zurück"
        )
    return "PostgreSQL; Zeilen anderer Kontaktstellen weist das Programm zurück"


def _mail(_: ContactPoint) -> str:
    if not settings.SMTP_URL:
        return f"{MISSING}KONTAKTSTELLE_SMTP_URL; E-Mails werden nur in einen Ordner geschrieben"
    return "über den eigenen Mail-Server, mit geprüftem Zertifikat, ein Empfänger je Nachricht"


def _sign_in(_: ContactPoint) -> str:
    way = "Konto des Trägers (OpenID Connect)" if settings.OIDC_SERVER else "Passkey oder Passwort"
    return f"{way}; zweiter Faktor für alle, die Anfragen sehen"


def _lock(_: ContactPoint) -> str:
    minutes = int(settings.DESK_LOCKS_AFTER.total_seconds() // 60)
    hours = settings.SESSION_COOKIE_AGE // 3600
    return f"nach {minutes} Minuten ohne Eingabe, der Entwurf bleibt; Ende nach {hours} Stunden"


def _passwords(_: ContactPoint) -> str:
    return "nur als Prüfwert (Argon2id); Versuche werden gebremst, ohne Adressen zu speichern"


def _staff(office: ContactPoint) -> str:
    able = Staff.objects.filter(is_active=True, posts__contact_point=office).distinct().count()
    return f"{able} offene Zugänge; Rechte je Kontaktstelle und Rolle, niemand hat alle"


def _emergency(_: ContactPoint) -> str:
    file = Path(settings.DATA_DIR) / "notfallmappe" / "notfallmappe.pdf"
    return (
        "Notfallmappe als PDF und Seiten, jede Nacht neu"
        if file.exists()
        else f"{MISSING}die Notfallmappe wurde noch nie geschrieben"
    )


def _browser(_: ContactPoint) -> str:
    return (
        "Content-Security-Policy ohne Ausnahmen, keine fremden Rechner, kein Cookie auf öffentlichen Seiten"
    )


_MEASURES: tuple[tuple[str, Callable[[ContactPoint], str]], ...] = (
    ("Übertragung", _transport),
    ("Verschlüsselung", _keys),
    ("Datenbank", _database),
    ("Anmeldung", _sign_in),
    ("Passwörter", _passwords),
    ("Sperre", _lock),
    ("Berechtigungen", _staff),
    ("Browser", _browser),
    ("Mail", _mail),
    ("Ausfall", _emergency),
)
