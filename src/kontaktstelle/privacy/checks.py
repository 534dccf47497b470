"""System checks, in German, of what confidentiality and safety of data rest on."""

import sqlite3
import stat
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's own name
from django.db import connection
from django.utils import timezone

from . import keys, row_security
from .backup import making

OLDEST_FRESH_BACKUP = timedelta(days=2)
FIXED_PYTHON = (3, 11, 15)


@register(Tags.security)
def keys_are_kept_safely(**_: Any) -> list[CheckMessage]:
    """Check that the key lies beside the data, has the right length and is readable by its owner alone."""
    file = keys.kek_file()
    if not file.exists():
        return [
            Error(
                "Es gibt noch keinen Hauptschlüssel.",
                hint="„kontaktstelle setup“ richtet alles ein.",
                id="privacy.E001",
            )
        ]
    found: list[CheckMessage] = []
    if file.stat().st_size != keys.KEY_BYTES:
        found.append(Error(f"Der Hauptschlüssel {file} ist beschädigt (falsche Länge).", id="privacy.E002"))
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        found.append(
            Error(
                f"Der Hauptschlüssel {file} ist für andere Benutzer des Rechners lesbar.",
                hint=f"chmod 400 {file}",
                id="privacy.E003",
            )
        )
    if Path(settings.DATA_DIR) in file.parents:
        found.append(
            Error(
                "Der Hauptschlüssel liegt im Datenordner und käme mit in jede Sicherung.", id="privacy.E004"
            )
        )
    return found


@register(Tags.database)
def database_keeps_what_it_acknowledged(**_: Any) -> list[CheckMessage]:
    """Check durability and erasure settings of the database in use."""
    if connection.vendor == "sqlite":
        return _sqlite()
    return _postgresql()


@register(Tags.security)
def python_is_patched(**_: Any) -> list[CheckMessage]:
    """Warn of a Python whose e-mail library lets a foreign subject add headers (CVE-2024-6923 and its follow-ups)."""
    if sys.version_info[:2] == FIXED_PYTHON[:2] and sys.version_info[:3] < FIXED_PYTHON:
        return [
            Warning(
                f"Python {sys.version.split()[0]} hat bekannte Lücken in der E-Mail-Bibliothek.",
                hint="Python 3.11.15 oder neuer einspielen, bevor Post versandt wird.",
                id="privacy.W001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def backups_are_fresh(**_: Any) -> list[CheckMessage]:
    """Warn when a public installation has no backup of the last two days. A try-out needs none."""
    if not (settings.HTTPS or settings.BACKUPS_ARE_MADE):
        return []
    try:
        last = making.newest(Path(settings.BACKUPS_DIR))
    except keys.KeyUnavailable:
        return []  # said by another check
    if last is not None and timezone.now() - last < OLDEST_FRESH_BACKUP:
        return []
    said = f"Die letzte Sicherung ist vom {last:%d.%m.%Y}." if last else "Es gibt keine Sicherung."
    return [
        Warning(
            f"{said} Gesucht wurde in {settings.BACKUPS_DIR}.",
            hint="KONTAKTSTELLE_BACKUPS nennt den Ordner für die nächtliche Sicherung; von Hand: kontaktstelle backup.",
            id="privacy.W030",
        )
    ]


def _sqlite() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    with connection.cursor() as cursor:
        actual = {
            name: str(cursor.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    needed_sync = {"FULL": 2, "EXTRA": 3}[settings.SQLITE_PRAGMAS["synchronous"]]
    if int(actual["synchronous"]) < needed_sync:
        found.append(
            Error(
                "SQLite bestätigt Eingaben, bevor sie auf der Platte stehen (synchronous).", id="privacy.E010"
            )
        )
    if actual["journal_mode"].upper() == "WAL" and settings.SQLITE_PRAGMAS["journal_mode"] != "WAL":
        found.append(
            Error(
                f"SQLite {sqlite3.sqlite_version} darf nicht im WAL-Modus laufen: Die Datei kann beschädigt werden.",
                id="privacy.E011",
            )
        )
    if actual["foreign_keys"] != "1" or actual["secure_delete"] == "0":
        found.append(
            Error(
                "SQLite läuft ohne foreign_keys oder secure_delete: Gelöschtes bliebe lesbar.",
                id="privacy.E012",
            )
        )
    return found


def _postgresql() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    with connection.cursor() as cursor:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] == "off":
                found.append(
                    Error(
                        f"PostgreSQL läuft mit {name}=off: Bestätigte Eingaben könnten verloren gehen.",
                        id="privacy.E020",
                    )
                )
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        superuser, bypass = cursor.fetchone()
        if superuser or bypass:
            found.append(
                Warning(
                    "Die Anwendung meldet sich mit Vollmacht (SUPERUSER oder BYPASSRLS) an der Datenbank an. Die Datenbank hält "
                    "dann die Zeilen der Kontaktstellen nicht mehr selbst auseinander.",
                    hint="Eine eigene Rolle NOSUPERUSER NOBYPASSRLS anlegen (docs/operate/postgresql.md).",
                    id="privacy.W021",
                )
            )
        if open_tables := row_security.unguarded():
            found.append(
                Error(
                    "Die Datenbank hält die Zeilen der Kontaktstellen nicht auseinander in: "
                    + ", ".join(open_tables)
                    + ".",
                    hint="„kontaktstelle setup“ richtet das ein.",
                    id="privacy.E023",
                )
            )
        for name, wanted in (("log_error_verbosity", "terse"), ("log_parameter_max_length_on_error", "0")):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] != wanted:
                found.append(
                    Warning(
                        f"PostgreSQL schreibt Inhalte in sein Protokoll ({name} ist nicht {wanted}).",
                        hint=f"ALTER SYSTEM SET {name} = {wanted};",
                        id="privacy.W022",
                    )
                )
    return found
