"""Export of an office's groups as CSV or XLSX: every field an import knows, so that it comes back identical.

No cell can be taken for a formula; "+49 …" and a lone dash stay as they are. Without persons an export holds nothing
private; with persons it needs a reason, and the trail says so.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

import openpyxl
from django.db import transaction
from django.db.models import Max
from openpyxl.utils import get_column_letter

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.models import Party
from kontaktstelle.topics import tree

from .importing import choices
from .importing.cells import neutral
from .importing.fields import CONFIDENTIAL, FIELDS, WAYS, heading_of, person_field
from .lifecycle import Stage
from .models import Answer, ContactPerson, Group

BATCH = 1000
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDE = {"description": 50, "meeting_text": 36, "name": 36, "topics": 36, "visibility": 30}


# A closed list: a reason in somebody's own words could carry a name into the trail, which may hold none.
REASONS: dict[str, str] = {
    "umzug": "Umzug in ein anderes Programm",
    "auskunft": "Auskunft an die Person selbst",
    "papier": "Liste auf Papier für den Notfall",
    "pruefung": "Prüfung durch den Datenschutz",
}


class ReasonMissing(StepRefused):
    """Contact persons leave the house only for a reason of the list."""

    sentence = "Ein Export mit Ansprechpersonen braucht einen Grund aus der Liste (umzug, auskunft, papier, pruefung)."


def export_csv(
    contact_point: ContactPoint,
    stream: BinaryIO,
    *,
    by: str,
    at: datetime,
    with_persons: bool = False,
    reason: str = "",
) -> int:
    """Write the office's groups as CSV: semicolons, UTF-8 with its mark, CRLF, as a German Excel opens it.

    Args:
        contact_point: the office.
        stream: binary; stays open.
        by: who, as the trail knows them.
        at: when, aware.
        with_persons: also contact persons and internal notes, in clear.
        reason: why persons leave the house, one of `REASONS`.

    Returns:
        How many groups were written.

    Raises:
        ReasonMissing: with persons, without a reason of the list.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    try:
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        return _write(contact_point, writer.writerow, by=by, at=at, with_persons=with_persons, reason=reason)
    finally:
        text.detach()


def export_xlsx(
    contact_point: ContactPoint,
    stream: BinaryIO,
    *,
    by: str,
    at: datetime,
    with_persons: bool = False,
    reason: str = "",
) -> int:
    """Write the office's groups as an Excel workbook, every cell as text (arguments as for `export_csv`)."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Gruppen")
    sheet.freeze_panes = "B2"
    for place, name in enumerate(_fields(with_persons=with_persons), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDE.get(name, 18)
    count = _write(
        contact_point,
        lambda row: sheet.append([_NOT_IN_XML.sub("", cell) for cell in row]),
        by=by,
        at=at,
        with_persons=with_persons,
        reason=reason,
    )
    book.save(stream)
    return count


def export_for(contact_point: ContactPoint, kind: str, *, by: Staff, at: datetime) -> bytes:
    """Return an office's list for somebody at the desk, without persons: those leave the house only by the command line.

    Args:
        contact_point: the office.
        kind: "csv" or "xlsx".
        by: who.
        at: when, aware.

    Raises:
        rights.NotAllowed: not for this person.
    """
    rights.check(by, rights.Right.EDIT_GROUP, contact_point)
    stream = io.BytesIO()
    write = export_xlsx if kind == "xlsx" else export_csv
    write(contact_point, stream, by=str(by.pk), at=at)
    return stream.getvalue()


def _fields(*, with_persons: bool) -> list[str]:
    return [
        field.name
        for field in FIELDS.values()
        if field.exported and (with_persons or field.name not in CONFIDENTIAL)
    ]


def _write(
    contact_point: ContactPoint, write: Any, *, by: str, at: datetime, with_persons: bool, reason: str
) -> int:
    if with_persons and reason not in REASONS:
        raise ReasonMissing
    with acting_for(contact_point), transaction.atomic():
        persons = (ContactPerson.objects.aggregate(most=Max("position"))["most"] or 0) if with_persons else 0
        fields = _fields(with_persons=with_persons)
        ways = [(number, way) for number in range(1, persons + 1) for way in WAYS]
        write(
            [heading_of(name) for name in fields]
            + [heading_of(person_field(number, way)) for number, way in ways]
        )
        count = 0
        for batch in _batches():
            reachable = _persons_of(batch) if with_persons else {}
            for group in batch:
                row = [neutral(_WRITERS[name](group)) for name in fields]
                there = reachable.get(group.pk, {})
                write(row + [neutral(there.get((number, way), "")) for number, way in ways])
                count += 1
        said = [f"count:{count}", *([f"reason:{reason}"] if with_persons else [])]
        trail.record(
            by,
            "groups.exported-with-persons" if with_persons else "groups.exported",
            object_type="organisation.contactpoint",
            object_id=contact_point.pk,
            at=at,
            contact_point=contact_point.pk,
            fields=said,
        )
    return count


def _batches() -> Iterator[list[Group]]:
    batch: list[Group] = []
    for group in (
        Group.objects.select_related("venue", "site")
        .order_by("name", "town", "slug")
        .iterator(chunk_size=BATCH)
    ):
        batch.append(group)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _persons_of(groups: list[Group]) -> dict[Any, dict[tuple[int, str], str]]:
    persons = list(ContactPerson.objects.filter(group__in=[group.pk for group in groups]))
    parties = Party.objects.in_bulk([person.party for person in persons])
    found: dict[Any, dict[tuple[int, str], str]] = {}
    for person in persons:
        party = parties.get(person.party)
        if party is not None:
            ways = {way: getattr(party, way) or "" for way in WAYS if way != "consent"} | {
                "consent": ContactPerson.Consent(person.consent).label
            }
            found.setdefault(person.group_id, {}).update(
                {(person.position, way): text for way, text in ways.items()}
            )
    return found


# --- cells ------------------------------------------------------------------------------------------
def _day(value: date | None) -> str:
    return f"{value:%d.%m.%Y}" if value else ""


def _flag(value: object) -> str:
    return "ja" if value else "nein"


def _answer(value: str) -> str:
    return {Answer.YES.value: "ja", Answer.NO.value: "nein"}.get(value, "")


def _degree(value: float | None) -> str:
    # A German Excel reads 51.534 as fifty-one thousand.
    return "" if value is None else repr(value).replace(".", ",")


def _topics(group: Group) -> str:
    return "; ".join(
        [
            *(tree.label(topic) if topic in tree.TOPICS else topic for topic in group.topics),
            *group.unknown_topics,
        ]
    )


def _stage(value: str) -> str:
    return Stage(value).label if value else ""


_WRITERS: dict[str, Any] = {
    "key": lambda group: group.key or str(group.pk),
    "topics": _topics,
    "audience": lambda group: choices.write_audience(group.audience),
    "venue": lambda group: group.venue.name if group.venue else "",
    "venue_street": lambda group: group.venue.street if group.venue else "",
    "venue_postcode": lambda group: group.venue.postcode if group.venue else "",
    "venue_town": lambda group: group.venue.town if group.venue else "",
    "venue_step_free": lambda group: _answer(group.venue.step_free) if group.venue else "",
    "venue_access": lambda group: group.venue.access_note if group.venue else "",
    "cancelled_on": lambda group: "; ".join(_day(date.fromisoformat(day)) for day in group.cancelled_on),
    "stage": lambda group: _stage(group.stage),
    "stage_before_pause": lambda group: _stage(group.stage_before_pause),
    "languages": lambda group: choices.write_languages(group.languages),
    "forms": lambda group: choices.write_forms(group.forms),
    "conditions": lambda group: choices.write_conditions(group.conditions),
    "consent": lambda group: Group.Basis(group.basis).label if group.basis != Group.Basis.NONE else "",
    "consent_on": lambda group: _day(group.basis_on),
    "consent_by": lambda group: group.basis_by,
    "visibility": lambda group: choices.write_visibility(group.visibility),
    "site": lambda group: group.site.code if group.site else "",
    "lat": lambda group: _degree(group.lat),
    "lon": lambda group: _degree(group.lon),
    "note": lambda group: group.note or "",
}


def _plain(name: str) -> Any:
    kind = Group._meta.get_field(name).get_internal_type()  # noqa: SLF001 - Django's public meta interface
    if kind == "DateField":
        return lambda group: _day(getattr(group, name))
    if kind == "BooleanField":
        return lambda group: _flag(getattr(group, name))
    if name in {"step_free", "led_by_professionals"}:
        return lambda group: _answer(getattr(group, name))
    return lambda group: "" if getattr(group, name) is None else str(getattr(group, name))


_WRITERS |= {
    field.name: _plain(field.name)
    for field in FIELDS.values()
    if field.exported and field.name not in _WRITERS
}
