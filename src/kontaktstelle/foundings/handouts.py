"""What is handed out of a founding, as tagged PDF (PDF/UA-1): the poster with slips, the minutes, the Gründungsmappe.

Everything goes in as values, never as markup. The Gründungsmappe's words are `handouts.toml`, plain and general: an office
hands it to everybody, so nothing of a founding stands in it.
"""

import json
import tomllib
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from kontaktstelle.organisation.models import ContactPoint, Staff

from .calling import Poster
from .meeting import minutes_of
from .models import FoundingMeeting

TEMPLATES = Path(__file__).parent / "typst"
WORDS = Path(__file__).parent / "handouts.toml"
FONTS = Path(__file__).parent.parent / "ui" / "fonts"
PDF_STANDARD: Literal["ua-1"] = "ua-1"


def poster(content: Poster) -> bytes:
    """Return a poster with slips to tear off; each slip has telephone and address, the poster a QR code."""
    return _compiled(
        "poster.typ",
        {
            "title": content.title, "text": content.text.splitlines(), "office": content.office, "phone": content.phone, "email": content.email,
            "address": content.address, "shown": content.address.split("://")[-1], "until": f"{content.until:%d.%m.%Y}", "slips": content.slips,
            "code": segno.make(content.address, error="m").svg_inline(scale=4, border=2),
        },
    )  # fmt: skip


def minutes(meeting: FoundingMeeting, *, by: Staff, office: ContactPoint) -> bytes:
    """Return the minutes of a meeting that was held: when, where, how many, what was decided; no names.

    Raises:
        StepRefused: it was not held, or is not for this person.
    """
    held = minutes_of(meeting, by=by)
    said = held.minutes
    rows = [
        ("Gruppe", held.title), ("Tag", f"{held.on:%d.%m.%Y}" + (f", {held.starts:%H:%M} Uhr" if held.starts else "")), ("Ort", held.place or "liegt der Kontaktstelle vor"),
        ("Anwesend", f"{held.attended} Menschen"), ("Zweck der Gruppe", said.purpose), ("Beschlüsse", said.decided), ("Rhythmus", said.rhythm),
        ("Aufgaben", said.tasks), ("Nächstes Treffen", f"{said.next_meeting:%d.%m.%Y}" if said.next_meeting else ""),
    ]  # fmt: skip
    return _compiled("minutes.typ", {"office": office.name, "rows": [row for row in rows if row[1]]})


def folder(office: ContactPoint) -> bytes:
    """Return the Gründungsmappe of an office."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return _compiled(
        "folder.typ", {"office": office.name, "phone": office.phone, "email": office.email, **words}
    )


def _compiled(template: str, content: dict[str, Any]) -> bytes:
    compiled = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=FONTS.is_dir(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="pdf",
        pdf_standards=PDF_STANDARD,
    )
    return bytes(compiled)
