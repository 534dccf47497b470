"""The paper copy as PDF: two sheets that say in German what they are, for two envelopes."""

import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import segno
import typst
from django.utils import timezone

from kontaktstelle.ui import formats

from . import paper

TEMPLATES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parent.parent / "ui" / "fonts"
KEEPERS: Final = ("Leitung", "IT")
PDF_STANDARD: Final = "ua-1"


def as_pdf(copy: paper.Copy, *, office: str, at: datetime, keepers: Sequence[str] = KEEPERS) -> bytes:
    """Return one sheet for each keeper as tagged PDF (PDF/UA-1). It holds the keys: keep it nowhere.

    Args:
        copy: the keys.
        office: whose they are, for people who find an envelope.
        at: when they were printed, aware.
        keepers: who gets a sheet.
    """
    lines = paper.lines(copy)
    code = io.BytesIO()
    segno.make("\n".join(lines), error="m", micro=False).save(code, kind="svg", border=2, xmldecl=False)
    content = {
        "name": copy.name,
        "office": office,
        "printed_on": formats.german_date(timezone.localdate(at)),
        "keepers": list(keepers),
        "lines": lines,
        "qr": code.getvalue().decode(),
    }
    compiled = typst.compile(
        str(TEMPLATES / "keys.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=FONTS.is_dir(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="pdf",
        pdf_standards=PDF_STANDARD,
    )
    return bytes(compiled)
