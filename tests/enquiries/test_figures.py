"""Figures: units named, every breakdown adds up, and the same before and after the person is gone."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.enquiries import clearing, codes, figures, log, offer, referral, threads
from kontaktstelle.enquiries.figures import By, ByReferral, Period, Unit
from kontaktstelle.enquiries.models import Contact, MonthlyCount, Referral
from kontaktstelle.organisation.models import Site
from support.desk import AT
from support.nights import night

pytestmark = pytest.mark.django_db
YEAR = Period.year(2026)
TOPICS = ["anxiety-panic", "depression", "grief", "diabetes-general", "addiction-relatives"]
MONTHS = [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
PERIODS = [Period(first, last) for first in MONTHS for last in MONTHS if first <= last]


def keys(name):
    return st.sampled_from(["", *list(codes.LISTS[name])[:4]])


# How far a referral came: the steps that lead there.
WAYS = [
    "", "tell", "withdraw", "consent end", "consent ask withdraw", "consent ask decline", "consent ask accept end", "consent ask accept confirm_contact",
    "consent ask accept confirm_contact outcome", "consent ask accept confirm_contact withdraw",
]  # fmt: skip
CONTACTS = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.dates(date(2025, 12, 1), date(2026, 3, 10)),
            "channel": keys("channel"), "direction": keys("direction"), "who": keys("who"), "visit": keys("visit"),
            "concerns": st.lists(keys("concern"), max_size=3), "outcomes": st.lists(keys("outcome"), max_size=3),
            "topics": st.lists(st.sampled_from(TOPICS), max_size=3, unique=True),
            "extras": st.fixed_dictionaries({}, optional={"age": keys("age"), "language": keys("language")}),
            "kreis_key": st.sampled_from(["", "05978", "16077"]), "municipality": st.sampled_from(["", "Unna", "Lünen"]),
            "postcode_area": st.sampled_from(["", "594"]), "reached": st.sampled_from([None, None, None, 1, 40]),
            "note": st.sampled_from(["", "Kanariennotiz"]), "site": st.sampled_from([0, 1, 2]),
            "opened": st.booleans(), "referred": st.lists(st.sampled_from(WAYS), max_size=2), "cleared": st.booleans(), "closed": st.booleans(),
        }
    ),
    max_size=12,
)  # fmt: skip


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def every_table(period, unit=Unit.CONTACTS, site=None):
    """Return every table of one period."""
    found = {by: figures.contacts(period, by, site=site, unit=unit) for by in By}
    if unit != Unit.PEOPLE_REACHED:
        for name in figures.ALONE:
            found[name] = figures.contacts_alone(period, name, site=site, unit=unit)
    for by in ByReferral:
        found["referrals", by] = figures.referrals(period, by)
    found["clearings"] = figures.clearings(period)
    found["enquiries"] = figures.enquiries(period)
    return found


def crossed(period):
    return {(one, other): figures.contacts(period, one, other) for one in By for other in By}


ASKED = st.lists(
    st.tuples(
        st.sampled_from(PERIODS),
        st.sampled_from([Unit.CONTACTS, Unit.COLLECTIVE, Unit.PEOPLE_REACHED]),
        st.sampled_from([0, 1, 2]),
    ),
    min_size=2,
    max_size=2,
)


def logged(here, by, said, group):
    """Write the contacts down on their days, some as open enquiries; return the sites they may name."""
    second = Site.objects.create(
        contact_point=here, code="zwei", name="Zwei", street="Weg 2", postcode="44532", town="Lünen"
    )
    sites = [None, here.sites.get(code="haupt"), second]
    for field in ("age", "language"):
        offer.switch(field, is_on=True, from_year=2026, by=by, at=AT)
    for each in said:
        values = dict(each)
        day, thread = (
            values.pop("day"),
            {name: values.pop(name) for name in ("opened", "referred", "cleared", "closed")},
        )
        values["site"] = sites[values["site"]]
        if day.year < 2026:
            values["extras"] = {}
        contact = log.log_contact(by=by, at=datetime(day.year, day.month, day.day, 11, tzinfo=UTC), **values)
        if thread["opened"]:
            worked_on(log.open_enquiry(contact, by=by, at=AT), group, by, thread)
    return sites


def worked_on(enquiry, group, by, thread):
    """Refer, clear and close an enquiry as drawn."""
    if thread["cleared"]:
        clearing.record(enquiry, ["fits"], by=by, at=AT)
    if enquiry.is_paused_for_crisis:
        clearing.go_on(enquiry, by=by, at=AT)
    for way in thread["referred"]:
        route = Referral.Route.OPEN if way == "tell" else Referral.Route.CALL_BACK
        try:
            row = referral.draft(enquiry, to=group, route=route, by=by, at=AT)
        except referral.AlreadyReferred:
            continue
        for step in way.split():
            more = {
                "consent": {"text_version": "1", "how": "form"},
                "decline": {"reason": "full"},
                "outcome": {"result": "visited"},
            }.get(step, {})
            row = getattr(referral, step)(row, **more, by=by, at=AT)
        if referral.is_to_be_told(row):
            referral.told_of_withdrawal(row, by=by, at=AT)
    if thread["closed"]:
        threads.close(enquiry, by=by, at=AT)


@given(CONTACTS, st.tuples(st.integers(0, 120), ASKED))
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_figures_are_the_same_before_and_after_the_person_is_gone(here, counsellor, group, said, later):
    nights, asked = later
    with undone():
        sites = logged(here, counsellor, said, group)

        def tables():
            return [every_table(period, unit, sites[site]) for period, unit, site in asked]

        before = tables()
        night(at=AT + timedelta(days=nights))
        assert tables() == before
        night(at=AT + timedelta(days=nights + 40))
        assert tables() == before
        assert (
            not Contact.objects.filter(enquiry=None, note_sealed__isnull=False)
            .exclude(entered_at__gt=AT + timedelta(days=nights + 10))
            .exists()
        )


@given(CONTACTS)
@settings(
    max_examples=1,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_period_every_breakdown_and_every_pair_of_breakdowns_once(here, counsellor, group, said):
    everything = {
        "day": MONTHS[0], "channel": "email", "direction": "incoming", "who": "relative", "visit": "first", "concerns": ["crisis", "room"], "outcomes": ["informed"],
        "topics": TOPICS[:2], "extras": {"age": "18-35"}, "kreis_key": "05978", "municipality": "Unna", "postcode_area": "594", "reached": None,
        "note": "Kanariennotiz", "site": 1, "opened": False, "referred": [], "cleared": False, "closed": False,
    }  # fmt: skip
    with undone():
        logged(
            here,
            counsellor,
            [
                *said,
                everything,
                everything | {"day": MONTHS[2]},
                everything | {"day": MONTHS[3], "reached": 7},
            ],
            group,
        )
        before = [[every_table(period) for period in PERIODS], crossed(Period(MONTHS[0], MONTHS[-1]))]
        assert night(at=AT + timedelta(days=31))["enquiries.contact"] >= 3
        assert [[every_table(period) for period in PERIODS], crossed(Period(MONTHS[0], MONTHS[-1]))] == before


def test_a_contact_with_three_topics_is_one_contact_and_three_mentions(here, counsellor):
    log.log_contact(by=counsellor, at=AT, topics=TOPICS[:3])
    by_topic = figures.contacts(YEAR, By.TOPIC)
    assert (by_topic.total, by_topic.mentions) == (1, 3)


@pytest.mark.parametrize("by", [by for by in By if by not in figures.SEVERAL])
def test_a_breakdown_of_single_values_adds_up_with_what_nobody_said(here, counsellor, by):
    log.log_contact(by=counsellor, at=AT)
    log.log_contact(
        by=counsellor,
        at=AT,
        channel="email",
        direction="incoming",
        who="press",
        kreis_key="05978",
        visit="first",
        site=here.sites.get(),
    )
    counted = figures.contacts(YEAR, by)
    assert counted.mentions == counted.total == 2


def test_collective_contacts_are_never_added_to_single_ones(here, counsellor):
    log.log_contact(by=counsellor, at=AT, channel="event", reached=40)
    log.log_contact(by=counsellor, at=AT, channel="event")

    assert figures.contacts(YEAR, By.CHANNEL).of("event") == 1
    assert figures.contacts(YEAR, By.CHANNEL, unit=Unit.COLLECTIVE).of("event") == 1
    assert figures.contacts(YEAR, By.CHANNEL, unit=Unit.PEOPLE_REACHED).of("event") == 40


def test_what_narrows_people_down_leaves_the_row_and_stays_as_a_bare_number(here, counsellor):
    offer.switch("age", is_on=True, from_year=2026, by=counsellor, at=AT)
    contact = log.log_contact(
        by=counsellor,
        at=AT,
        extras={"age": "18-35"},
        municipality="Unna",
        postcode_area="594",
        topics=TOPICS[:1],
    )
    night(at=AT + timedelta(days=30))
    contact = Contact.objects.get(pk=contact.pk)

    assert (contact.extras, contact.municipality, contact.postcode_area) == ({}, "", "")
    assert figures.contacts_alone(YEAR, "age").of("18-35") == 1
    assert figures.contacts_alone(YEAR, "municipality").of("Unna") == 1
    assert {field.name for field in MonthlyCount._meta.fields} == {
        "id", "contact_point", "month", "site_number", "breakdown", "value", "is_collective", "contacts"
    }  # fmt: skip


def test_another_office_counts_its_own(here, counsellor, office_elsewhere):
    from kontaktstelle.organisation.tenancy import acting_for

    log.log_contact(by=counsellor, at=AT)
    with acting_for(office_elsewhere):
        assert figures.contacts(YEAR).total == 0
