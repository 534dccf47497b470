"""A list brought to the desk: kept sealed, tried, mapped, and written as a whole or not at all.

What is uploaded holds private addresses: it lies sealed, never as a file, and is let go once it is written, put away,
or a day old. The report is kept until then, sealed too.
"""

import base64
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from .importing import import_file, last_run, mapping, undo
from .importing.columns import mapped_columns, score
from .importing.reading import read_table
from .importing.refusals import BasisIncomplete, FileUnreadable, UnknownRun
from .models import Group, ImportRun, UploadedList

MOST_BYTES = 16 * 1024 * 1024
KEPT_FOR = timedelta(days=1)
# Longer than this, somebody is told how far it is.
LONG = 300_000
Progress = Callable[[int, int], None]


class NoFile(StepRefused):
    """Nothing was sent, or more than is taken."""

    sentence = "Bitte wählen Sie eine Datei (Excel .xlsx oder CSV), höchstens 16 MB."


class ListGone(StepRefused):
    """The list was written, put away or is too old."""

    sentence = "Diese Liste liegt nicht mehr hier. Bitte laden Sie sie noch einmal hoch."


class StillRefused(StepRefused):
    """A line stops the file."""

    sentence = (
        "Es wurde nichts geschrieben: Erst wenn keine Zeile mehr abgelehnt wird, kommt die Liste hinein."
    )


class BasisDayAhead(StepRefused):
    """The consent cannot lie in the future."""

    sentence = "Der Tag der Einwilligung liegt in der Zukunft."


@transaction.atomic
def receive(content: bytes, file_name: str, *, by: Staff, at: datetime, number: UUID) -> UploadedList:
    """Take a file in, sealed; said twice it is one.

    Args:
        content: the file.
        file_name: how it is called, without a path.
        by: who.
        at: when.
        number: the key of the form.

    Raises:
        NoFile, rights.NotAllowed: as their sentences say.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    forget_old(at=at)
    if not content or len(content) > MOST_BYTES:
        raise NoFile
    known = UploadedList.objects.filter(pk=number).first()
    if known is not None:
        return known  # type: ignore[no-any-return]
    row = UploadedList(
        id=number,
        contact_point_id=current(),
        at=at,
        by=str(by.pk),
        file_name=Path(file_name).name[:200] or "Liste",
    )
    row.content = base64.b64encode(content).decode()
    row.save(force_insert=True)
    _traced(row, "groups.list-uploaded", by=by, at=at)
    return row


def examine(row: UploadedList, *, by: Staff, at: datetime, progress: Progress | None = None) -> UploadedList:
    """Try a list: what would happen, line by line; nothing of it is written.

    Raises:
        ListGone, rights.NotAllowed: as their sentences say.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    report: dict[str, Any]
    with _as_path(row) as path:
        try:
            report = import_file(path, dry_run=True, progress=progress, **_arguments(row, by, at)).as_json()
        except FileUnreadable as refused:
            report = {"unreadable": refused.sentence, "columns": {}, "unknown_columns": _headings(path, row)}
    row.report = json.dumps(report)
    row.save(update_fields=["report_sealed"])
    return row


def set_reading(
    row: UploadedList,
    chosen: Mapping[str, Mapping[str, str]],
    *,
    basis: str,
    basis_on: date | None,
    by: Staff,
    at: datetime,
) -> None:
    """Note how the columns and words of a list are to be read, and on what ground its groups may appear.

    Raises:
        MappingUnusable, BasisIncomplete, BasisDayAhead, rights.NotAllowed: as their sentences say.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    reading = mapping.checked(chosen)
    mapped_columns(reading["columns"])
    ground = Group.Basis(basis) if basis in set(Group.Basis) else Group.Basis.NONE
    if ground != Group.Basis.NONE and basis_on is None:
        raise BasisIncomplete("Zur Grundlage der Veröffentlichung gehört der Tag, an dem eingewilligt wurde.")
    if basis_on is not None and basis_on > at.date() + timedelta(days=1):
        raise BasisDayAhead
    row.mapping, row.basis = reading, ground
    row.basis_on = basis_on if ground != Group.Basis.NONE else None
    row.save(update_fields=["mapping", "basis", "basis_on"])


@transaction.atomic
def write(row: UploadedList, *, by: Staff, at: datetime, progress: Progress | None = None) -> UploadedList:
    """Write a list as a whole, and let the file go; written already, nothing happens.

    Raises:
        StillRefused: a line stops it, with the new report kept.
        ListGone, rights.NotAllowed: as their sentences say.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    # Two clicks at once wait for each other here.
    ContactPoint.objects.select_for_update().get(pk=current())
    row = UploadedList.objects.get(pk=row.pk)
    if row.content_sealed is None and row.report_sealed is not None:
        return row
    with _as_path(row) as path:
        report = import_file(path, progress=progress, **_arguments(row, by, at))
    row.report = json.dumps(report.as_json())
    if not report.is_refused:
        row.content, row.run = None, report.run
    row.save()
    return row


@transaction.atomic
def put_away(row: UploadedList, *, by: Staff, at: datetime) -> None:
    """Let a list go without writing it."""
    rights.check(by, Right.EDIT_GROUP, current())
    _traced(row, "groups.list-put-away", by=by, at=at)
    row.delete()


def take_back(*, by: Staff, at: datetime) -> ImportRun:
    """Take the office's last import back, exactly.

    Raises:
        UnknownRun, ChangedSince, rights.NotAllowed: as their sentences say.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    return undo(last_run().pk, by=str(by.pk), at=at)


def last() -> ImportRun | None:
    """Return the office's last import that still stands, if any."""
    try:
        return last_run()
    except UnknownRun:
        return None


def forget_old(*, at: datetime) -> int:
    """Let lists go that nobody wrote within a day.

    Returns:
        How many.
    """
    gone, _ = UploadedList.objects.filter(at__lt=at - KEPT_FOR).delete()
    return int(gone)


def report_of(row: UploadedList) -> dict[str, Any]:
    """Return the last report of a list, {} before it was tried."""
    found: dict[str, Any] = json.loads(row.report or "{}")
    return found


def is_long(row: UploadedList) -> bool:
    """Say whether reading the list takes long enough to tell how far it is."""
    return len(row.content_sealed or b"") > LONG


def _arguments(row: UploadedList, by: Staff, at: datetime) -> dict[str, Any]:
    has_ground = row.basis != Group.Basis.NONE
    return {
        "contact_point": ContactPoint.objects.get(pk=row.contact_point_id),
        "by": str(by.pk),
        "at": at,
        "mapping": row.mapping or None,
        "basis": Group.Basis(row.basis),
        "basis_on": row.basis_on,
        "basis_by": str(by.pk) if has_ground else "",
        "file_name": row.file_name,
    }


def _headings(path: Path, row: UploadedList) -> list[str]:
    """Return the headings of a list in which none names the group, so that somebody can say which does."""
    try:
        mapped = mapped_columns(mapping.merged(row.mapping)["columns"])
        table = read_table(path, score=lambda cells: score(cells, mapped))
    except StepRefused:
        return []

    return [" ".join(cell.split()) for cell in table.header if cell.strip()]


@contextmanager
def _as_path(row: UploadedList) -> Iterator[Path]:
    """Open a list's content for reading by path: in memory where the system can, else in a file only we read."""
    if row.content_sealed is None:
        raise ListGone
    content = base64.b64decode(row.content or "")
    if hasattr(os, "memfd_create"):
        number = os.memfd_create("liste")
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            yield Path(f"/proc/self/fd/{number}")
        return
    with tempfile.TemporaryDirectory(prefix="kontaktstelle-") as folder:
        path = Path(folder) / "liste"
        path.write_bytes(content)
        yield path


def _traced(row: UploadedList, action: str, *, by: Staff, at: datetime) -> None:
    trail.record(
        str(by.pk), action, object_type="groups.uploadedlist", object_id=row.pk, at=at, contact_point=row.contact_point_id
    )  # fmt: skip
