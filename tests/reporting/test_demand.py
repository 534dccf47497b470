"""Demand: what was asked in vain, counted without persons, the same before and after they are gone."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.enquiries import log
from kontaktstelle.enquiries.figures import Period
from kontaktstelle.foundings import exits, interested
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.reporting import demand
from kontaktstelle.reporting.demand import Cell
from support.desk import AT, KARLA, days_later, make_contact, make_staff
from support.foundings import begun
from support.nights import night
from support.people import make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
YEAR = Period.year(2026)
TOPICS = ["tinnitus", "grief", "depression"]


@pytest.fixture
def here(office):
    with acting_for(office):
        yield office


@pytest.fixture
def counsellor(office):
    return make_staff(office)


def asks(by, outcome="no-offer", topics=("tinnitus",), kreis="05978", day=date(2026, 3, 10), **more):
    at = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
    return log.log_contact(
        by=by, at=at, topics=list(topics), kreis_key=kreis, outcomes=[outcome] if outcome else [], **more
    )


def test_what_found_nothing_and_what_found_only_full_groups_stand_apart(counsellor):
    asks(counsellor)
    asks(counsellor, "groups-full")
    asks(counsellor, "to-group")
    asks(counsellor, day=date(2026, 4, 2), topics=("tinnitus", "grief"))
    asks(counsellor, visit="repeat")
    asks(counsellor, reached=30)
    found = demand.table(YEAR, by=counsellor)
    assert found.cells == (
        Cell("grief", "05978", date(2026, 4, 1), 1, 0),
        Cell("tinnitus", "05978", date(2026, 1, 1), 1, 1),
        Cell("tinnitus", "05978", date(2026, 4, 1), 1, 0),
    )
    assert (found.contacts, found.mentions) == (3, 4)


def test_who_said_neither_topic_nor_place_counts_as_unknown(counsellor):
    asks(counsellor, topics=(), kreis="")
    assert [(cell.topic, cell.kreis_key) for cell in demand.table(YEAR, by=counsellor).cells] == [
        ("unknown", "unknown")
    ]


@pytest.mark.parametrize(("count", "inside"), [(1, True), (4, True), (5, False)])
def test_what_may_name_somebody_is_marked(counsellor, count, inside):
    for _ in range(count):
        asks(counsellor)
    assert demand.table(YEAR, by=counsellor).cells[0].stays_inside is inside


CONTACTS = st.lists(
    st.fixed_dictionaries(
        {
            "outcome": st.sampled_from(["no-offer", "groups-full", "to-group", ""]),
            "topics": st.lists(st.sampled_from(TOPICS), max_size=3, unique=True),
            "kreis": st.sampled_from(["", "05978", "16077"]),
            "day": st.dates(date(2026, 1, 1), date(2026, 3, 10)),
            "visit": st.sampled_from(["", "first", "repeat"]),
            "note": st.sampled_from(["", "Kanariennotiz"]),
            "municipality": st.sampled_from(["", "Kanariendorf"]),
        }
    ),
    max_size=12,
)


@given(CONTACTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_demand_is_the_same_when_the_people_are_gone_and_adds_up(counsellor, said):
    with transaction.atomic():
        for each in said:
            asks(counsellor, **each)
        before = demand.table(YEAR, by=counsellor)
        night(at=days_later(400))
        assert demand.table(YEAR, by=counsellor) == before
        assert before.mentions == sum(cell.found_none + cell.only_full for cell in before.cells)
        vain = [
            each
            for each in said
            if each["outcome"] in {"no-offer", "groups-full"} and each["visit"] != "repeat"
        ]
        assert before.contacts == len(vain)
        assert before.mentions == sum(max(1, len(each["topics"])) for each in vain)
        transaction.set_rollback(True)


def test_a_gap_shows_who_waits_and_what_is_begun_and_adds_neither(counsellor):
    for _ in range(6):
        asks(counsellor)
    asks(counsellor, "groups-full", topics=("grief",))
    waits = {"text_version": "1", "how": "form", "kreis_key": "05978", "by": counsellor, "at": AT}
    interested.wish_to_be_told(["tinnitus"], KARLA, **waits)
    tinnitus, grief = demand.gaps(on=date(2026, 3, 10), by=counsellor)
    assert (tinnitus.found_none, tinnitus.only_full, tinnitus.waiting, tinnitus.foundings) == (6, 0, 1, 0)
    assert tinnitus.is_worth_a_thought
    assert not grief.is_worth_a_thought
    assert "Karla" not in repr(tinnitus)
    founding = begun(counsellor)
    assert not demand.gaps(on=date(2026, 3, 10), by=counsellor)[0].is_worth_a_thought, "it is begun already"
    exits.give_up(founding, reason="too-few", by=counsellor, at=AT)
    assert demand.gaps(on=date(2026, 3, 10), by=counsellor)[0].is_worth_a_thought


def test_a_gap_looks_back_a_year_and_no_longer(counsellor):
    asks(counsellor)
    assert demand.gaps(on=date(2027, 2, 1), by=counsellor)
    assert demand.gaps(on=date(2027, 3, 1), by=counsellor) == []


def test_how_far_the_next_group_is(office):
    assert demand.nearest_km("tinnitus", "05978") is None
    make_group(office, "Gruppe Ohr, Beispiel", ["tinnitus"])
    assert 0 <= demand.nearest_km("tinnitus", "05978") < 30
    assert demand.nearest_km("tinnitus", "99999") is None


def test_nobody_sees_another_offices_demand_or_any_without_the_right(office, office_elsewhere, counsellor):
    asks(counsellor)
    elsewhere = make_staff(office_elsewhere)
    with acting_for(office_elsewhere):
        assert demand.table(YEAR, by=elsewhere).cells == ()
        with pytest.raises(NotAllowed):
            demand.table(YEAR, by=counsellor)
    with pytest.raises(NotAllowed):
        demand.gaps(on=date(2026, 3, 10), by=make_staff(office, "empfang", roles=("reception",)))
    assert make_contact(office, counsellor).pk
