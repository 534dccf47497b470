"""The examples' year of activities and support: as much as real offices report, and as the night would have left it."""

from datetime import date

import pytest

from kontaktstelle.activities import figures as activities
from kontaktstelle.activities.figures import By
from kontaktstelle.enquiries.figures import Period
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.support import coming, figures, signs
from kontaktstelle.support.models import SupportEntry

from .conftest import ON

pytestmark = [pytest.mark.xdist_group("examples"), pytest.mark.django_db]
LAST_YEAR = Period(date(2025, 3, 1), date(2026, 2, 1))


@pytest.fixture
def county(loaded):
    office = ContactPoint.objects.get(slug="beispiel-linde")
    with acting_for(office):
        yield office


def test_an_office_of_a_kreis_writes_about_83_posts_a_year_and_holds_first_aid_refreshers(county):
    assert 65 <= activities.counted(LAST_YEAR, By.KIND).of("post") <= 100
    titles = dict(activities.titles(Period(date(2024, 3, 1), date(2026, 2, 1)), "training"))
    assert titles.get("Erste-Hilfe-Auffrischung")
    assert len(activities.counted(Period(date(2020, 1, 1), date(2030, 1, 1)), By.MONTH).values) == 24


def test_groups_were_supported_and_some_have_a_next_date_and_signs_stand(county):
    assert figures.counted(LAST_YEAR, figures.By.KIND).of("visit") >= 5
    assert coming.ahead()
    assert signs.standing(ON)


def test_what_is_older_than_the_period_is_a_count(county):
    from datetime import UTC, datetime

    from kontaktstelle.support.retention import _said_long_ago

    assert SupportEntry.objects.filter(de_identified=True).exists()
    assert not SupportEntry.objects.filter(_said_long_ago(datetime(2026, 3, 10, 9, tzinfo=UTC))).exists()
