"""Das Blatt: what an office knows of a group, on paper, to be corrected by hand and sent back, for those without e-mail."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst
from django.db import transaction

from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.groups.reaching import reach
from kontaktstelle.groups.visibility import WITHHELD
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.groups.yearly.rule import ANSWER_WITHIN
from kontaktstelle.mailroom.wording import site_address
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.retention import day as day_of
from kontaktstelle.refusal import StepRefused

from . import keys

TEMPLATES = Path(__file__).parents[1] / "typst"
FONTS = Path(__file__).parents[2] / "ui" / "fonts"
PDF_STANDARD: Final = "ua-1"
REFERENCE = 8
_ROWS = {
    "name": "Name",
    "description": "Beschreibung",
    "meeting_text": "Wann",
    "place": "Wo",
    "public_phone": "Telefon der Gruppe",
    "public_email": "E-Mail der Gruppe",
    "website": "Internetseite",
    "founded": "Gegründet",
}
_PROTECTED = frozenset({"meeting_text", "place"}) | WITHHELD


class SheetUnprintable(StepRefused):
    """A sign the fonts do not have: the sheet would not be readable by everybody."""

    sentence = "In den Angaben steht ein Zeichen, das sich nicht drucken lässt, vielleicht ein Bildchen. Bitte nehmen Sie es heraus."


def reference_of(group: Group) -> str:
    """Return the sign by which a sheet that comes back is known."""
    return group.pk.hex[:REFERENCE].upper()


def by_reference(typed: str) -> Group | None:
    """Return the group a sheet belongs to, or None."""
    sign = "".join(typed.split()).lower()
    if len(sign) != REFERENCE or set(sign) - set("0123456789abcdef"):
        return None
    found = [each for each in Group.objects.only("pk") if each.pk.hex.startswith(sign)]
    return found[0] if len(found) == 1 else None


@transaction.atomic
def printed(group: Group, *, by: Staff, at: datetime) -> bytes:
    """Return the sheet of a group as tagged PDF (PDF/UA-1), with a new code for its page; the old key ends.

    Raises:
        SheetUnprintable: nothing was changed then.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.SEE_GROUP_CONTACT, current())
    first = ContactPerson.objects.filter(group=group).order_by("position", "pk").first()
    code = keys.tell_code(group, person=first, by=by, at=at)
    letter = reach(group, by=str(by.pk), at=at, only=PostWay.LETTER).to
    sender = letterhead(group.contact_point)
    back = ", ".join(part for part in (sender.name, sender.street, sender.town) if part)
    venue = group.venue
    place = ", ".join(
        part
        for part in (
            venue.name if venue else "",
            venue.street if venue else "",
            f"{group.postcode} {group.town}".strip(),
        )
        if part
    )
    content = {
        "office": sender.name,
        "sender": [
            part for part in (sender.street, sender.town, f"Telefon {sender.phone}", sender.email) if part
        ],
        "return": back,
        "back": back,
        "phone": sender.phone,
        "to": list(getattr(letter, "lines", ())) or [group.name],
        "reference": reference_of(group),
        "made_on": f"{day_of(at):%d.%m.%Y}",
        "until": f"{day_of(at) + ANSWER_WITHIN:%d.%m.%Y}",
        "rows": [
            (label, "geschützt, steht nicht auf Papier" if group.protected and name in _PROTECTED else place if name == "place" else str(getattr(group, name)))
            for name, label in _ROWS.items()
        ],
        "code": code,
        "code_until": f"{keys.last_day(at):%d.%m.%Y}",
        "site": f"{site_address()}/gruppe-pflegen/",
    }  # fmt: skip
    try:
        pdf = _compiled(content)
    except typst.TypstError as error:
        raise SheetUnprintable from error
    trail.record(
        str(by.pk), "own-page.sheet-printed", object_type="groups.group", object_id=group.pk, at=at, contact_point=group.contact_point_id
    )  # fmt: skip
    return pdf


def _compiled(content: dict[str, Any]) -> bytes:
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
