"""Antragsdatenblatt: what a funder's form asks and the group's record already knows, to copy or print. No names, no bank data."""

import json
from datetime import date
from pathlib import Path
from typing import Final

import typst

from kontaktstelle.groups.models import Answer, Group
from kontaktstelle.organisation.models import ContactPoint

from .models import FundingCard

NOT_KNOWN = "–"
TEMPLATES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parent.parent / "ui" / "fonts"
PDF_STANDARD: Final = "ua-1"


def lines(group: Group) -> list[tuple[str, str]]:
    """Return the sheet of a group of the office being acted for: field and value, "–" where nothing is known."""
    card = FundingCard.objects.filter(group=group).first()
    answers = {Answer.YES: "ja", Answer.NO: "nein", Answer.UNKNOWN: NOT_KNOWN}
    return [
        ("Name der Gruppe", group.name),
        ("Ort", " ".join(filter(None, (group.postcode, group.town))) or NOT_KNOWN),
        ("gegründet", group.founded or NOT_KNOWN),
        ("Treffen", group.meeting_text or NOT_KNOWN),
        ("Mitglieder", str(group.members) if group.members is not None else NOT_KNOWN),
        ("davon regelmäßig da", str(group.attending) if group.attending is not None else NOT_KNOWN),
        ("offen für neue Menschen", {"open": "ja", "founding": "ja", "full": "zurzeit nicht", "intake-stop": "zurzeit nicht"}.get(group.stage, NOT_KNOWN)),
        ("fachlich geleitet", answers[Answer(group.led_by_professionals)]),
        ("Dachverband", group.association or NOT_KNOWN),
        ("eigenes Konto", answers[Answer(card.has_account)] if card else NOT_KNOWN),
        ("Gründungsprotokoll", answers[Answer(card.has_minutes)] if card else NOT_KNOWN),
        ("Stand der Angaben", f"{group.confirmed_on:%d.%m.%Y}" if group.confirmed_on else NOT_KNOWN),
    ]  # fmt: skip


def as_pdf(group: Group, *, office: ContactPoint, on: date) -> bytes:
    """Return the sheet as tagged PDF (PDF/UA-1), with room to write what is not known. Values go in as values, never as markup.

    Args:
        group: of the office being acted for.
        office: whose name stands at its head.
        on: today.
    """
    content = {
        "office": office.name,
        "date": f"{on:%d.%m.%Y}",
        "group": group.name,
        "rows": [[what, "" if value == NOT_KNOWN else value] for what, value in lines(group)],
    }
    compiled = typst.compile(
        str(TEMPLATES / "sheet.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=FONTS.is_dir(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="pdf",
        pdf_standards=PDF_STANDARD,
    )
    return bytes(compiled)
