"""The first office of a real installation, and which office is the installation's face.

A new installation without example data still needs one office, so that every page can say whom to ask. What is not
given on the command line comes from the environment (`KONTAKTSTELLE_OFFICE_…`); what is known nowhere stays empty and
is entered at the desk later. Nothing here changes an office that exists.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from kontaktstelle import places
from kontaktstelle.places import Place
from kontaktstelle.refusal import StepRefused
from kontaktstelle.settings import env

from .models import Area, ContactPoint, Site, Traeger

UNNAMED = "Selbsthilfekontaktstelle"
UNNAMED_TRAEGER = "Träger noch nicht eingetragen"
# The first two digits of every Kreis key name the Land (official municipality key).
LAND_BY_KEY = {
    "01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP", "08": "BW",
    "09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN", "15": "ST", "16": "TH",
}  # fmt: skip
FROM_ENVIRONMENT = (
    "name",
    "phone",
    "email",
    "website",
    "traeger",
    "street",
    "postcode",
    "town",
    "kreis",
    "accent",
    "about",
)
SLUG_LENGTH = 50
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


class PlaceUnknown(StepRefused):
    """The office's place is not in the gazetteer, or several places have its name."""

    sentence = "Den Ort der Kontaktstelle kennen wir nicht. Bitte geben Sie die Postleitzahl an."


class EmailWrong(StepRefused):
    """The office's e-mail address is none."""

    sentence = (
        "Die E-Mail-Adresse der Kontaktstelle ist nicht vollständig, zum Beispiel selbsthilfe@example.org."
    )


class WebsiteWrong(StepRefused):
    """The office's website is no address."""

    sentence = "Die Internetseite der Kontaktstelle beginnt mit https://, zum Beispiel https://example.org."


def default_office() -> ContactPoint | None:
    """Return the office whose name and telephone stand on pages of no particular office.

    The first real one; the first example where there are only examples; None before the first setup.
    """
    return (
        ContactPoint.objects.order_by("is_example", "pk").prefetch_related("sites__hours", "closings").first()
    )


@transaction.atomic
def first_office(name: str = "", **given: str) -> ContactPoint:
    """Create the first office of an installation; may be repeated and then changes nothing.

    Args:
        name: as it shall appear everywhere; "" or `UNNAMED` if nobody said.
        **given: any of `FROM_ENVIRONMENT`; what is missing is taken from `KONTAKTSTELLE_OFFICE_<NAME>`. `kreis` is a
            name; without it the Kreis is that of the postcode or town.

    Returns:
        The new office; the installation's face where there is a real office already, or where there are examples and
        no name was given for a real one.

    Raises:
        PlaceUnknown: the town, postcode or Kreis is not known.
        EmailWrong: the e-mail address is not one.
        WebsiteWrong: the website is not an https address.
    """
    values = _values(name, given)
    face = default_office()
    if face is not None and (not face.is_example or values["name"] == UNNAMED):
        return face
    place = _place(values)
    _check_addresses(values)
    kreis_key = place.kreis_key if place else ""
    traeger, _ = Traeger.objects.get_or_create(
        name=values["traeger"] or UNNAMED_TRAEGER, defaults={"kind": Traeger.Kind.PUBLIC}
    )
    office = ContactPoint.objects.create(
        slug=_free_slug(values["name"]),
        name=values["name"],
        short_name=values["name"][:60],
        traeger=traeger,
        land=LAND_BY_KEY.get(kreis_key[:2], ""),
        **{field: values[field] for field in ("phone", "email", "website", "accent", "about")},
    )
    if place:
        Area.objects.create(contact_point=office, kreis_key=kreis_key)
        _site(office, values, place)
    return office


def _values(name: str, given: dict[str, str]) -> dict[str, str]:
    if unknown := set(given) - set(FROM_ENVIRONMENT):
        raise TypeError(f"first_office() knows no {', '.join(sorted(unknown))}")
    told = {"name": "" if name == UNNAMED else name, **given}
    values = {
        field: (told.get(field) or env.str(f"KONTAKTSTELLE_OFFICE_{field.upper()}", default="")).strip()
        for field in FROM_ENVIRONMENT
    }
    values["name"] = values["name"] or UNNAMED
    return values


def _place(values: dict[str, str]) -> Place | None:
    asked = f"{values['postcode']} {values['town']}".strip()
    if not asked and not values["kreis"]:
        return None
    # A town's namesakes are told apart by the Kreis, a postcode's places by the town.
    found = places.find(asked or values["kreis"], district=values["kreis"])
    if not asked and found.place is None:
        found = places.find(f"Kreis {values['kreis']}")
    if found.kind != "found" or found.place is None:
        raise PlaceUnknown(found.note or None)
    return found.place


def _check_addresses(values: dict[str, str]) -> None:
    if values["email"]:
        try:
            validate_email(values["email"])
        except ValidationError as error:
            raise EmailWrong from error
    if values["website"] and not values["website"].startswith("https://"):
        raise WebsiteWrong


def _free_slug(name: str) -> str:
    base = slugify(name.translate(_UMLAUTS))[:SLUG_LENGTH].strip("-") or "kontaktstelle"
    taken = set(ContactPoint.objects.values_list("slug", flat=True))
    return next(
        slug
        for slug in (base, *(f"{base[: SLUG_LENGTH - 4]}-{number}" for number in range(2, 1000)))
        if slug not in taken
    )


def _site(office: ContactPoint, values: dict[str, Any], place: Place) -> None:
    if not values["postcode"] and not values["town"]:
        return
    # No Sprechzeiten: only the office itself can say when somebody is there.
    Site.objects.create(
        contact_point=office,
        code="haupt",
        name=place.name,
        street=values["street"],
        postcode=values["postcode"] or place.postcode,
        town=values["town"] or place.name,
        lat=place.lat,
        lon=place.lon,
        kreis_key=place.kreis_key,
    )
