"""What leaves the house of a real log: no small number, none by subtraction, quarters that stay, words that define it."""

from datetime import UTC, date, datetime

import pytest

from kontaktstelle.enquiries.models import Contact
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.reporting import counting, demand, issuing
from kontaktstelle.reporting.issuing import Issued
from support.desk import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


@pytest.fixture
def here(office):
    with acting_for(office):
        yield office


def asked(office, number, topic, kreis, month, *, outcome="no-offer", channel="telephone"):
    day = date(2026, month, 3)
    Contact.objects.bulk_create(
        Contact(
            contact_point=office, month=day.replace(day=1), day=day, entered_at=datetime.combine(day, datetime.min.time(), UTC),
            code_year=2026, channel=channel, topics=[topic], kreis_key=kreis, outcomes=[outcome],
        )
        for _ in range(number)
    )  # fmt: skip


def counted():
    return {name: counting.figures_of(period) for name, period in issuing.quarters(2026).items()}


def every_number(tables):
    return [number for table in tables for number in [*table["values"].values(), table["rest"]]]


def test_demand_that_leaves_the_house_names_nobody(here):
    counsellor = make_staff(here)
    asked(here, 30, "depression", "05978", 2)
    asked(here, 12, "grief", "05978", 5)
    asked(here, 1, "tinnitus", "16077", 8)
    for topic, kreis in (("depression", "05978"), ("grief", "05978"), ("tinnitus", "16077")):
        asked(here, 20, topic, kreis, 8, outcome="informed")
    tables = demand.published(2026, by=counsellor)
    assert {table["by"] for table in tables} == {"main-field", "kreis"}
    assert not [number for number in every_number(tables) if 0 < number < 5]
    assert not any("16077" in str(table["values"]) or "Altenburg" in str(table["values"]) for table in tables)
    assert all(table["counts"] and table["unit"] == "Kontakt" for table in tables)
    with pytest.raises(NotAllowed):
        demand.published(2026, by=make_staff(here, "empfang", roles=("reception",)))


def test_a_late_entry_changes_no_quarter_that_is_out_and_is_not_found_by_its_year(here):
    for month in (2, 5, 8, 11):
        asked(here, 40, "depression", "05978", month, outcome="informed")
        asked(here, 20, "grief", "05978", month, outcome="informed")
    issued = issuing.issue_quarter("2026-Q1", counted()["2026-Q1"], Issued())
    before = issued.published("2026-Q1")
    asked(here, 1, "tinnitus", "16077", 2, outcome="informed")
    issued = issuing.issue_quarter("2026-Q1", counted()["2026-Q1"], issued)
    assert issued.published("2026-Q1") == before
    year = issuing.issue_year(2026, counted(), issued).published("2026")
    contacts = next(table for table in year if (table["figure"], table["by"]) == ("contacts", "main-field"))
    assert contacts["total"] == 240, "the quarter that is out counts as it was told"
    assert [table["within"] for table in year if "within" in table]
    with pytest.raises(ValueError, match="veröffentlicht"):
        issuing.issue_quarter("2026-Q2", counted()["2026-Q2"], issued)


def test_a_small_office_gets_no_quarters_and_one_of_three_contacts_nothing(here):
    asked(here, 3, "grief", "05978", 2)
    issued = issuing.issue_quarter("2026-Q1", counted()["2026-Q1"], Issued())
    assert issued.published("2026-Q1") == []
    assert issuing.issue_year(2026, counted(), issued).published("2026") == []
