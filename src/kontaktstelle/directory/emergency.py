"""Notfallmappe: what must survive the loss of the server, as PDF and as static pages, written every night.

Only what is public anyway: the directory (channel `print`), help lines, Sprechzeiten. It is written beside the old one and
then put in its place, so that a crash in the middle leaves yesterday's. Copy the folder off the machine every night.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings
from django.template.loader import render_to_string

from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import ConditionDefault, Group
from kontaktstelle.groups.public import PublicEntry, shape
from kontaktstelle.network import helplines
from kontaktstelle.organisation.hours import BERLIN
from kontaktstelle.organisation.models import ContactPoint, Hours
from kontaktstelle.topics import folding, tree

TEMPLATES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parent.parent / "ui" / "fonts"
PDF_STANDARD: Final = "ua-1"
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def folder() -> Path:
    """Return where the Notfallmappe lies."""
    return Path(settings.DATA_DIR) / "notfallmappe"


def write(*, at: datetime) -> Path:
    """Write the Notfallmappe anew.

    Returns:
        Its folder, with `index.html`, one page per contact point, and `notfallmappe.pdf`.
    """
    content = contents(at=at)
    draft = Path(tempfile.mkdtemp(prefix=".notfallmappe-", dir=settings.DATA_DIR))
    try:
        (draft / "notfallmappe.pdf").write_bytes(as_pdf(content))
        (draft / "index.html").write_text(
            render_to_string("directory/emergency/index.html", content), encoding="utf-8"
        )
        for office in content["offices"]:
            page = render_to_string("directory/emergency/office.html", {**content, "office": office})
            (draft / f"{office['slug']}.html").write_text(page, encoding="utf-8")
        draft.chmod(0o755)
        _put_in_place(draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder()


def contents(*, at: datetime) -> dict[str, Any]:
    """Return everything the Notfallmappe says, as plain values."""
    offices = [
        _office(office, at=at)
        for office in ContactPoint.objects.prefetch_related("sites__hours", "closings").order_by("name")
    ]
    lines = helplines.lines_for(["suicide", "violence", "child", "medical", "withdrawal", "quiet"], at=at)
    return {
        "made_on": f"{at.astimezone(BERLIN):%d.%m.%Y}",
        "is_example": any(office["is_example"] for office in offices),
        "lines": [{"name": line.name, "numbers": list(line.numbers), "hours": line.hours} for line in lines],
        "offices": offices,
    }


def as_pdf(content: Mapping[str, Any]) -> bytes:
    """Return the Notfallmappe as tagged PDF (PDF/UA-1). What groups wrote goes in as data, never as markup."""
    compiled = typst.compile(
        str(TEMPLATES / "emergency.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=FONTS.is_dir(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="pdf",
        pdf_standards=PDF_STANDARD,
    )
    return bytes(compiled)


def _put_in_place(draft: Path) -> None:
    old = folder().with_name(".notfallmappe-old")
    shutil.rmtree(old, ignore_errors=True)
    if folder().exists():
        folder().rename(old)
    draft.rename(folder())
    shutil.rmtree(old, ignore_errors=True)


def _office(office: ContactPoint, *, at: datetime) -> dict[str, Any]:
    defaults = {
        default.field: default.conditions
        for default in ConditionDefault.objects.everywhere().filter(contact_point=office)
    }
    groups = (
        Group.objects.everywhere()
        .filter(contact_point=office, listed=True)
        .exclude(stage=Stage.DISSOLVED)
        .select_related("contact_point", "venue")
    )
    entries = [shape(group, "print", on=at.astimezone(BERLIN).date(), defaults=defaults) for group in groups]
    entries.sort(key=lambda entry: folding.fold(entry.name))
    return {
        "slug": office.slug,
        "name": office.name,
        "phone": office.phone,
        "email": office.email,
        "is_example": office.is_example,
        "sites": [
            {
                "name": site.name,
                "address": f"{site.street}, {site.postcode} {site.town}",
                "phone": site.phone or office.phone,
                "hours": [_hours(span) for span in site.hours.all()],
            }
            for site in office.sites.all()
        ],
        "fields": _by_field(entries),
    }


def _by_field(entries: list[PublicEntry]) -> list[dict[str, Any]]:
    """Return the entries by topic field, each once, under the field of its first topic."""
    fields: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        field = tree.TOPICS[entry.topics[0]].field if entry.topics else "Weitere Themen"
        place = ", ".join(
            part for part in (entry.venue, entry.street, f"{entry.postcode} {entry.town}".strip()) if part
        )
        fields.setdefault(field, []).append({
            "name": entry.name,
            "topics": ", ".join(tree.label(topic) for topic in entry.topics),
            "meeting": entry.meeting,
            "place": place or entry.kreis,
            "contact": "über die Kontaktstelle" if entry.only_via_office or not (entry.phone or entry.email) else " · ".join(way for way in (entry.phone, entry.email) if way),
            "stage": Stage(entry.stage).label,
        })  # fmt: skip
    return [
        {"name": name, "entries": listed}
        for name, listed in sorted(fields.items(), key=lambda pair: folding.fold(pair[0]))
    ]


def _hours(span: Hours) -> str:
    if (
        span.kind == Hours.Kind.APPOINTMENT
        or span.weekday is None
        or span.opens is None
        or span.closes is None
    ):
        return "nach Vereinbarung"
    kind = " (Telefon)" if span.kind == Hours.Kind.TELEPHONE else ""
    return f"{WEEKDAYS[span.weekday]} {span.opens:%H:%M}–{span.closes:%H:%M} Uhr{kind}"
