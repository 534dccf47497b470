"""The trail: every change of it shows, and nobody's name stands in it."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry
from support.people import make_group

AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def _lines(count=3, contact_point=5):
    return [
        trail.record(
            "tester",
            "group.changed",
            object_type="groups.group",
            object_id=number,
            at=AT,
            contact_point=contact_point,
        )
        for number in range(count)
    ]


@pytest.mark.django_db
def test_an_untouched_trail_holds():
    _lines()
    assert trail.broken_at(5) is None


@pytest.mark.django_db
def test_the_database_itself_refuses_to_change_or_delete_a_line():
    line = _lines(1)[0]
    for statement in ("UPDATE privacy_trailentry SET actor = 'x'", "DELETE FROM privacy_trailentry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert TrailEntry.objects.get(pk=line.pk).actor == "tester"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "field", ["actor", "action", "object_mac", "fields", "mac", "previous_mac", "number"]
)
def test_a_line_forged_past_the_triggers_is_found(field):
    _lines()
    forged = TrailEntry.objects.get(contact_point=5, number=2)
    changed = TrailEntry(
        **{each.name: getattr(forged, each.name) for each in TrailEntry._meta.fields if each.name != "id"}
    )
    setattr(changed, field, 99 if field == "number" else "0" * 36)
    others = [
        TrailEntry.objects.get(contact_point=5, number=1),
        changed,
        TrailEntry.objects.get(contact_point=5, number=3),
    ]
    for number, line in enumerate(others):
        line.pk, line.contact_point = None, 6
        if number != 1:
            line.mac = trail._mac(line)
        line.save(force_insert=True)
    assert trail.broken_at(6) is not None


@pytest.mark.django_db
def test_the_trail_of_a_listing_names_nobody_and_no_group(office):
    make_group(office, name="Gruppe Kanarienvogel, Beispiel")
    written = " ".join(
        f"{line.actor} {line.action} {line.object_type} {line.object_mac} {line.fields}"
        for line in TrailEntry.objects.all()
    )
    assert "group.listed" in written
    assert "Kanarienvogel" not in written
