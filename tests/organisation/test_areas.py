"""Who is responsible for a place: nobody is sent to an office that does not serve them."""

import pytest
from django.db import IntegrityError, transaction

from kontaktstelle.organisation.areas import responsible_for
from kontaktstelle.organisation.models import Area
from support.people import make_office

pytestmark = pytest.mark.django_db


def test_a_kreis_has_its_office(office, office_elsewhere):
    assert responsible_for(kreis_key="05978") == office
    assert responsible_for(kreis_key="16077") == office_elsewhere


def test_a_postcode_in_a_list_counts_before_the_kreis(office, office_elsewhere):
    Area.objects.create(contact_point=office_elsewhere, postcode="59423")

    assert responsible_for(postcode="59423", kreis_key="05978") == office_elsewhere
    assert responsible_for(postcode="59425", kreis_key="05978") == office


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"postcode": ""},
        {"kreis_key": ""},
        {"kreis_key": "99999"},
        {"postcode": "59423"},
        {"postcode": "x", "kreis_key": "y"},
    ],
)
def test_where_nobody_is_responsible_nobody_is_named(office, asked):
    assert responsible_for(**asked) is None


def test_of_two_offices_for_one_kreis_the_first_one_answers_every_time(office):
    make_office(slug="zweite")

    assert {responsible_for(kreis_key="05978").slug for _ in range(5)} == {"hier"}


@pytest.mark.parametrize("values", [{}, {"kreis_key": "05978", "postcode": "59423"}], ids=["neither", "both"])
def test_an_area_is_a_kreis_or_a_postcode(office, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(contact_point=office, **values)


def test_an_area_is_entered_once(office):
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(contact_point=office, kreis_key="05978")


def test_the_page_of_the_office_in_charge_costs_no_further_query(office, django_assert_num_queries):
    from datetime import UTC, datetime

    from kontaktstelle.organisation.hours import presence

    point = responsible_for(kreis_key="05978")
    with django_assert_num_queries(0):
        presence(point, datetime(2026, 3, 10, 9, tzinfo=UTC))
