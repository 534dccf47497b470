"""Make a backup while people work, and keep as many as are needed and no longer.

Lines of a backup: a head (version, moment, migrations, heads of the trail), then for each table its name and columns and
its rows, then each file in pieces, then the number of rows and files. The head says how to read what follows.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

import kontaktstelle
from kontaktstelle.privacy import keys, ledger, retention, trail
from kontaktstelle.privacy.tenancy import across_offices
from kontaktstelle.refusal import StepRefused

from . import keyring, rows, snapshot
from .sealing import Kind, WholeFile, Writer

FORMAT: Final = 1
SUFFIX = ".sicherung"
PIECE = 256 * 1024
DAILY, WEEKLY = 7, 4
_STAMP = "%Y-%m-%d-%H%M%S"

Progress = Callable[[int, int], None]


class WrongPlace(StepRefused):
    """Backups must not lie there."""

    sentence = "Dort dürfen die Sicherungen nicht liegen."


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    file: Path
    key_ring: Path
    rows: int
    files: int
    removed: tuple[Path, ...]


@across_offices()
def back_up(
    folder: Path, *, by: str, at: datetime, key_ring_in: Path | None = None, progress: Progress | None = None
) -> Made:
    """Write a backup and the key ring, and remove backups that are no longer needed.

    Args:
        folder: where backups lie; best on another machine.
        by: who, as the trail knows them.
        at: now, aware.
        key_ring_in: where the key ring lies, if not beside the backups: then forgotten copies of backups are no
            longer readable once their months' keys are destroyed.
        progress: told how many rows of how many are written.

    Raises:
        WrongPlace: the folder is that of the keys or of the data.
        snapshot.NoSnapshot: there is no file of the database to copy.
    """
    _check(folder, key_ring_in or folder)
    for each in (folder, key_ring_in or folder):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    kek = keys.kek()
    file = _free_file(folder, at)
    with snapshot.taken() as alias, WholeFile(file, Kind.BACKUP, kek) as out:
        count, files = _write(out, alias, at=at, progress=progress)
    ring = keyring.write(key_ring_in or folder, at=at)
    trail.record(by, "backup.made", object_type="privacy.backup", object_id=file.name, at=at)
    return Made(file, ring, count, files, tuple(remove_old(folder, at=at)))


def _free_file(folder: Path, at: datetime) -> Path:
    """Return the name of a moment; of two backups in one second the second one gets the next: none replaces another."""
    while (file := folder / f"{_prefix()}-{at.astimezone(UTC):{_STAMP}}{SUFFIX}").exists():
        at += timedelta(seconds=1)
    return file


def remove_old(folder: Path, *, at: datetime) -> list[Path]:
    """Remove backups of this installation that are not needed.

    Those of the last 24 hours stay, and the last of each of seven days and four weeks.

    Returns:
        What was removed; whatever is older than `ledger.OLDEST_BACKUP_DAYS` is among it.
    """
    # Only what is past: a clock that once ran ahead must not make today's backup look old.
    found = [(moment, file) for file, moment in backups_in(folder) if moment <= at]
    today = at.astimezone(UTC).date().toordinal()
    last_of_day = {moment.toordinal(): file for moment, file in found}
    last_of_week = {_week(moment.toordinal()): file for moment, file in found}
    needed = {file for day, file in last_of_day.items() if day > today - DAILY}
    needed |= {file for moment, file in found if at - moment < timedelta(days=1)}
    needed |= {file for week, file in last_of_week.items() if week > _week(today) - WEEKLY}
    oldest = at - timedelta(days=ledger.OLDEST_BACKUP_DAYS)
    removed = [file for moment, file in found if file not in needed or moment < oldest]
    for file in removed:
        file.unlink()
    return removed


def _week(day: int) -> int:
    return (day - 1) // 7  # the first day of all days was a Monday


def backups_in(folder: Path) -> list[tuple[Path, datetime]]:
    """Return this installation's backups in a folder with the moment of each, oldest first."""
    pattern = re.compile(rf"{_prefix()}-(\d{{4}}-\d\d-\d\d-\d{{6}}){re.escape(SUFFIX)}")
    found = [(file, pattern.fullmatch(file.name)) for file in sorted(folder.glob(f"*{SUFFIX}"))]
    return [(file, datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)) for file, match in found if match]


def _prefix() -> str:
    return f"kontaktstelle-{keys.installation_name()}"


def _check(*folders: Path) -> None:
    for folder in folders:
        for own, what in ((settings.KEYS_DIR, "der Schlüssel"), (settings.DATA_DIR, "der Daten")):
            if Path(own).resolve() in (folder.resolve(), *folder.resolve().parents):
                raise WrongPlace(
                    f"{folder} liegt im Ordner {what}. Eine Sicherung gehört an einen anderen Ort, am besten auf einen anderen Rechner."
                )


def _write(out: Writer, alias: str, *, at: datetime, progress: Progress | None) -> tuple[int, int]:
    migrations = rows.applied(alias)
    left_out = retention.left_out_of_backups()
    models = [model for model in rows.tables(migrations, alias) if model._meta.label_lower not in left_out]
    total = sum(model._base_manager.using(alias).count() for model in models)
    _line(out, {
        "backup": FORMAT, "version": kontaktstelle.__version__, "made_at": at.isoformat(), "database": connection.vendor,
        "migrations": migrations, "trail": _heads(models, alias),
    })  # fmt: skip
    count = 0
    for model in models:
        names = [field.attname for field in rows.columns(model)]
        _line(out, {"table": model._meta.label_lower, "columns": names})
        for row in rows.written(model, alias):
            out.write(row)
            count += 1
            if progress and count % rows.BATCH == 0:
                progress(count, total)
    files = 0
    for name, pieces in _files():
        _line(out, {"file": name})
        for piece in pieces:
            _line(out, [base64.b64encode(piece).decode()])
        files += 1
    _line(out, {"rows": count, "files": files})
    if progress:
        progress(total, total)
    return count, files


def _heads(models: list[Any], alias: str) -> list[list[int]]:
    """Return each contact point's last line in the trail: after a restore the chain must reach it."""
    entries = next(model for model in models if model._meta.label_lower == "privacy.trailentry")
    found = entries._base_manager.using(alias).values_list("contact_point").annotate(Max("number"))
    return [list(pair) for pair in found.order_by("contact_point")]


def files_folder() -> Path:
    """Return where uploaded files lie (logos)."""
    return Path(settings.DATA_DIR) / "files"


def _files() -> Iterator[tuple[str, Iterator[bytes]]]:
    for file in sorted(files_folder().rglob("*")):
        if file.is_file() and not file.is_symlink():
            yield file.relative_to(files_folder()).as_posix(), _pieces(file)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def _line(out: Writer, value: Any) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def newest(folder: Path) -> datetime | None:
    """Return when the newest backup in a folder was made, None if there is none."""
    found = backups_in(folder) if folder.is_dir() else []
    return timezone.localtime(found[-1][1]) if found else None
