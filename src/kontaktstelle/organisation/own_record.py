"""What an office says of itself: names, ways to reach it, colour, sites, Sprechzeiten, the area it serves.

Every step keeps what stood before (`earlier`), writes the trail and stands on the next page anybody asks for.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import ProtectedError

from kontaktstelle import places
from kontaktstelle.places.finding import kreis_name
from kontaktstelle.places.gazetteer import fold, gazetteer
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import accent, fresh

from . import earlier, hours_words, rights
from .models import Area, ContactPoint, Hours, Site, Staff
from .rights import Right
from .setup import LAND_BY_KEY, EmailWrong, WebsiteWrong
from .tenancy import current

Record = TypeVar("Record", ContactPoint, Site)
OFFICE, SITE, HOURS, AREA = "office", "site", "hours", "area"
FACTS = ("name", "short_name", "phone", "email", "website", "about", "founding_label", "reads_within_working_days", "accent",
         "asks_how_it_went")  # fmt: skip
SITE_FACTS = ("name", "street", "postcode", "town", "phone", "access_note")
_LABELS = {
    "name": "Name", "short_name": "Kurzname", "phone": "Telefon", "email": "E-Mail", "town": "Ort", "street": "Straße und Hausnummer",
    "postcode": "Postleitzahl", "website": "Internetseite", "about": "Über uns", "founding_label": "Bezeichnung der Starthilfe",
    "access_note": "Zugang",
}  # fmt: skip
REQUIRED = {OFFICE: ("name", "short_name", "phone", "email"), SITE: ("name", "street", "postcode", "town")}
LONGEST_ABOUT = 4000
MOST_AREAS = 400
LONGEST_ANSWER = 20


class FactMissing(StepRefused):
    """Something without which nobody could reach the office is empty, or too long for its place."""

    sentence = "Es fehlt eine Angabe."


class SiteInUse(StepRefused):
    """Contacts or groups hang on the site."""

    sentence = "An diesem Standort hängen Kontakte oder Gruppen. Er bleibt; Sie können ihn umbenennen oder schließen."


class LastSite(StepRefused):
    """Without a site nobody finds the office."""

    sentence = "Das ist der einzige Standort. Ohne ihn findet niemand zu Ihnen; ändern Sie seine Angaben."


class AreaUnclear(StepRefused):
    """A Kreis or postcode nobody knows."""

    sentence = "Dieses Gebiet kennen wir nicht."


@transaction.atomic
def change_office(
    office: ContactPoint, values: Mapping[str, Any], *, seen: str = "", by: Staff, at: datetime
) -> ContactPoint:
    """Change what an office says of itself.

    Args:
        office: the one being acted for.
        values: any of `FACTS`.
        seen: the mark of what the page showed (`earlier.fingerprint` of `facts`).
        by: who.
        at: when.

    Raises:
        rights.NotAllowed, FactMissing, setup.EmailWrong, setup.WebsiteWrong, ui.accent.ColourRefused: as they say.
        earlier.ChangedMeanwhile: somebody else changed it since.
        TypeError: a field with a step of its own.
    """
    if wrong := set(values) - set(FACTS):
        raise TypeError(f"change_office() does not know {', '.join(sorted(wrong))}")
    stored = _office(office, by)
    earlier.check_unchanged(seen, {name: facts(stored)[name] for name in values})
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    _check_texts(OFFICE, ContactPoint, values)
    _check_ways(values)
    return _kept(OFFICE, stored, lambda: _put_facts(stored, values), by=by, at=at)


@transaction.atomic
def add_site(office: ContactPoint, values: Mapping[str, str], *, by: Staff, at: datetime) -> Site:
    """Add a site; it has no Sprechzeiten yet.

    Raises:
        rights.NotAllowed, FactMissing, AreaUnclear: as they say.
    """
    stored = _office(office, by)
    typed = {name: str(values.get(name, "")).strip() for name in SITE_FACTS}
    same = stored.sites.filter(name=typed["name"], street=typed["street"], postcode=typed["postcode"]).first()
    if same is not None:
        return same  # sent twice
    _check_texts(SITE, Site, typed)
    site = Site(contact_point=stored, code=_free_code(stored), **typed)
    _find_place(site)
    site.save()
    _told("organisation.site-added", site, by=by, at=at)
    return site


@transaction.atomic
def change_site(site: Site, values: Mapping[str, str], *, seen: str = "", by: Staff, at: datetime) -> Site:
    """Change a site's address, telephone or way in.

    Raises:
        rights.NotAllowed, FactMissing, AreaUnclear: as they say.
        earlier.ChangedMeanwhile: somebody else changed it since.
    """
    stored = _site(site, by)
    earlier.check_unchanged(seen, site_facts(stored))
    typed = {name: str(values[name]).strip() for name in SITE_FACTS if name in values}
    _check_texts(SITE, Site, typed)
    return _kept(SITE, stored, lambda: _put_site(stored, typed), by=by, at=at)


@transaction.atomic
def remove_site(site: Site, *, by: Staff, at: datetime) -> None:
    """Remove a site that was never used.

    Raises:
        SiteInUse, LastSite: as they say.
    """
    stored = _site(site, by)
    if stored.contact_point.sites.count() == 1:
        raise LastSite
    _told("organisation.site-removed", stored, by=by, at=at)
    try:
        with transaction.atomic():
            stored.delete()
    except ProtectedError as error:
        raise SiteInUse from error


@transaction.atomic
def set_hours(site: Site, words: str, *, seen: str = "", by: Staff, at: datetime) -> Site:
    """Give a site its Sprechzeiten.

    Args:
        site: of the office being acted for.
        words: as `hours_words.read` reads them; "" for none.
        seen: the mark of what the page showed.
        by: who.
        at: when.

    Raises:
        hours_words.HoursUnclear: a line is not understood.
        earlier.ChangedMeanwhile: somebody else changed them since.
    """
    stored = _site(site, by)
    earlier.check_unchanged(seen, hours_of(stored))
    spans = hours_words.read(words)
    rows = [[span.weekday, _clock(span.opens), _clock(span.closes), span.kind] for span in spans]
    return _kept(HOURS, stored, lambda: _put_hours(stored, {"hours": rows}), by=by, at=at)


@transaction.atomic
def serve(office: ContactPoint, words: str, *, seen: str = "", by: Staff, at: datetime) -> ContactPoint:
    """Say which Kreise and postcodes an office serves.

    Args:
        office: the one being acted for.
        words: names of Kreise and postcodes, between commas or on lines of their own.
        seen: the mark of what the page showed.
        by: who.
        at: when.

    Raises:
        AreaUnclear: one of them is not known, or none is said.
        earlier.ChangedMeanwhile: somebody else changed it since.
    """
    stored = _office(office, by)
    earlier.check_unchanged(seen, areas_of(stored))
    rows = _read_areas(words)
    return _kept(AREA, stored, lambda: _put_areas(stored, {"areas": rows}), by=by, at=at)


@transaction.atomic
def take_back(kind: str, record: ContactPoint | Site, *, by: Staff, at: datetime) -> None:
    """Take the last change of a record back: it says again what it said before.

    Raises:
        earlier.NothingToTakeBack, earlier.ChangedMeanwhile: as they say.
    """
    stored: Any = _site(record, by) if isinstance(record, Site) else _office(record, by)
    state, put = _RECORDS[kind]
    put(stored, earlier.take(kind, stored.pk, state(stored), at=at))
    _told(f"organisation.{kind}-taken-back", stored, by=by, at=at)


def facts(office: ContactPoint) -> dict[str, Any]:
    """Return what an office says of itself, by field."""
    return {name: getattr(office, name) for name in FACTS}


def site_facts(site: Site) -> dict[str, Any]:
    """Return what is said of a site, by field."""
    return {name: getattr(site, name) for name in SITE_FACTS}


def hours_of(site: Site) -> dict[str, Any]:
    """Return a site's Sprechzeiten as rows of day, from, to, kind."""
    rows = [[span.weekday, _clock(span.opens), _clock(span.closes), span.kind] for span in site.hours.all()]
    return {"hours": sorted(rows, key=lambda row: (row[0] is None, row[0] or 0, row[1], row[3]))}


def hours_said(site: Site) -> str:
    """Return a site's Sprechzeiten as people write them."""
    spans = [
        hours_words.WeeklySpan(span.weekday, span.opens, span.closes, span.kind) for span in site.hours.all()
    ]
    return hours_words.in_words(spans)


def areas_of(office: ContactPoint) -> dict[str, Any]:
    """Return what an office serves as rows of Kreis key and postcode."""
    return {"areas": sorted([area.kreis_key, area.postcode] for area in office.areas.all())}


def areas_said(office: ContactPoint) -> str:
    """Return what an office serves as people write it, a line each."""
    return "\n".join(
        kreis_name(key) or key if key else postcode for key, postcode in areas_of(office)["areas"]
    )


def shared_areas(office: ContactPoint) -> list[str]:
    """Return the Kreise and postcodes another office of this installation says it serves too."""
    others = Area.objects.exclude(contact_point=office)
    taken = {(area.kreis_key, area.postcode) for area in others}
    return [
        kreis_name(key) or key or postcode
        for key, postcode in areas_of(office)["areas"]
        if (key, postcode) in taken
    ]


def kreis_key_of(said: str) -> str:
    """Return the key of a Kreis by key or name; what only lies in one is asked back, for a Kreis guessed sends people elsewhere.

    Raises:
        AreaUnclear: no Kreis is called so.
    """
    kreise = gazetteer().kreise
    if said in kreise:
        return said
    wanted = fold(said)
    found = [key for key in kreise if wanted in {fold(kreise[key].name), fold(kreis_name(key))}]
    if len(found) == 1:
        return found[0]
    near = places.find(said)
    meant = [each.kreis for each in (*([near.place] if near.place else []), *near.choices[:4])]
    question = (
        f" Meinen Sie {' oder '.join(f'„{name}“' for name in dict.fromkeys(meant))}?"
        if meant
        else " Schreiben Sie zum Beispiel „Kreis Unna“ oder Postleitzahlen."
    )
    raise AreaUnclear(f"Einen Kreis „{said[:60]}“ kennen wir nicht.{question}")


def _put_facts(office: ContactPoint, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(office, name, value)
    office.save(update_fields=list(values))


def _put_site(site: Site, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(site, name, value)
    if {"postcode", "town"} & set(values):
        _find_place(site)
    site.save()


def _put_hours(site: Site, values: Mapping[str, Any]) -> None:
    site.hours.all().delete()
    Hours.objects.bulk_create(
        Hours(site=site, weekday=day, opens=_time(opens), closes=_time(closes), kind=kind)
        for day, opens, closes, kind in values["hours"]
    )


def _put_areas(office: ContactPoint, values: Mapping[str, Any]) -> None:
    office.areas.all().delete()
    Area.objects.bulk_create(
        Area(contact_point=office, kreis_key=key, postcode=postcode) for key, postcode in values["areas"]
    )
    land = next((LAND_BY_KEY[key[:2]] for key, _ in values["areas"] if key[:2] in LAND_BY_KEY), "")
    if land and not office.land:
        office.land = land
        office.save(update_fields=["land"])


_RECORDS: dict[str, tuple[Callable[[Any], dict[str, Any]], Callable[[Any, Mapping[str, Any]], None]]] = {
    OFFICE: (facts, _put_facts),
    SITE: (site_facts, _put_site),
    HOURS: (hours_of, _put_hours),
    AREA: (areas_of, _put_areas),
}


def _kept(kind: str, record: Record, put: Callable[[], None], *, by: Staff, at: datetime) -> Record:
    state = _RECORDS[kind][0]
    was = state(record)
    put()
    kept = earlier.keep(kind, record.pk, was, state(record), by=by, at=at)
    if kept is not None:
        _told(f"organisation.{kind}-changed", record, by=by, at=at, fields=list(kept.became))
    return record


def _office(office: ContactPoint, by: Staff) -> ContactPoint:
    rights.check(by, Right.EDIT_OFFICE, current())
    if office.pk != current():
        raise rights.NotAllowed
    return ContactPoint.objects.select_for_update().get(pk=office.pk)


def _site(site: Site, by: Staff) -> Site:
    rights.check(by, Right.EDIT_OFFICE, current())
    return Site.objects.select_for_update().get(pk=site.pk, contact_point=current())


def _check_texts(
    kind: str, model: type[ContactPoint] | type[Site], values: Mapping[str, Any]
) -> None:  # fmt: skip
    for name, value in values.items():
        if not isinstance(value, str):
            continue
        label = _LABELS.get(name, name)
        if name in REQUIRED[kind] and not value:
            raise FactMissing(f"„{label}“ darf nicht leer sein.")
        longest = LONGEST_ABOUT if name == "about" else _room_for(model, name)
        if longest and len(value) > longest:
            raise FactMissing(f"„{label}“ hat {len(value)} Zeichen; höchstens {longest} haben Platz.")
        if name != "about" and any(not letter.isprintable() for letter in value):
            raise FactMissing(f"„{label}“ steht auf einer Zeile, ohne unsichtbare Zeichen.")


def _room_for(model: type[ContactPoint] | type[Site], name: str) -> int | None:
    longest: int | None = getattr(model._meta.get_field(name), "max_length", None)  # noqa: SLF001 - Django's public meta interface
    return longest


def _check_ways(values: Mapping[str, Any]) -> None:
    if values.get("email"):
        try:
            validate_email(values["email"])
        except ValidationError as error:
            raise EmailWrong from error
    if (website := values.get("website")) and (not website.startswith("https://") or " " in website):
        raise WebsiteWrong
    if values.get("accent"):
        accent.check(values["accent"])
    within = values.get("reads_within_working_days")
    if within is not None and not 1 <= within <= LONGEST_ANSWER:
        raise FactMissing(
            f"Bitte sagen Sie, innerhalb von wie vielen Arbeitstagen Sie antworten: 1 bis {LONGEST_ANSWER}."
        )


def _find_place(site: Site) -> None:
    found = places.find(f"{site.postcode} {site.town}").place
    if not (site.postcode.isascii() and site.postcode.isdigit() and len(site.postcode) == 5) or found is None:  # noqa: PLR2004 - a German postcode
        raise AreaUnclear(f"Die Postleitzahl „{site.postcode[:10]}“ mit diesem Ort kennen wir nicht.")
    site.lat, site.lon, site.kreis_key = found.lat, found.lon, found.kreis_key


def _read_areas(words: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for said in (part.strip() for line in words.splitlines() for part in line.split(",")):
        if not said:
            continue
        if said.isascii() and said.isdigit() and len(said) == 5:  # noqa: PLR2004 - a German postcode, or the key of a Kreis
            rows.append(_postcode_or_key(said))
        else:
            rows.append([kreis_key_of(said), ""])
    if not rows:
        raise AreaUnclear("Bitte nennen Sie mindestens einen Kreis oder eine Postleitzahl.")
    if len(rows) > MOST_AREAS:
        raise AreaUnclear(f"Das sind mehr als {MOST_AREAS} Angaben. Nennen Sie lieber die Kreise.")
    return sorted(map(list, {(key, postcode) for key, postcode in rows}))


def _postcode_or_key(said: str) -> list[str]:
    """Return a postcode, or the Kreis of a key that is no postcode; one missing from the data counts where a near one is known."""
    found = places.find(said)
    if found.kind != "found" and (kreis_name(said) or found.place is None):
        return [kreis_key_of(said), ""]
    return ["", said]


def _free_code(office: ContactPoint) -> str:
    taken = set(office.sites.values_list("code", flat=True))
    return next(
        code
        for code in ("haupt", *(f"ort-{number}" for number in range(2, len(taken) + 3)))
        if code not in taken
    )


def _clock(moment: time | None) -> str:
    return moment.strftime("%H:%M") if moment else ""


def _time(said: str) -> time | None:
    return time.fromisoformat(said) if said else None


def _told(
    action: str, record: ContactPoint | Site, *, by: Staff, at: datetime, fields: list[str] | None = None
) -> None:
    trail.record(
        str(by.pk),
        action,
        object_type=record._meta.label_lower,  # noqa: SLF001 - Django's public meta interface
        object_id=record.pk,
        at=at,
        contact_point=current(),
        fields=fields or [],
    )
    fresh.changed()
