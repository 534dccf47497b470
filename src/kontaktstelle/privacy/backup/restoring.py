"""Bring a backup back into an empty installation: first everything is checked, then everything is written.

The site cannot open on half of it: on SQLite the database gets its name last, on PostgreSQL everything is one
transaction. Whoever was erased after the backup is erased again before that.
"""

import base64
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from kontaktstelle.privacy import anchor, fields, keys, ledger, paper, retention, trail
from kontaktstelle.privacy.sqlite.base import LINE_FILE
from kontaktstelle.privacy.tenancy import across_offices
from kontaktstelle.refusal import StepRefused

from . import keyring, making, rows, snapshot
from .sealing import FileDamaged, Kind, Reader

SAMPLE = 50
_SQLITE_FILES = ("", "-journal", "-wal", "-shm", LINE_FILE)


class NotEmpty(StepRefused):
    """There is something here already."""

    sentence = "Hier gibt es schon Daten. Wiederhergestellt wird nur in eine leere Einrichtung."


class TooOld(StepRefused):
    """The backup is older than what the ledger of erased rows remembers."""

    sentence = (
        "Diese Sicherung ist älter als 45 Tage. Wer seitdem gelöscht wurde, ist nicht mehr vollständig bekannt "
        "und käme zurück. Bitte eine neuere nehmen; wenn es keine gibt: --older, und danach von Hand löschen."
    )


class FromNewerVersion(StepRefused):
    """The backup has tables this program does not know."""

    sentence = "Diese Sicherung stammt von einer neueren Version dieser Software."


class KeyRingMissing(StepRefused):
    """Without the key ring what is sealed stays sealed."""

    sentence = (
        "Der Schlüsselbund fehlt (kontaktstelle-….schluesselbund, er liegt sonst neben der Sicherung). Ohne ihn bleiben alle "
        "versiegelten Angaben für immer zu. Bitte mit --keyring nennen; wenn er verloren ist: --without-keyring."
    )


@dataclass(frozen=True, slots=True)
class Content:
    """What a checked backup says of itself."""

    version: str
    made_at: datetime
    migrations: tuple[rows.Migration, ...]
    trail: tuple[tuple[int, int], ...]
    rows: int
    files: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back."""

    content: Content
    erased_again: int
    opened: int
    closed: int
    trail_broken: tuple[int, ...]


def check(reader: Reader, *, progress: making.Progress | None = None) -> Content:
    """Read a whole backup and write nothing.

    Raises:
        FileDamaged: something in it is not as it was written.
    """
    counts, inside = {"table": 0, "file": 0}, ""
    head: dict[str, Any] = {}
    end: dict[str, Any] = {}
    for number, line in enumerate(reader.lines(), start=1):
        if progress and number % rows.BATCH == 0:
            progress(reader.done, reader.size)
        if line.startswith(b"["):
            counts["table"] += inside == "table"
            continue
        said = json.loads(line)
        inside = next(iter(said))
        head, end = head or said, said
        counts["file"] += inside == "file"
    if head.get("backup") != making.FORMAT:
        raise FromNewerVersion
    if end != {"rows": counts["table"], "files": counts["file"]}:
        raise FileDamaged
    return Content(
        head["version"], datetime.fromisoformat(head["made_at"]), tuple((app, name) for app, name in head["migrations"]),
        tuple((point, number) for point, number in head["trail"]), counts["table"], counts["file"],
    )  # fmt: skip


@across_offices()
def restore(
    file: Path,
    *,
    copies: Sequence[paper.Copy],
    ring: keyring.KeyRing | None,
    rebuild: Callable[[], object],
    by: str,
    at: datetime,
    is_older_allowed: bool = False,
    is_ring_lost: bool = False,
    progress: Callable[[str], making.Progress] | None = None,
) -> Restored:
    """Bring a backup back into an empty installation.

    Args:
        file: the backup.
        copies: the paper copies there are, the newest and, for a backup from before a rotation, the one of that time.
        ring: the opened key ring; None if it lies in this installation's key folder already, or is lost.
        rebuild: makes anew what no backup holds, before anybody sees the site.
        by: who, as the trail knows them.
        at: now, aware.
        is_older_allowed: take a backup although the ledger no longer knows all that was erased since.
        is_ring_lost: go on without a key ring: what is sealed stays sealed.
        progress: gives for each part of the work, named in German, what is told how far it is.

    Raises:
        FileDamaged, NoFittingKey, NotEmpty, TooOld, FromNewerVersion, KeyRingMissing, paper.OtherKeys: nothing was
            written.
    """
    reader = Reader(file, Kind.BACKUP, [copy.kek for copy in copies])
    content = check(reader, progress=progress("Geprüft (Bytes)") if progress else None)
    check_empty()
    if content.made_at < at - timedelta(days=ledger.KEPT_DAYS) and not is_older_allowed:
        raise TooOld
    _check_known(content)
    _take_keys(copies, ring, is_ring_lost=is_ring_lost, kek=reader.kek)
    with _new_database(), _new_files() as folder:
        return _fill(
            reader,
            content,
            folder,
            rebuild,
            by=by,
            at=at,
            is_ring_lost=is_ring_lost,
            progress=progress("Zurückgeholt") if progress else None,
        )


def check_empty() -> None:
    """Refuse to write where something is.

    Raises:
        NotEmpty: the database has tables, or there are files.
    """
    name = str(connection.settings_dict["NAME"])
    is_new = connection.vendor == "sqlite" and not Path(name).exists()
    if not is_new and connection.introspection.table_names():
        raise NotEmpty(
            "In der Datenbank gibt es schon Tabellen. Wiederhergestellt wird nur in eine leere Einrichtung: Bitte mit "
            "KONTAKTSTELLE_DATA einen leeren Ordner nennen (bei PostgreSQL: eine leere Datenbank)."
        )
    if any(making.files_folder().rglob("*")):
        raise NotEmpty(
            f"Im Ordner {making.files_folder()} liegen schon Dateien. Bitte einen leeren Ordner nennen."
        )


def _check_known(content: Content) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if unknown := [each for each in content.migrations if each not in known]:
        raise FromNewerVersion(
            f"Diese Sicherung stammt von einer anderen Version dieser Software ({content.version}): Diese hier kennt "
            f"{len(unknown)} Umbauten der Tabellen nicht. Bitte dieselbe oder eine neuere Version einrichten."
        )


def _take_keys(
    copies: Sequence[paper.Copy], ring: keyring.KeyRing | None, *, is_ring_lost: bool, kek: bytes
) -> None:
    if ring is None and not is_ring_lost and not keys.wrapped_ids():
        raise KeyRingMissing
    wanted = ring.kek if ring else kek
    copy = next(copy for copy in copies if copy.kek == wanted)
    if how := paper.differs(copy):
        raise paper.OtherKeys(
            f"{how} Überschrieben wird nichts: Bitte mit KONTAKTSTELLE_KEYS einen leeren Ordner nennen."
        )
    if ring:
        keyring.check_fits(ring)
    paper.put_in_place(copy)
    if ring:
        keyring.put_in_place(ring)
    settings.SECRET_KEY = keys.signing_file().read_text(encoding="ascii").strip()


def _fill(
    reader: Reader,
    content: Content,
    folder: Path,
    rebuild: Callable[[], object],
    *,
    by: str,
    at: datetime,
    is_ring_lost: bool,
    progress: making.Progress | None,
) -> Restored:
    rows.migrate_to(content.migrations, "default")
    with transaction.atomic(), rows.Loading("default", rows.tables(content.migrations, "default")) as loading:
        _load(reader, loading, folder, content, progress)
    call_command("migrate", verbosity=0, interactive=False)
    connection.check_constraints()
    # Without the key ring the keys of the trail are lost too: nobody can tell any more.
    broken = () if is_ring_lost else _broken(content)
    erased_again = retention.erase_again(ledger.entries(), at=at)
    retention.run(at=at)
    rebuild()
    opened, closed = _sample()
    trail.record(by, "backup.restored", object_type="privacy.backup", object_id=reader.file.name, at=at)
    anchor.write(at=at, restored=True)
    return Restored(content, erased_again, opened, closed, broken)


def _broken(content: Content) -> tuple[int, ...]:
    ends = dict(content.trail)
    changed = {finding.contact_point for finding in anchor.check(up_to=ends)}
    return tuple(sorted(changed | {point for point, number in ends.items() if trail.length(point) < number}))


def _load(
    reader: Reader, loading: rows.Loading, folder: Path, content: Content, progress: making.Progress | None
) -> None:
    done = 0
    for said, following in _parts(reader.lines()):
        if "table" in said:
            done += loading.add(
                said["table"], said["columns"], _told(following, done, content.rows, progress)
            )
        elif "file" in said:
            _write_file(folder, said["file"], following)
    if progress:
        progress(content.rows, content.rows)


def _parts(lines: Iterator[bytes]) -> Iterator[tuple[dict[str, Any], Iterator[bytes]]]:
    """Yield each announcement with the lines that follow it; they are read before the next one is asked for."""
    line = next(lines, None)
    while line is not None:
        said, following = json.loads(line), _Following(lines)
        yield said, following
        for _ in following:
            pass
        line = following.next_announcement


class _Following:
    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.next_announcement: bytes | None = None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self.next_announcement is not None:
            raise StopIteration
        line = next(self._lines)
        if line.startswith(b"{"):
            self.next_announcement = line
            raise StopIteration
        return line


def _told(
    lines: Iterator[bytes], before: int, total: int, progress: making.Progress | None
) -> Iterator[bytes]:
    for number, line in enumerate(lines, start=1):
        yield line
        if progress and number % rows.BATCH == 0:
            progress(before + number, total)


def _write_file(folder: Path, name: str, pieces: Iterator[bytes]) -> None:
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise FileDamaged
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.open("wb") as out:
        for piece in pieces:
            out.write(base64.b64decode(json.loads(piece)[0]))


def _sample() -> tuple[int, int]:
    """Open some sealed values of every column; return how many opened and how many did not."""
    opened = closed = 0
    for model, name in fields.sealed_attributes():
        filled = model._base_manager.exclude((f"{name}_sealed", None))
        for row in chain(filled.order_by("pk")[:SAMPLE], filled.order_by("-pk")[:SAMPLE]):
            try:
                getattr(row, name)
                opened += 1
            except (fields.SealBroken, keys.KeyUnavailable):
                closed += 1
    return opened, closed


@contextmanager
def _new_database() -> Iterator[None]:
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    name = Path(str(connection.settings_dict["NAME"]))
    draft = name.with_name(f".{name.name}.restoring")
    for end in _SQLITE_FILES:
        Path(f"{draft}{end}").unlink(missing_ok=True)
    with snapshot.at_file(draft):
        yield
    draft.replace(name)
    for end in _SQLITE_FILES[1:]:
        Path(f"{draft}{end}").unlink(missing_ok=True)
    keys.settle(name.parent)


@contextmanager
def _new_files() -> Iterator[Path]:
    draft, place = Path(settings.DATA_DIR) / ".files.restoring", making.files_folder()
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    yield draft
    if place.exists():
        place.rmdir()
    draft.replace(place)
