"""Papers about a group's entry: the form to sign, and the certificate that a group stands in the directory. Tagged PDF (PDF/UA-1).

What stands in them goes in as values, never as markup. The certificate names no person; a protected group's names neither place
nor time.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import typst
from django.db import transaction
from django.utils import timezone

from kontaktstelle.groups.lifecycle import Outcome, Stage
from kontaktstelle.groups.models import Group, GroupChange
from kontaktstelle.groups.public import as_the_site_would_show
from kontaktstelle.groups.visibility import OPENABLE
from kontaktstelle.mailroom.addresses import PostalAddress, Sender
from kontaktstelle.mailroom.letters import MONTHS
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

from . import consents
from .models import ContactConsent, EntryDecision

TEMPLATES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parents[2] / "ui" / "fonts"
PDF_STANDARD: Final = "ua-1"
TITLE = "Bestätigung der Aufnahme in das Verzeichnis"
# What somebody prints for the funders: what the paper says, and what it does not.
SAYS = (
    "Damit ist die Gruppe der Kontaktstelle bekannt und öffentlich bekannt gemacht. Die Bestätigung sagt nichts über die Qualität der Gruppe und begründet keinen Anspruch "
    "auf Förderung."
)


class NotListed(StepRefused):
    """Nothing can be confirmed of a group that is not in the directory."""

    sentence = "Diese Gruppe steht nicht im Verzeichnis. Eine Bestätigung gibt es erst nach ihrer Aufnahme."


@transaction.atomic
def certificate(group: Group, *, by: Staff, at: datetime) -> bytes:
    """Return the certificate of a listed group as PDF.

    Raises:
        NotListed: as its sentence says.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    stored = Group.objects.select_related("venue", "contact_point").get(pk=group.pk)
    if not stored.listed or stored.stage == Stage.DISSOLVED:
        raise NotListed
    trail.record(
        str(by.pk), "group.certified", object_type="groups.group", object_id=stored.pk, at=at, contact_point=current()
    )  # fmt: skip
    return _compiled("certificate.typ", certified(stored, on=timezone.localtime(at).date()))


def certified(group: Group, *, on: date) -> dict[str, Any]:
    """Return what a certificate says: what everybody can see in the directory, and since when."""
    entry = as_the_site_would_show(group, on=on)
    sender = letterhead(group.contact_point)
    topics = ", ".join(tree.label(topic) for topic in entry.topics)
    since = listed_since(group)
    rows = [
        ("Gruppe", entry.name), ("Themen", topics), ("Kreis", entry.kreis), ("Ort", entry.town), ("Treffen", entry.meeting),
        ("gegründet", entry.founded), ("im Verzeichnis seit", f"{since:%d.%m.%Y}" if since else ""),
    ]  # fmt: skip
    return {
        "title": TITLE,
        "office": sender.name,
        "sender": _lines(sender),
        "date": _long(on),
        "opening": "Wir bestätigen, dass diese Selbsthilfegruppe in unserem Verzeichnis steht:",
        "rows": [row for row in rows if row[1]],
        "paragraphs": [SAYS],
    }


def listed_since(group: Group) -> date | None:
    """Return the day since which a group stands in the directory, as far as it is known: its decision, else its ground."""
    first = EntryDecision.objects.filter(group=group, outcome=Outcome.LISTED).order_by("number").first()
    listed = GroupChange.objects.filter(group=group, action="group.listed").order_by("at").first()
    known = [
        timezone.localtime(moment).date()
        for moment in ((first and first.decided_at), (listed and listed.at))
        if moment
    ]
    if group.basis_on:
        known.append(group.basis_on)
    return min(known, default=None)


def consent_forms(forms: Sequence[tuple[ContactConsent, PostalAddress]], *, at: datetime) -> bytes:
    """Return forms to sign and send back, each with its own sign, as one PDF for the printer."""
    office = ContactPoint.objects.get(pk=current())
    sender = letterhead(office)
    return _compiled("consent.typ", {
        "office": sender.name,
        "sender": _lines(sender),
        # Street and town only: who looks at the envelope need not know that a Kontaktstelle writes.
        "return": f"{sender.street} · {sender.town}",
        "phone": sender.phone or sender.email,
        "date": _long(timezone.localtime(at).date()),
        "text": consents.TEXT,
        "version": consents.TEXT_VERSION,
        "forms": [
            {
                "to": list(to.lines),
                "reference": consents.reference(row),
                "group": row.group.name,
                "fields": [
                    {
                        "label": OPENABLE.get(field, field),
                        "value": consents.value_of(row.group, field),
                        "channels": [consents.CHANNEL_WORDS[each] for each in channels if each in consents.CHANNEL_WORDS],
                    }
                    for field, channels in row.asked.items()
                ],
            }
            for row, to in forms
        ],
    })  # fmt: skip


def _lines(sender: Sender) -> list[str]:
    reached = [
        f"Telefon {sender.phone}" if sender.phone else "",
        f"E-Mail {sender.email}" if sender.email else "",
    ]
    return [line for line in (sender.street, sender.town, *reached) if line]


def _long(on: date) -> str:
    return f"{on.day}. {MONTHS[on.month - 1]} {on.year}"


def _compiled(template: str, content: dict[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False)
    try:
        return _set(template, text, pdf_standards=PDF_STANDARD)
    except typst.TypstError:  # a sign the fonts do not have: rather an untagged paper than none
        return _set(template, text)


def _set(template: str, text: str, **more: Any) -> bytes:
    compiled = typst.compile(
        str(TEMPLATES / template), root=str(TEMPLATES), font_paths=[str(FONTS)], ignore_system_fonts=FONTS.is_dir(),
        sys_inputs={"content": text}, format="pdf", **more,
    )  # fmt: skip
    return bytes(compiled)
