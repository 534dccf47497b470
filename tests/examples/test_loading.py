"""Loading the examples again changes nothing but dates, and leaves alone what people entered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.forms.models import model_to_dict

from kontaktstelle import examples
from kontaktstelle.directory.models import Entry
from kontaktstelle.groups.models import ConditionDefault, ContactPerson, Group, Venue
from kontaktstelle.organisation.models import Area, Closing, ContactPoint, Hours, Site, Traeger
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import trail
from kontaktstelle.relay.models import Party

pytestmark = [pytest.mark.xdist_group("examples"), pytest.mark.django_db]
ON = date(2026, 3, 10)
AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
WAYS = ("name", "phone", "email", "address", "note")


@pytest.fixture
def loaded_here(db):
    """Return the counts of the examples, loaded for one test that changes them."""
    return examples.load(on=ON, at=AT)


def everything():
    """Return all rows of the examples as plain values; sealed ones opened, numbers that count up left out."""
    tenant = [Group, ContactPerson, ConditionDefault, Venue]
    plain = [Traeger, ContactPoint, Site, Area]
    rows = {
        model.__name__: [_opened(row) for row in model.objects.everywhere().order_by("pk")]
        for model in tenant
    }
    rows |= {model.__name__: [model_to_dict(row) for row in model.objects.order_by("pk")] for model in plain}
    rows["Party"] = [
        (party.pk, party.registered_on, [getattr(party, way) for way in WAYS])
        for party in Party.objects.everywhere().order_by("pk")
    ]
    rows["Hours"] = sorted(
        (span.site.code, str(span.weekday), str(span.opens), span.kind)
        for span in Hours.objects.select_related("site")
    )
    rows["Closing"] = sorted(
        (closing.first_day, closing.last_day, closing.public_note) for closing in Closing.objects.all()
    )
    rows["Entry"] = sorted(Entry.objects.values_list("slug", "shape"))
    return rows


def _opened(row):
    values = {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in {"created_at", "changed_at", "note_sealed"}
    }
    return values | ({"note": row.note} if isinstance(row, Group) else {})


def test_three_runs_give_the_same():
    counts = [examples.load(on=ON, at=AT)]
    first = everything()
    for _ in range(2):
        counts.append(examples.load(on=ON, at=AT))
        assert everything() == first

    assert counts[0] == counts[1] == counts[2]


def test_dates_move_with_the_day_and_nothing_else_does(loaded_here):
    before = {group.pk: group for group in Group.objects.everywhere()}
    later = ON + timedelta(days=100)
    examples.load(on=later, at=AT + timedelta(days=100))

    for group in Group.objects.everywhere():
        was = before[group.pk]
        assert group.confirmed_on - was.confirmed_on == timedelta(days=100)
        assert (group.name, group.slug, group.description, group.topics, group.stage, group.venue_id) == (
            was.name,
            was.slug,
            was.description,
            was.topics,
            was.stage,
            was.venue_id,
        )
        assert group.stage == "founding" or group.meeting_text == was.meeting_text
    assert Closing.objects.order_by("first_day").first().first_day > later


def test_what_people_entered_at_an_example_office_stays(loaded_here):
    office = ContactPoint.objects.get(slug="beispiel-linde")
    with acting_for(office):
        own = Group.objects.create(contact_point=office, name="Eigene Gruppe", slug="eigene-gruppe")
        changed = Group.objects.filter(listed=True).order_by("key").first()
        slug = changed.slug
        helper = ContactPerson.objects.create(contact_point=office, group=changed, party=own.pk, position=3)
        Group.objects.filter(pk=changed.pk).update(name="Umbenannt", slug="umbenannt")
    examples.load(on=ON, at=AT)

    with acting_for(office):
        assert Group.objects.filter(pk=own.pk).exists()
        assert ContactPerson.objects.filter(pk=helper.pk).exists()
        again = Group.objects.get(pk=changed.pk)
    assert "Beispiel" in again.name
    assert again.slug == "umbenannt" != slug


def test_a_group_of_an_earlier_version_goes_with_its_persons(loaded_here):
    from kontaktstelle.examples.identity import row_id

    office = ContactPoint.objects.get(slug="beispiel-linde")
    with acting_for(office):
        former = Group.objects.create(
            id=row_id("group", "former"),
            contact_point=office,
            key="beispiel-9999",
            name="Früher, Beispiel",
            slug="frueher-beispiel",
            is_example=True,
        )
        party = Party(contact_point=office, registered_on=ON)
        party.name = "Niemand"
        party.save(force_insert=True)
        ContactPerson.objects.create(
            id=row_id("contact person", "former"), contact_point=office, group=former, party=party.pk
        )
    examples.load(on=ON, at=AT)

    assert not Group.objects.everywhere().filter(pk=former.pk).exists()
    assert not Party.objects.everywhere().filter(pk=party.pk).exists()


def test_another_office_is_left_alone(office):
    with acting_for(office):
        Group.objects.create(
            contact_point=office,
            name="Gruppe Angst, Beispiel",
            slug="gruppe-angst-beispiel",
            key="beispiel-0001",
        )
    examples.load(on=ON, at=AT)

    with acting_for(office):
        assert Group.objects.get().slug == "gruppe-angst-beispiel"


def test_loading_is_told_in_the_trail_and_to_whoever_waits():
    told = []
    examples.load(on=ON, at=AT, progress=lambda done, total: told.append((done, total)))

    assert told == [(0, 710), (250, 710), (290, 710), (710, 710)]
    for office in ContactPoint.objects.filter(is_example=True):
        assert trail.broken_at(office.pk) is None


def test_a_failure_half_way_leaves_nothing_behind(monkeypatch):
    def broken(**_):
        raise RuntimeError

    monkeypatch.setattr("kontaktstelle.examples.loading.projection.rebuild", broken)
    with pytest.raises(RuntimeError):
        examples.load(on=ON, at=AT)

    assert not ContactPoint.objects.exists()
    assert not Group.objects.everywhere().exists()
