"""What the pages of consents show; no name and no number stands on them: those open on the page of contact persons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict

from kontaktstelle.groups.entry import campaign as steps
from kontaktstelle.groups.entry import consents
from kontaktstelle.groups.entry.models import ContactConsent
from kontaktstelle.groups.lifecycle import ConsentStatus
from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.groups.visibility import CHANNELS, OPENABLE
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.refusal import StepRefused

LISTED_AT_MOST = 100


class NothingChosen(StepRefused):
    """Nothing was ticked; a refusal has a button of its own."""

    sentence = "Es ist nichts angekreuzt. Wenn die Person nichts davon zeigen möchte, wählen Sie bitte „Nichts davon“."


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it is asked about, with what was ticked."""

    key: str
    label: str
    value: str
    channels: tuple[tuple[str, str, bool], ...]
    where: str


@dataclass(frozen=True, slots=True)
class OfPerson:
    """A contact person without a name, and what they said last."""

    number: UUID
    position: int
    consent: str
    open: ContactConsent | None


def campaign(*, on: date) -> dict[str, Any]:
    """Return how far it has come, whom to print for and whom to call."""
    letters = steps.letters()
    return {
        "progress": steps.progress(on=on),
        "letters": letters,
        "calls": steps.calls()[:LISTED_AT_MOST],
        "not_asked": steps.not_asked()[:LISTED_AT_MOST],
        "at_once": steps.AT_ONCE,
        "remind_after": steps.REMIND_AFTER.days,
    }


def asked_in_words(counted: Mapping[PostWay, int]) -> str:
    """Return in a sentence what asking did."""
    words = {
        PostWay.MAIL: ("eine Mail", "Mails"), PostWay.LETTER: ("ein Bogen zum Drucken", "Bögen zum Drucken"),
        PostWay.CALL: ("ein Anruf", "Anrufe"),
    }  # fmt: skip
    said = [
        one if counted[way] == 1 else f"{counted[way]} {several}"
        for way, (one, several) in words.items()
        if counted[way]
    ]
    return (
        f"Das ist unterwegs oder zu tun: {', '.join(said)}."
        if said
        else "Zurzeit ist niemand mehr zu fragen."
    )


def of_group(group: Group, *, wrong: str = "") -> dict[str, Any]:
    """Return a group's contact persons by their place, and every answer there was."""
    rows = consents.of_group(group)
    asked = {row.person_id: row for row in rows if row.status == ConsentStatus.ASKED}
    people = ContactPerson.objects.filter(group=group).order_by("position", "pk")
    return {
        "group": group,
        "people": [OfPerson(each.pk, each.position, str(ContactPerson.Consent(each.consent).label), asked.get(each.pk)) for each in people],
        "rows": [(row, str(ConsentStatus(row.status).label), _where(row)) for row in rows],
        "by_which": [("", "wie es am besten geht"), *PostWay.choices],
        "wrong": wrong,
    }  # fmt: skip


def person_of(group: Group, number: UUID) -> ContactPerson:
    """Return a contact person of a group.

    Raises:
        consents.NobodyThere: removed meanwhile.
    """
    found: ContactPerson | None = ContactPerson.objects.filter(group=group, pk=number).first()
    if found is None:
        raise consents.NobodyThere
    return found


def consent(row: ContactConsent, *, entered: QueryDict | None = None) -> dict[str, Any]:
    """Return one question with its text, and what holds of the answer."""
    ticked = entered.getlist("zeigen") if entered is not None else []
    holding = consents.holds(row)
    return {
        "row": row,
        "group": row.group,
        "position": row.person.position if row.person else None,
        "status": str(ConsentStatus(row.status).label),
        "is_open": row.status == ConsentStatus.ASKED,
        "way": str(PostWay(row.way).label),
        "reference": consents.reference(row),
        "spoken": consents.SPOKEN,
        "text": consents.TEXTS.get(row.text_version, ""),
        "fields": [
            Field(
                field, OPENABLE.get(field, field), consents.value_of(row.group, field),
                tuple((f"{field}:{each}", CHANNELS[each], f"{field}:{each}" in ticked) for each in channels if each in CHANNELS),
                ", ".join(CHANNELS[each] for each in channels if each in CHANNELS),
            )
            for field, channels in row.asked.items()
        ],
        "holding": [(field, OPENABLE.get(field, field), ", ".join(CHANNELS[each] for each in channels)) for field, channels in holding.items()],
        "gone": [(OPENABLE.get(field, field), when[:10]) for field, when in row.withdrawn.items()],
        "how": entered.get("how", "") if entered is not None else ("letter" if row.way == PostWay.LETTER else "phone"),
    }  # fmt: skip


def agreed(post: QueryDict, row: ContactConsent) -> dict[str, list[str]]:
    """Return what a form says was agreed to.

    Raises:
        NothingChosen: neither a mark nor one of the buttons for all and nothing.
    """
    if "alles" in post:
        return {field: list(channels) for field, channels in row.asked.items()}
    if "nichts" in post:
        return {}
    found: dict[str, list[str]] = {}
    for each in post.getlist("zeigen"):
        field, _, channel = each.partition(":")
        found.setdefault(field, []).append(channel)
    if not found:
        raise NothingChosen
    return found


def _where(row: ContactConsent) -> str:
    holding = consents.holds(row)
    return ", ".join(OPENABLE.get(field, field) for field in holding)
