"""Sicherung: make one, bring one back."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kontaktstelle.refusal import StepRefused

from .acting import ACTOR
from .printing import Progress, as_json, line

if TYPE_CHECKING:
    from kontaktstelle.privacy.paper import Copy

KEK_BYTES = 32
INCOMPLETE = 1


class KeysMissing(StepRefused):
    """Nothing that opens a backup was named."""

    sentence = "Was die Sicherung öffnet, fehlt: --keys DATEI nennt die Papierkopie als Text (oder „-“, um sie abzutippen) oder die Schlüsseldatei."


def add_commands(commands: Any) -> None:
    """Add `backup` and `restore`."""
    backup = commands.add_parser(
        "backup", help="alles sichern, verschlüsselt und im laufenden Betrieb; ältere Sicherungen aufräumen"
    )
    backup.add_argument("--to", type=Path, help="Ordner der Sicherungen (sonst KONTAKTSTELLE_BACKUPS)")
    backup.add_argument(
        "--keyring-to", type=Path, help="Ordner für den Schlüsselbund (sonst neben den Sicherungen)"
    )
    backup.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser(
        "restore", help="eine Sicherung in eine leere Einrichtung zurückholen, mit der Papierkopie"
    )
    restore.add_argument("file", type=Path, help="die Sicherung (….sicherung)")
    restore.add_argument(
        "--keys",
        action="append",
        default=[],
        help="Papierkopie als Textdatei, „-“ zum Abtippen, oder Schlüsseldatei; mehrmals, wenn der Hauptschlüssel gewechselt hat",
    )
    restore.add_argument("--keyring", type=Path, help="der Schlüsselbund (sonst der neben der Sicherung)")
    restore.add_argument(
        "--without-keyring",
        action="store_true",
        help="der Schlüsselbund ist verloren: Versiegeltes bleibt zu",
    )
    restore.add_argument(
        "--older",
        action="store_true",
        help="auch eine Sicherung, nach der nicht alle Löschungen bekannt sind",
    )
    restore.add_argument("--check", action="store_true", help="nur prüfen, ob die Datei unversehrt ist")
    restore.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    restore.set_defaults(run=run_restore)


def back_up(
    to: Path | None = None, key_ring_to: Path | None = None, *, progress: Any = None
) -> dict[str, Any]:
    """Make a backup where the settings say, or elsewhere."""
    from django.conf import settings
    from django.utils import timezone

    from kontaktstelle.privacy.backup import making

    made = making.back_up(
        (to or Path(settings.BACKUPS_DIR)).absolute(),
        by=ACTOR,
        at=timezone.now(),
        key_ring_in=key_ring_to.absolute() if key_ring_to else None,
        progress=progress,
    )
    return {
        "file": str(made.file),
        "keyring": str(made.key_ring),
        "rows": made.rows,
        "files": made.files,
        "bytes": made.file.stat().st_size,
        "removed": [file.name for file in made.removed],
    }


def run_backup(arguments: argparse.Namespace) -> int:
    """Run `backup`."""
    made = back_up(arguments.to, arguments.keyring_to, progress=Progress("Gesichert"))
    if arguments.json:
        as_json(made)
        return 0
    line(f"Gesichert: {made['rows']} Zeilen und {made['files']} Dateien in {made['file']}")
    line(f"Schlüsselbund, immer der neueste: {made['keyring']}")
    if made["removed"]:
        line(f"Aufgeräumt: {len(made['removed'])} ältere Sicherungen.")
    line("Zum Zurückholen gehört die Papierkopie dazu: kontaktstelle keys print")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Run `restore`; status 1 if something came back incomplete."""
    from django.utils import timezone

    from kontaktstelle.privacy.backup import keyring, restoring
    from kontaktstelle.privacy.backup.sealing import Kind, Reader

    copies = copies_of(arguments.keys)
    if not copies:
        raise KeysMissing
    keks = [copy.kek for copy in copies]
    if arguments.check:
        content = restoring.check(
            Reader(arguments.file, Kind.BACKUP, keks), progress=Progress("Geprüft (Bytes)")
        )
        if arguments.json:
            as_json({"made_at": content.made_at.isoformat(), "rows": content.rows, "files": content.files})
        else:
            line(
                f"Unversehrt: {content.rows} Zeilen, {content.files} Dateien, vom {content.made_at:%d.%m.%Y %H:%M} UTC."
            )
        return 0
    ring = (
        keyring.read(arguments.keyring, keks)
        if arguments.keyring
        else keyring.found_beside(arguments.file.absolute(), keks)
    )
    done = restoring.restore(
        arguments.file,
        copies=copies,
        ring=ring,
        rebuild=_rebuild,
        by=ACTOR,
        at=timezone.now(),
        is_older_allowed=arguments.older,
        is_ring_lost=arguments.without_keyring,
        progress=Progress,
    )
    result = {
        "made_at": done.content.made_at.isoformat(),
        "rows": done.content.rows,
        "files": done.content.files,
        "erased_again": done.erased_again,
        "opened": done.opened,
        "closed": done.closed,
        "trail_broken": list(done.trail_broken),
    }
    if arguments.json:
        as_json(result)
    else:
        _say(done)
    return INCOMPLETE if done.closed or done.trail_broken else 0


def _say(done: Any) -> None:
    line(
        f"Zurückgeholt: {done.content.rows} Zeilen und {done.content.files} Dateien, Stand {done.content.made_at:%d.%m.%Y %H:%M} UTC."
    )
    if done.erased_again:
        line(f"Danach gelöscht oder entpersönlicht und jetzt wieder: {done.erased_again}.")
    line(f"Stichprobe versiegelter Angaben: {done.opened} lassen sich öffnen, {done.closed} nicht.")
    for point in done.trail_broken:
        line(f"Das Zugriffsprotokoll der Kontaktstelle {point} ist nicht vollständig.")
    line("Weiter mit: kontaktstelle setup, kontaktstelle check, kontaktstelle serve")


def _rebuild() -> None:
    from django.utils import timezone

    from kontaktstelle.directory import projection

    projection.rebuild(on=timezone.localdate())


def copies_of(named: list[str]) -> "list[Copy]":
    """Return what the named papers and files hold, and the keys of this installation if there are any."""
    import secrets

    from kontaktstelle.privacy import keys, paper

    from .key_papers import read_paper

    found = [paper.here()] if keys.kek_file().exists() else []
    for name in named:
        if name != "-" and Path(name).stat().st_size == KEK_BYTES:
            beside = Path(name).with_name(keys.signing_file().name)
            # The paper has the signing key too; without it links signed before are no longer valid.
            signing = beside.read_bytes() if beside.exists() else secrets.token_urlsafe(50).encode()
            found.append(paper.Copy(Path(name).read_bytes(), signing))
        else:
            found.append(read_paper(None if name == "-" else Path(name)))
    return found
