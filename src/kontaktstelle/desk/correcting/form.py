"""What the page of a contact shows and sends: the codes as they stand, and of what was sent only what changed."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from kontaktstelle.desk.contact_form import ContactForm
from kontaktstelle.enquiries import codes
from kontaktstelle.enquiries.models import Contact
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.refusal import StepRefused

ONE = ("channel", "direction", "who", "visit")
SEVERAL = ("concerns", "outcomes", "topics", "extras")
WHERE = ("kreis_key", "municipality", "postcode_area")
BEFORE = "contact_before"


class NotSure(StepRefused):
    """What cannot be taken back was not confirmed."""

    sentence = "Das lässt sich nicht zurücknehmen. Bitte setzen Sie das Häkchen, wenn es so sein soll."


class EnquiryUnknown(StepRefused):
    """No enquiry of this number."""

    sentence = "Eine Anfrage mit dieser Nummer gibt es hier nicht. Bitte sehen Sie noch einmal nach."


class NothingToTakeBack(StepRefused):
    """The last change is not this one's, or another came after it."""

    sentence = "Hier gibt es nichts mehr zurückzunehmen. Sie können die Angaben oben noch einmal ändern."


def place_said(row: Contact) -> str:
    """Return where the person lives as it was said: the field shows it, and only another text changes it."""
    return row.municipality or row.postcode_area


def stored(row: Contact) -> ContactForm:
    """Return the form filled with what stands; nobody's note is in it."""
    chosen = {name: [getattr(row, name)] for name in ONE}
    chosen |= {"concern": list(row.concerns), "outcome": list(row.outcomes)}
    chosen |= {name: [value] for name, value in row.extras.items()}
    return ContactForm(chosen=chosen, topics=list(row.topics), place=place_said(row))


def changed(row: Contact, form: ContactForm, office: ContactPoint) -> dict[str, Any]:
    """Return what was sent and differs from what stands, as `log.recode` takes it.

    Raises:
        contact_form.PlaceUnclear: a place nobody knows.
    """
    same_place = form.place == place_said(row)
    sent = form.values(office)
    where = {name: sent.get(name, "") for name in WHERE if not same_place}
    said = {name: sent[name] for name in (*ONE, *SEVERAL)} | where
    return {name: value for name, value in said.items() if value != _as_typed(row, name)}


def codes_of(row: Contact, names: list[str]) -> dict[str, Any]:
    """Return some codes as they stand, so that they can be put back."""
    return {name: _as_typed(row, name) for name in names}


def remember(request: HttpRequest, row: Contact, before: dict[str, Any]) -> None:
    """Keep what stood before the last change, for as long as this session and no other change last: codes, never words."""
    request.session[BEFORE] = {"contact": str(row.pk), "version": row.version, **before}


def remembered(request: HttpRequest, row: Contact) -> dict[str, Any]:
    """Return what stood before the last change of this contact; nothing if somebody changed it since."""
    before = request.session.get(BEFORE, {})
    is_ours = before.get("contact") == str(row.pk) and before.get("version") == row.version
    return dict(before) if is_ours else {}


def day_of(before: dict[str, Any]) -> date | None:
    """Return the day that stood before; None if it was another change."""
    return date.fromisoformat(before["day"]) if before.get("day") else None


def _as_typed(row: Contact, name: str) -> Any:
    value = getattr(row, name)
    return "" if name in ONE and value == codes.UNKNOWN else value
