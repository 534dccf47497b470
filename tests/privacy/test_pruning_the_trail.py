"""After two years the oldest lines of the trail go; what is left is still a chain in which every change shows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from kontaktstelle.privacy import anchor, retention, trail
from kontaktstelle.privacy.anchor import What
from kontaktstelle.privacy.models import TrailEntry, TrailStart
from kontaktstelle.privacy.retention_rules import TRAIL

pytestmark = pytest.mark.django_db
OFFICE, OTHER = 5, 6
NOW = datetime(2028, 3, 10, 22, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=TRAIL.days + 30)
A_YEAR_AGO = NOW - timedelta(days=365)


def lines(count, at, contact_point=OFFICE):
    for number in range(count):
        trail.record("tester", "group.changed", object_type="groups.group", object_id=number, at=at, contact_point=contact_point)  # fmt: skip


def of(contact_point=OFFICE):
    return TrailEntry.objects.filter(contact_point=contact_point).order_by("number")


def numbers(contact_point=OFFICE):
    return list(of(contact_point).values_list("number", flat=True))


def night(at=NOW):
    return {taken.rule.model: (taken.count, taken.is_stuck) for taken in retention.run(at=at)}.get(TrailEntry)


def without_triggers():
    from privacy.test_anchor import without_triggers

    without_triggers()


@pytest.fixture(autouse=True)
def old_and_young(own_keys):
    """Two chains, anchored when they were old, with six old lines and three young ones; a third that is only old."""
    for office in (OFFICE, OTHER):
        lines(6, LONG_AGO, office)
    anchor.write(at=LONG_AGO)
    for office in (OFFICE, OTHER):
        lines(3, A_YEAR_AGO, office)
    lines(2, LONG_AGO, 7)
    anchor.write(at=A_YEAR_AGO)


def test_old_lines_go_and_what_is_left_holds_against_chain_and_anchor():
    assert night() == (6 + 6 + 2, False)

    # A line tells of it, and it counts on from where it was.
    assert numbers() == [7, 8, 9, 10]
    assert of().last().action == "trail.pruned"
    assert trail.broken_at(OFFICE) is None
    assert anchor.check() == []
    assert anchor.write(at=NOW) == 3
    assert anchor.check() == []


def test_a_chain_that_is_only_old_never_ends_and_counts_on():
    night()

    assert numbers(7) == [3, 4]
    assert of(7).first().action == "trail.pruned"
    assert trail.broken_at(7) is None


def test_a_second_night_takes_nothing_and_a_later_one_what_is_due_then():
    night()
    assert night() is None
    assert night(A_YEAR_AGO + timedelta(days=TRAIL.days)) is not None

    assert numbers()[0] == 10
    assert trail.broken_at(OFFICE) is None
    assert anchor.check() == []


def test_a_young_line_before_an_old_one_keeps_it():
    """A clock that stood wrong takes no line out of the middle."""
    lines(1, LONG_AGO)
    night()

    assert numbers() == [7, 8, 9, 10, 11]
    assert trail.broken_at(OFFICE) is None


def test_no_line_goes_while_the_old_ones_do_not_hang_together():
    without_triggers()
    of().filter(number=3).update(actor="somebody else")

    assert night()[1]
    assert numbers() == list(range(1, 10))


def test_only_what_lies_before_the_start_can_be_deleted():
    night()
    for statement in (of().filter(number=7).delete, lambda: of().filter(number=8).update(actor="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()
    assert numbers() == [7, 8, 9, 10]


@pytest.mark.parametrize(
    "tampering",
    [
        lambda: of().filter(number=7).delete(),
        lambda: of().filter(number=8).update(fields="x"),
        lambda: TrailStart.objects.filter(contact_point=OFFICE).delete(),
        lambda: TrailStart.objects.filter(contact_point=OFFICE).update(number=8),
        lambda: TrailStart.objects.filter(contact_point=OFFICE).update(last_mac="0" * 64),
        lambda: (of().filter(number=7).delete(), TrailStart.objects.filter(contact_point=OFFICE).update(number=7)),
        lambda: TrailStart.objects.filter(contact_point=OFFICE).update(
            **TrailStart.objects.filter(contact_point=7).values("number", "last_mac", "mac").first()
        ),
    ],
    ids=["first line", "edit", "start gone", "start moved", "start forged", "first line and start", "start of another"],
)  # fmt: skip
def test_whatever_is_done_to_what_is_left_or_to_its_start_is_found(tampering):
    night()
    without_triggers()
    tampering()

    assert [(each.contact_point, each.what) for each in anchor.check()] == [(OFFICE, What.CHANGED)]


def test_a_start_put_there_by_hand_lets_lines_go_and_is_found():
    TrailStart.objects.create(
        contact_point=OTHER, number=8, last_mac=of(OTHER).get(number=8).mac, mac="0" * 64
    )
    of(OTHER).filter(number__lte=8).delete()

    assert trail.broken_at(OTHER) == 9
