"""The folder itself: all papers of an office as one PDF to print and one page to change in any word processor."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import typst
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.rights import TABLE, Right, Role
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import retention
from kontaktstelle.privacy.retention import Then

from . import law
from .activities import Activity, activities, ends, period, periods_of, risks
from .measures import installation, measures
from .wording import Part, Table, parts

TYPST = Path(__file__).parent / "typst"
FONTS = Path(__file__).parent.parent / "ui" / "fonts"
PDF_STANDARD: Final = "ua-1"
# Whose data which sheet speaks of.
SEEKERS = ("log", "call_back", "enquiry", "referral", "relay")
GROUPS = ("groups", "mail")
STAFF = ("staff", "trail")


@dataclass(frozen=True, slots=True)
class Folder:
    """The papers of one office as of one day: `pdf` is tagged (PDF/UA-1), `page` is HTML, both say the same."""

    pdf: bytes
    page: str


def make(office: ContactPoint, *, at: datetime) -> Folder:
    """Set the papers of an office from its texts and from what the installation is now."""
    content = {
        "title": f"Mappe für IT, Datenschutz und {_of(office)['law_council']}",
        "office": office.name,
        "today": _day(at),
        "is_example": office.is_example,
        "parts": [asdict(part) for part in papers(office, at=at)],
    }
    pdf = typst.compile(
        str(TYPST / "folder.typ"),
        root=str(TYPST),
        font_paths=[str(FONTS)],
        ignore_system_fonts=FONTS.is_dir(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="pdf",
        pdf_standards=PDF_STANDARD,
    )
    return Folder(bytes(pdf), render_to_string("papers/folder.html", content))


def papers(office: ContactPoint, *, at: datetime) -> tuple[Part, ...]:
    """Return the papers of an office as parts with blocks, before they are set."""
    with acting_for(office):
        return parts({**_of(office), "today": _day(at)}, _tables(office))


def _of(office: ContactPoint) -> dict[str, str]:
    site = office.sites.order_by("id").first()
    provisions = law.provisions(office.traeger.kind)
    return {
        "office_name": office.name,
        "office_address": f"{site.street}, {site.postcode} {site.town}" if site else "",
        "office_phone": office.phone,
        "office_email": office.email,
        "traeger_name": office.traeger.name,
        "traeger_kind": office.traeger.get_kind_display(),
        "lock_minutes": str(int(settings.DESK_LOCKS_AFTER.total_seconds() // 60)),
        **{f"law_{key}": provision.text for key, provision in provisions.items()},
    }


def _tables(office: ContactPoint) -> dict[str, Table]:
    provisions = law.provisions(office.traeger.kind)
    return {
        "installation": Table(("Was", "Hier"), tuple(installation(office))),
        "measures": Table(("Maßnahme", "Stand"), tuple(measures(office))),
        "activities": Table(
            ("Tätigkeit und Zweck", "Wessen Daten, welche", "Wer darf", "Grundlage, Empfänger", "Wie lange"),
            tuple(_activity(each, provisions[each.law].text) for each in activities()),
        ),
        "data-kinds": Table(("Wessen", "Welche"), tuple((each.people, each.what) for each in activities())),
        "retention": Table(
            ("Was", "Frist", "Grund"),
            tuple((_named(rule), period(rule), rule.ground) for rule in retention.rules() if ends(rule)),
        ),
        "kept": Table(
            ("Was", "Warum es bleibt"),
            tuple(_together((rule.ground, _named(rule)) for rule in retention.rules() if rule.then == Then.KEEP)),
        ),
        "rights": Table(
            ("Recht", "Rollen"),
            tuple((right.label, ", ".join(role.label for role in Role if role in TABLE[right])) for right in Right),
        ),
        "risks": Table(("Ziel", "Risiko", "Dagegen"), risks()),
        "periods-seekers": _periods(SEEKERS),
        "periods-groups": _periods(GROUPS),
        "periods-staff": _periods(STAFF),
        "law": Table(
            ("Worum es geht", "Wo es steht", "Geprüft am"),
            tuple(
                (each.label, each.text, each.checked_on or "noch nicht bestätigt")
                for each in provisions.values()
            ),
        ),
    }  # fmt: skip


def _activity(activity: Activity, basis: str) -> tuple[str, ...]:
    return (
        f"{activity.name}: {activity.purpose}",
        f"{activity.people}: {activity.what}",
        activity.roles,
        f"{basis}. Empfänger: {activity.passed_to}",
        "; ".join(activity.periods) or "geht mit dem, wozu es gehört",
    )


def _named(rule: retention.Rule) -> str:
    name = str(rule.model._meta.verbose_name)  # noqa: SLF001 - Django's public meta interface
    return name if rule.what == "alles" else f"{name}: {rule.what}"


def _together(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    by_ground: dict[str, list[str]] = {}
    for ground, name in pairs:
        by_ground.setdefault(ground, []).append(name)
    for ground, names in by_ground.items():
        yield "; ".join(names), ground


def _periods(keys: tuple[str, ...]) -> Table:
    return Table(("Was", "Wie lange"), tuple(periods_of(keys)))


def _day(at: datetime) -> str:
    return f"{timezone.localtime(at):%d.%m.%Y}"
