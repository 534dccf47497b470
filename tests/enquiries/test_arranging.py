"""The office arranges its form and its periods: by year, within bounds, and nothing that was said becomes unreadable."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kontaktstelle.enquiries import codes, figures, follow_up, log, offer, periods
from kontaktstelle.enquiries.models import CodeSwitch, Contact, OfficePeriod
from kontaktstelle.organisation import earlier
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from support.desk import AT, days_later, make_contact, make_staff
from support.nights import night
from support.people import make_office

pytestmark = pytest.mark.django_db
ALL = set(codes.LISTS["channel"])


@pytest.fixture
def leads(office):
    member = make_staff(office)
    with acting_for(office):
        yield {"by": member, "at": AT}


def keys(year, name="channel"):
    return [code.key for code in offer.values(name, year)]


def test_a_value_is_off_from_its_year_on_and_not_before(leads):
    offer.arrange("channel", on=ALL - {"letter"}, shortcuts={}, from_year=2027, **leads)

    assert "letter" in keys(2026)
    assert "letter" not in keys(2027)
    assert "letter" not in keys(2030)


def test_what_was_said_with_a_value_switched_off_stays_readable_and_counted(office, leads):
    make_contact(office, leads["by"], channel="letter")
    before = figures.contacts(figures.Period.year(2026), figures.By.CHANNEL)
    offer.arrange("channel", on=ALL - {"letter"}, shortcuts={}, from_year=2026, **leads)
    row = Contact.objects.get()

    assert (row.channel, codes.label("channel", row.channel)) == ("letter", "Brief oder Fax")
    assert before == figures.contacts(figures.Period.year(2026), figures.By.CHANNEL)
    assert before.of("letter") == 1
    log.recode(row, {"who": "affected"}, by=leads["by"], at=AT, seen=row.version)
    assert Contact.objects.get().channel == "letter", (
        "correcting one thing lost another that is no longer offered"
    )


def test_an_office_has_its_own_keys_from_a_year_on(leads):
    offer.arrange("channel", on=ALL, shortcuts={"letter": "B", "telephone": ""}, from_year=2027, **leads)
    now = {code.key: code.shortcut for code in offer.values("channel", 2027)}

    assert (now["letter"], now["telephone"], now["email"]) == ("b", "", "2")
    assert {code.key: code.shortcut for code in offer.values("channel", 2026)}["telephone"] == "1"


def test_a_switch_of_a_later_year_keeps_the_keys_of_the_earlier(leads):
    offer.arrange("channel", on=ALL, shortcuts={"letter": "b"}, from_year=2026, **leads)
    offer.switch("channel", value="letter", is_on=True, from_year=2027, **leads)

    assert {code.key: code.shortcut for code in offer.values("channel", 2027)}["letter"] == "b"


@pytest.mark.parametrize("shortcuts", [{"letter": "1"}, {"letter": "?"}, {"letter": "ab"}])
def test_two_values_never_share_a_key(leads, shortcuts):
    with pytest.raises(offer.ShortcutTaken):
        offer.arrange("channel", on=ALL, shortcuts=shortcuts, from_year=2026, **leads)


@pytest.mark.parametrize(
    ("name", "on", "year", "refusal"),
    [
        ("channel", set(), 2026, offer.NothingLeft),
        ("channel", {"pigeon"}, 2026, offer.NotSwitchable),
        ("nothing", {"x"}, 2026, offer.NotSwitchable),
        ("channel", ALL, 2025, offer.NotSwitchable),
    ],
)
def test_what_cannot_be_arranged_is_refused(leads, name, on, year, refusal):
    with pytest.raises(refusal):
        offer.arrange(name, on=on, shortcuts={}, from_year=year, **leads)
    assert not CodeSwitch.objects.exists()


def test_fields_are_switched_too_and_all_of_it_is_taken_back(leads):
    offer.arrange(offer.FIELDS, on={"age", "need"}, shortcuts={}, from_year=2026, **leads)
    assert offer.fields(2026) == ["age", "need"]
    offer.arrange(offer.FIELDS, on={"age"}, shortcuts={}, from_year=2026, **leads)
    offer.take_back(offer.FIELDS, 2026, **leads)
    assert offer.fields(2026) == ["age", "need"]
    offer.take_back(offer.FIELDS, 2026, **leads)

    assert offer.fields(2026) == []


def test_two_who_arrange_at_once_do_not_overwrite_each_other(leads):
    seen = earlier.fingerprint(offer.state("channel", 2026))
    offer.arrange("channel", on=ALL - {"video"}, shortcuts={}, from_year=2026, seen=seen, **leads)
    with pytest.raises(earlier.ChangedMeanwhile):
        offer.arrange("channel", on=ALL, shortcuts={}, from_year=2026, seen=seen, **leads)


class TestTakingBack(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.sets(st.sampled_from(sorted(ALL)), min_size=1), min_size=1, max_size=5))
    def test_as_many_steps_back_as_forth_lead_to_the_beginning(self, arrangements):
        office = make_office()
        told = {"by": make_staff(office), "at": AT}
        with acting_for(office):
            first = offer.state("channel", 2026)
            for on in arrangements:
                offer.arrange("channel", on=on, shortcuts={}, from_year=2026, **told)
                assert set(keys(2026)) == on
            while offer.last_change("channel", 2026):
                offer.take_back("channel", 2026, **told)
            assert offer.state("channel", 2026) == first


def test_a_shorter_period_is_kept_to_at_night(office, leads):
    make_contact(office, leads["by"], note="Kanarienvogel")
    periods.set_period("contact", 10, sure=False, **leads)
    night(at=days_later(9))
    assert Contact.objects.get().note == "Kanarienvogel"
    night(at=days_later(10))

    assert Contact.objects.get().de_identified


def test_what_goes_at_once_is_told_before_and_only_goes_after_a_yes(office, leads):
    make_contact(office, leads["by"])
    told = {"by": leads["by"], "at": days_later(20)}
    with pytest.raises(periods.TakesMore, match="1 Eintrag mehr"):
        periods.set_period("contact", 10, sure=False, **told)
    assert periods.days_of(periods.CONTACT) == 30
    periods.set_period("contact", 10, sure=True, **told)

    assert periods.days_of(periods.CONTACT) == 10


@pytest.mark.parametrize(
    ("key", "days"), [("contact", 91), ("consent", 1), ("contact", -1), ("form", 2), ("nothing", 2)]
)
def test_no_period_beyond_its_bounds(leads, key, days):
    with pytest.raises(periods.PeriodOutOfBounds):
        periods.set_period(key, days, sure=True, **leads)
    assert not OfficePeriod.objects.exists()


def test_back_to_the_programmes_period(leads):
    periods.set_period("enquiry", 60, sure=True, **leads)
    assert periods.set_period("enquiry", None, sure=True, **leads) == 60
    assert periods.days_of(periods.ENQUIRY) == 90


def test_a_period_set_before_the_bounds_were_narrower_never_exceeds_them(office, leads):
    OfficePeriod.objects.create(contact_point=office, key="contact", days=5000, set_at=AT)

    assert periods.days_of(periods.CONTACT) == periods.CONTACT.at_most


def test_another_offices_period_is_its_own(office_elsewhere, leads):
    periods.set_period("contact", 10, sure=True, **leads)
    with acting_for(office_elsewhere):
        assert periods.days_of(periods.CONTACT) == 30


def test_only_who_leads_sets_periods_and_lists(office):
    member = make_staff(office, roles=("counsels", "reception"))
    with acting_for(office):
        with pytest.raises(NotAllowed):
            periods.set_period("contact", 10, sure=True, by=member, at=AT)
        with pytest.raises(NotAllowed):
            offer.arrange("channel", on=ALL, shortcuts={}, from_year=2026, by=member, at=AT)


def test_an_office_that_does_not_ask_plans_no_question(office, leads):
    ContactPoint.objects.update(asks_how_it_went=False)
    with pytest.raises(follow_up.OfficeDoesNotAsk):
        follow_up.plan(None, on=AT.date(), **leads)
