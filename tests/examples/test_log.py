"""Two years of log: as many as offices report, by season, de-identified where it would be, with something to do today."""

from datetime import date, timedelta

import pytest

from kontaktstelle.enquiries import due, figures
from kontaktstelle.enquiries.figures import By, ByReferral, Period
from kontaktstelle.enquiries.models import CallBack, Contact, Enquiry, MonthlyCount, Referral
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.parties import address_of

from .conftest import AT, ON

pytestmark = [pytest.mark.xdist_group("examples"), pytest.mark.django_db]
LAST_YEAR = Period(date(2025, 3, 1), date(2026, 2, 1))
OFFICES = ["beispiel-linde", "beispiel-apfelbaum", "beispiel-wasserturm"]


@pytest.fixture(params=OFFICES)
def here(request, loaded):
    office = ContactPoint.objects.get(slug=request.param)
    with acting_for(office):
        yield office


@pytest.fixture
def county(loaded):
    office = ContactPoint.objects.get(slug="beispiel-linde")
    with acting_for(office):
        yield office


def test_the_office_of_a_kreis_refers_about_1300_times_a_year_and_has_2600_contacts(county):
    assert 1150 <= figures.referrals(LAST_YEAR, ByReferral.TARGET).of("group") <= 1450
    assert 2350 <= figures.contacts(LAST_YEAR).total <= 2900


def test_there_are_two_years_and_nothing_after_today(here):
    months = [
        month for (month,), _ in figures.contacts(Period(date(2020, 1, 1), date(2030, 1, 1)), By.MONTH).values
    ]
    assert (months[0], months[-1], len(months)) == ("2024-03", "2026-03", 25)
    assert not Contact.objects.filter(day__gte=ON).exists()


def test_about_half_of_all_contacts_are_not_seekers_and_every_table_adds_up(here):
    by_who = figures.contacts(LAST_YEAR, By.WHO)
    seekers = sum(by_who.of(who) for who in ("affected", "relative", "parents"))
    assert 0.45 <= seekers / by_who.total <= 0.65
    assert by_who.mentions == by_who.total


def test_summer_is_quieter_than_winter(county):
    by_month = figures.contacts(LAST_YEAR, By.MONTH)
    assert by_month.of("2025-07") + by_month.of("2025-08") < 0.85 * (
        by_month.of("2026-01") + by_month.of("2025-11")
    )


def test_what_is_asked_most_is_asked_most(county):
    by_topic = figures.contacts(LAST_YEAR, By.TOPIC)
    first = [key[0] for key, _ in sorted(by_topic.values, key=lambda row: -row[1])[:8]]
    assert {"depression", "alcohol", "anxiety-panic"} <= set(first)


def test_what_is_older_than_its_period_is_de_identified_and_the_rest_is_not(here):
    edge = ON - timedelta(days=30)
    assert not Contact.objects.filter(de_identified=False, day__lt=edge).exists()
    assert Contact.objects.filter(de_identified=False, day__gte=edge).exists()
    assert not MonthlyCount.objects.exists()


def test_referrals_lead_to_groups_of_the_same_office_that_have_a_topic_of_the_contact(here):
    rows = Referral.objects.filter(group__isnull=False).select_related("group")[:200]
    assert {row.group.contact_point_id for row in rows} == {here.pk}


def test_today_there_is_something_overdue_and_something_waiting(here):
    day = due.day(by=Staff(contact_point=here, email="x@example.org", name="x"), at=AT)
    assert day.overdue
    assert Enquiry.objects.filter(status="waiting").exists()
    assert not Enquiry.objects.exclude(status="closed").filter(due_on=None).exists()


def test_whoever_waits_is_plainly_invented(here):
    parties = [row.party for row in (*Enquiry.objects.all(), *CallBack.objects.all())]
    assert parties
    for party in parties:
        person = address_of(party)
        assert person.name.endswith(" Beispielfrage")
        assert person.phone.startswith("030 23125 ")
