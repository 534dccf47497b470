"""Write the example offices into the database, or put them back to where they were.

A row is known by its number (`identity`), so loading again changes rows instead of doubling them and leaves alone
whatever else people have entered, even at an example office. What people changed in the examples themselves goes back.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import models, transaction

from kontaktstelle.activities.models import ActivityRecord
from kontaktstelle.directory import projection
from kontaktstelle.groups.models import ConditionDefault, ContactPerson, Group, Venue
from kontaktstelle.organisation.models import Area, Closing, ContactPoint, Hours, Site, Traeger
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import trail
from kontaktstelle.relay.models import Party
from kontaktstelle.support.models import SupportEntry

from . import foundings, log, wording, work
from .chance import chance
from .groups import BY, FIELD_CONDITIONS, KEY, Setting, forms, written
from .identity import is_ours
from .offices import LINDE, OFFICES, ExampleOffice, ExampleSite
from .people import Phonebook, persons
from .plan import plan
from .venues import places_of, venues_of

Progress = Callable[[int, int], None]
BATCH = 200
# Twelve years: about twenty groups a year become known where 250 are.
KNOWN_DAYS = 4_400
# Never written again by a second run: when a row came to be.
KEPT = {"id", "created_at"}


def quiet(_done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of the examples there are after loading; `entries` are those in the public directory."""

    offices: int = 0
    sites: int = 0
    venues: int = 0
    groups: int = 0
    listed: int = 0
    contact_persons: int = 0
    entries: int = 0
    contacts: int = 0
    referrals: int = 0
    enquiries: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Add up offices."""
        return Counts(
            **{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        )


@transaction.atomic
def load(*, on: date, at: datetime, progress: Progress | None = None) -> dict[str, int]:
    """Write the example offices and their groups; may be repeated, and moves all dates with `on`.

    Args:
        on: the day dates are relative to, normally today.
        at: the moment for the trail, aware.
        progress: is told how many groups of how many are written.

    Returns:
        How many there are now, by name as in `Counts`. Everything is written, or nothing.
    """
    tell = progress or quiet
    total = sum(office.groups for office in OFFICES)
    phones = Phonebook()
    counts = Counts()
    tell(0, total)
    for office in OFFICES:
        counts += _load_office(office, phones, on=on, at=at)
        tell(counts.groups, total)
    projection.rebuild(on=on)
    return asdict(replace(counts, entries=counts.listed))


def _load_office(office: ExampleOffice, phones: Phonebook, *, on: date, at: datetime) -> Counts:
    contact_point = _contact_point(office)
    sites = {site.code: _site(site, office, contact_point) for site in office.sites}
    _closings(office, contact_point, sites, on)
    _areas(office, contact_point)
    with acting_for(contact_point):
        for field, conditions in FIELD_CONDITIONS.items():
            ConditionDefault.objects.update_or_create(
                contact_point=contact_point, field=field, defaults={"conditions": conditions}
            )
        venues = _saved_venues(venues_of(office, contact_point, on))
        counts = _groups(office, contact_point, sites, venues, phones, on=on)
        if office is LINDE:
            foundings.write(contact_point, office.kreis_key, on=on)
    trail.record(
        BY,
        "examples.loaded",
        object_type="organisation.contactpoint",
        object_id=contact_point.pk,
        at=at,
        contact_point=contact_point.pk,
    )
    return counts + Counts(offices=1, sites=len(sites), venues=sum(len(houses) for houses in venues.values()))


def _contact_point(office: ExampleOffice) -> ContactPoint:
    traeger, _ = Traeger.objects.update_or_create(name=office.traeger, defaults={"kind": office.traeger_kind})
    contact_point, _ = ContactPoint.objects.update_or_create(
        slug=office.slug,
        defaults={
            "name": office.name, "short_name": office.short_name, "traeger": traeger, "land": office.land, "phone": office.phone, "email": office.email,
            "website": f"https://example.org/{office.slug}", "about": office.about, "accent": office.accent, "is_example": True,
            "founding_label": "Starthilfe", "reads_within_working_days": office.reads_within,
            "asks_how_it_went": True,
        },
    )  # fmt: skip
    return contact_point


def _site(example: ExampleSite, office: ExampleOffice, contact_point: ContactPoint) -> Site:
    town = next(town for town in office.towns if town.name == example.town)
    place = next(place for place in places_of(town) if place.postcode == example.postcode)
    site, _ = Site.objects.update_or_create(
        contact_point=contact_point,
        code=example.code,
        defaults={
            "name": example.name, "street": "Beispielstraße 1", "postcode": example.postcode, "town": example.town, "phone": example.phone,
            "lat": place.lat, "lon": place.lon, "kreis_key": place.kreis_key, "access_note": example.access_note,
        },
    )  # fmt: skip
    site.hours.all().delete()
    spans = [
        Hours(
            site=site,
            weekday=span.weekday,
            opens=time.fromisoformat(span.opens),
            closes=time.fromisoformat(span.closes),
            kind=span.kind,
        )
        for span in example.hours
    ]
    Hours.objects.bulk_create([*spans, Hours(site=site, kind=Hours.Kind.APPOINTMENT)])
    return site


def _closings(office: ExampleOffice, contact_point: ContactPoint, sites: dict[str, Site], on: date) -> None:
    contact_point.closings.all().delete()
    Closing.objects.bulk_create(
        Closing(
            contact_point=contact_point,
            site=sites.get(closing.site),
            first_day=on + timedelta(days=closing.starts_in),
            last_day=on + timedelta(days=closing.starts_in + closing.days - 1),
            public_note=closing.note,
        )
        for closing in office.closings
    )


def _areas(office: ExampleOffice, contact_point: ContactPoint) -> None:
    ours: list[dict[str, Any]] = [
        {"kreis_key": office.kreis_key},
        *({"postcode": postcode} for postcode in office.postcodes),
    ]
    kept = [Area.objects.get_or_create(contact_point=contact_point, **area)[0].pk for area in ours]
    contact_point.areas.exclude(pk__in=kept).delete()


def _saved_venues(venues: dict[str, list[Venue]]) -> dict[str, list[Venue]]:
    """Save venues; those there already, known by name, keep their number."""
    known = dict(Venue.objects.values_list("name", "pk"))
    houses = [house for of_town in venues.values() for house in of_town]
    for house in houses:
        house.pk = known.get(house.name)
    Venue.objects.bulk_create([house for house in houses if house.pk is None])
    Venue.objects.bulk_update(
        [house for house in houses if house.name in known], _columns(Venue), batch_size=BATCH
    )
    return venues


def _groups(
    office: ExampleOffice,
    contact_point: ContactPoint,
    sites: dict[str, Site],
    venues: dict[str, list[Venue]],
    phones: Phonebook,
    *,
    on: date,
) -> Counts:
    planned = plan(office)
    ours = {
        str(number): slug
        for number, slug in Group.objects.filter(key__startswith=KEY, is_example=True).values_list(
            "pk", "slug"
        )
    }
    # Slugs are unique in the whole installation, and all of the examples' end alike.
    others = set(Group.objects.everywhere().filter(slug__contains="beispiel").values_list("slug", flat=True))
    online = {group.number for group in planned if forms(office, group) == ("online",)}
    setting = Setting(
        office, contact_point, sites, venues, wording.names(office.slug, planned, online), ours, others, on
    )
    groups = [written(group, setting) for group in planned]
    people = [
        pair
        for group, plan_ in zip(groups, planned, strict=True)
        for pair in persons(group, plan_, phones, on=on)
    ]
    _remove_former(groups, [person for person, _ in people])
    _save(Group, groups)
    _known_since(office, groups, on=on)
    _save(Party, [party for _, party in people])
    _save(ContactPerson, [person for person, _ in people])
    written_log = log.log_of(office, contact_point, list(sites.values()), groups, on=on)
    log.remove_former(written_log)
    for model, rows in written_log.in_order():
        _save(model, rows)
    activities = work.activities_of(office, contact_point, list(sites.values()), on=on)
    entries = work.support_of(office, contact_point, groups, on=on)
    work.remove_former(activities, entries)
    _save(ActivityRecord, activities)
    _save(SupportEntry, entries)
    return Counts(
        groups=len(groups),
        listed=sum(group.listed for group in groups),
        contact_persons=len(people),
        contacts=len(written_log.contacts),
        referrals=len(written_log.referrals),
        enquiries=len(written_log.enquiries),
    )


def _known_since(office: ExampleOffice, groups: list[Group], *, on: date) -> None:
    """Let the groups have become known over the years: an office that knows all of them since today has no year to tell of."""
    days_ago = chance("known-since", office.slug)
    for group in groups:
        group.created_at = datetime.combine(
            on - timedelta(days=days_ago.randrange(30, KNOWN_DAYS)), time(12), UTC
        )
    Group.objects.bulk_update(groups, ["created_at"], batch_size=BATCH)


def _remove_former(groups: list[Group], people: list[ContactPerson]) -> None:
    """Remove example groups and persons an earlier version had and this one has not; what people added stays."""
    now = {row.pk for row in (*groups, *people)}
    persons_there = ContactPerson.objects.filter(
        group__key__startswith=KEY, group__is_example=True
    ).values_list("pk", "party")
    former = {number: party for number, party in persons_there if is_ours(number) and number not in now}
    Party.objects.filter(pk__in=list(former.values())).delete()
    ContactPerson.objects.filter(pk__in=list(former)).delete()
    groups_there = Group.objects.filter(key__startswith=KEY, is_example=True).values_list("pk", flat=True)
    former_groups = [number for number in groups_there if is_ours(number) and number not in now]
    Group.objects.filter(pk__in=work.free_of_support(log.free_of_referrals(former_groups))).delete()


def _save(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Write rows that know their numbers, over those there already."""
    model._default_manager.bulk_create(  # noqa: SLF001 - the tenant's own manager
        list(rows),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_columns(model),
    )


def _columns(model: type[models.Model]) -> list[str]:
    """Return what an example row says itself: the moment of its last change is the database's to say."""
    return [
        field.name
        for field in model._meta.concrete_fields  # noqa: SLF001 - Django's public meta interface
        if field.name not in KEPT and not getattr(field, "auto_now", False)
    ]
