"""Offices keep the registers: what they confirm, change and pause is theirs, can be taken back, and is nobody else's."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.network import checking, helplines, hours, keeping, registers
from kontaktstelle.network.models import Body, HelpLine, Service
from kontaktstelle.organisation import earlier
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from support.people import A_DAY, A_MOMENT, make_member

pytestmark = pytest.mark.django_db
FACTS = {
    "kind": "crisis-service", "name": "Krisendienst Beispiel", "what": "Kommt nach Hause.", "for_whom": "Erwachsene",
    "numbers": ["030 23125 778"], "regions": ["05978"], "source": "Flyer, kreis.example",
}  # fmt: skip


@pytest.fixture(autouse=True)
def loaded(db):
    registers.load_registers(at=A_MOMENT)


@pytest.fixture
def told(office):
    member = make_member(office, "counsels")
    with acting_for(office):
        yield {"by": member, "at": A_MOMENT}


def state(row):
    row.refresh_from_db()
    return keeping._state(row)


def test_a_confirmed_row_is_no_longer_asked_for_and_the_yes_can_be_taken_back(told):
    row = HelpLine.objects.first()
    before = state(row)
    keeping.confirm_row(row, **told)
    assert row.key not in {due.key for due in checking.overdue(A_DAY)}
    keeping.take_back_row(row, **told)

    assert state(row) == before
    assert row.key in {due.key for due in checking.overdue(A_DAY)}


def test_confirmed_twice_is_confirmed_once(told):
    row = HelpLine.objects.first()
    keeping.confirm_row(row, **told)
    keeping.confirm_row(row, **told)
    keeping.take_back_row(row, **told)

    with pytest.raises(earlier.NothingToTakeBack):
        keeping.take_back_row(row, **told)


def test_a_changed_line_wants_to_be_checked_and_goes_back_to_the_letter(told):
    row = HelpLine.objects.exclude(spans=[]).first()
    keeping.confirm_row(row, **told)
    before = state(row)
    keeping.change_row(row, {"numbers": ["030 23125 700"], "open": ["Mo-Fr 09:00-12:00"]}, **told)
    row.refresh_from_db()
    assert row.checked_on is None
    assert row.hours == "Mo–Fr 9–12 Uhr"
    keeping.take_back_row(row, **told)

    assert state(row) == before


def test_the_data_file_takes_a_row_back_into_care_once_the_change_is_taken_back(told):
    row = HelpLine.objects.first()
    keeping.change_row(row, {"note": "Anders"}, **told)
    assert row.is_own or HelpLine.objects.get(pk=row.pk).is_own
    keeping.take_back_row(row, **told)

    assert not HelpLine.objects.get(pk=row.pk).is_own


def test_an_own_service_appears_where_help_is_looked_for_and_is_checked_already(told):
    row = keeping.add_service(FACTS, **told)
    assert keeping.add_service(FACTS, **told) == row, "a double click makes two services"
    shown = helplines.services_for(land="NW", kreis_key="05978")

    assert [(line.for_whom, line.checked_on) for line in shown if line.key == row.key] == [
        ("Erwachsene", A_DAY)
    ]
    assert row.key not in {due.key for due in checking.overdue(A_DAY + timedelta(days=30))}
    assert row.key in {due.key for due in checking.overdue(A_DAY + timedelta(days=200))}


def test_a_paused_service_is_nowhere_and_comes_back(told):
    row = keeping.add_service(FACTS, **told)
    keeping.pause_row(row, hidden=True, **told)
    assert row.key not in {line.key for line in helplines.services_for(kreis_key="05978")}
    keeping.take_back_row(row, **told)

    assert row.key in {line.key for line in helplines.services_for(kreis_key="05978")}


def test_the_line_that_stands_in_cannot_be_paused(told):
    with pytest.raises(registers.RowIsNeeded):
        keeping.pause_row(HelpLine.objects.filter(is_fallback=True).first(), hidden=True, **told)


def test_what_comes_with_the_programme_keeps_what_its_source_says(told):
    body = Body.objects.first()
    with pytest.raises(keeping.ComesWithTheProgramme):
        keeping.change_row(body, {"name": "Anders"}, **told)
    keeping.confirm_row(body, **told)
    body.refresh_from_db()

    assert body.name != "Anders"
    assert body.checked_on == A_DAY


def test_another_offices_service_is_out_of_reach(told, office_elsewhere):
    row = keeping.add_service(FACTS, **told)
    stranger = make_member(office_elsewhere, "leads")
    with acting_for(office_elsewhere):
        for step in (
            lambda: keeping.confirm_row(row, by=stranger, at=A_MOMENT),
            lambda: keeping.change_row(row, {"name": "X"}, by=stranger, at=A_MOMENT),
            lambda: keeping.pause_row(row, hidden=True, by=stranger, at=A_MOMENT),
        ):
            with pytest.raises(keeping.AnotherOffices):
                step()


def test_nobody_takes_back_over_what_another_office_changed_since(told, office_elsewhere):
    row = HelpLine.objects.first()
    keeping.change_row(row, {"note": "Von der einen"}, **told)
    with acting_for(office_elsewhere):
        keeping.change_row(
            row, {"note": "Von der anderen"}, by=make_member(office_elsewhere, "leads"), at=A_MOMENT
        )
    with pytest.raises(earlier.ChangedMeanwhile):
        keeping.take_back_row(row, **told)
    row.refresh_from_db()

    assert row.note == "Von der anderen"


@pytest.mark.parametrize("role", ["reception", "operator", "dpo"])
def test_who_may_not_keep_the_register_cannot(office, role):
    with acting_for(office), pytest.raises(NotAllowed):
        keeping.confirm_row(HelpLine.objects.first(), by=make_member(office, role), at=A_MOMENT)


@given(st.sets(st.integers(0, 6)), st.integers(0, 22), st.integers(1, 23))
def test_hours_are_written_so_that_they_are_read_as_the_same(days, opens, length):
    closes = min(opens + length, 24)
    spans = [(day, f"{opens:02}:00", f"{closes:02}:00") for day in sorted(days)]

    assert sorted(hours.read(hours.written(spans))) == spans


def test_every_shipped_row_can_be_saved_as_its_form_shows_it(office, told):
    """A form that changes what nobody touched would mark two hundred lines as changed."""
    from django.http import QueryDict

    from kontaktstelle.desk import register_form

    for row in [*HelpLine.objects.all(), *Service.objects.all()]:
        post = QueryDict(mutable=True)
        for field in register_form.form_of(type(row), row, None, office):
            post.setlist(field.name, field.chosen if field.choices else [field.value])
        before = keeping.facts(row)
        values = register_form.typed(type(row), post)
        after = keeping.facts(keeping.change_row(row, values, **told))
        after["hours"], before["hours"] = "", ""
        assert after == before, row.key
