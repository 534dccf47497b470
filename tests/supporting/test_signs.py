"""Quiet signs: a reason in words for somebody who looks, nothing public, no score."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from kontaktstelle.groups import listing
from kontaktstelle.groups.models import ContactPerson, GroupChange
from kontaktstelle.support import log, signs
from kontaktstelle.support.log import Facts
from kontaktstelle.support.models import SignSetAside, SupportKind
from support.desk import AT
from support.people import make_group

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
ADVICE = Facts(SupportKind.ADVICE, TODAY)


@pytest.fixture
def group(here):
    """A group nobody needs to worry about: two persons, confirmed lately, with dates ahead."""
    made = make_group(here, confirmed_on=date(2026, 1, 5))
    for number in "12":
        ContactPerson.objects.create(
            contact_point=here, group=made, party=f"00000000-0000-4000-8000-00000000000{number}"
        )
    return made


def codes(group, on=TODAY):
    return {sign.code for sign in signs.of_group(group, on)}


def test_a_group_that_is_well_has_no_signs(group):
    assert codes(group) == set()


def test_one_contact_person_or_none_is_a_sign(group):
    ContactPerson.objects.filter(group=group).first().delete()
    assert codes(group) == {"one-person"}
    ContactPerson.objects.filter(group=group).delete()
    assert codes(group) == {"no-person"}


def test_a_fellowship_without_names_has_no_sign_about_persons(here, group, counsellor):
    ContactPerson.objects.filter(group=group).delete()
    group.is_anonymous_fellowship = True
    group.save()
    log.note(group, replace(ADVICE, kind=SupportKind.SUCCESSION), by=counsellor, at=AT)
    assert codes(group) == set()


def test_a_year_without_confirmation_is_a_sign(group):
    assert codes(group, date(2027, 3, 1)) == {"not-updated"}


def test_a_succession_stays_a_sign_until_a_new_person_is_entered(here, group, counsellor):
    log.note(group, replace(ADVICE, kind=SupportKind.SUCCESSION), by=counsellor, at=AT)
    assert codes(group) == {"leaving"}
    GroupChange.objects.create(
        contact_point=here, group=group, at=AT, stamp=AT, by="x", action="person.added"
    )
    assert codes(group) == set()


def test_no_dates_is_a_sign_where_dates_were_named_and_not_where_words_are_unclear(group):
    for text, expected in (
        ("", {"no-dates"}),
        ("nach Vereinbarung", set()),
        ("12.1.2026, 9.2.2026, 19 Uhr", {"no-dates"}),
        ("12.1.2026, 9.11.2026, 19 Uhr", set()),
    ):
        listing.change(group, {"meeting_text": text}, by="x", at=AT)
        group.refresh_from_db()
        assert codes(group) == expected, text


def test_a_long_pause_is_a_sign_and_a_short_one_is_not(group):
    listing.move(group, "paused", by="x", at=AT)
    group.refresh_from_db()
    assert codes(group) == set()
    assert codes(group, TODAY + timedelta(91)) == {"long-pause"}


def test_one_conflict_is_no_sign_and_two_within_a_year_are(group, counsellor):
    conflict = replace(ADVICE, kind=SupportKind.CONFLICT)
    log.note(group, conflict, by=counsellor, at=AT)
    assert codes(group) == set()
    log.note(group, conflict, by=counsellor, at=AT)
    assert codes(group) == {"conflicts"}


def test_questions_left_unanswered_are_counted_and_nobody_is_opened(here, group):
    from kontaktstelle.enquiries.models import Referral
    from kontaktstelle.privacy.models import TrailEntry

    for _ in range(2):
        Referral.objects.create(
            contact_point=here, group=group, route="R1", status="ended", counted_in=TODAY.replace(day=1), asked_on=TODAY
        )  # fmt: skip
    before = TrailEntry.objects.count()
    assert codes(group) == {"unanswered"}
    assert TrailEntry.objects.count() == before


def test_a_sign_says_its_reason_in_words_and_has_no_number_to_rank_by(group):
    ContactPerson.objects.filter(group=group).delete()
    (sign,) = signs.of_group(group, TODAY)
    assert sign.reason.endswith(".")
    assert {field.name for field in fields(sign)} == {"group", "code", "reason", "aside_until"}


def test_a_sign_set_aside_rests_until_its_day_and_stands_again(group, counsellor):
    ContactPerson.objects.filter(group=group).first().delete()
    until = TODAY + timedelta(90)
    for _ in range(2):
        signs.set_aside(group, "one-person", until, by=counsellor, at=AT)
    assert SignSetAside.objects.count() == 1
    assert [sign.aside_until for sign in signs.standing(TODAY)] == [until]
    assert [sign.aside_until for sign in signs.of_group(group, until + timedelta(1))] == [None]
    signs.bring_back(group, "one-person", by=counsellor, at=AT)
    signs.bring_back(group, "one-person", by=counsellor, at=AT)
    assert [sign.aside_until for sign in signs.standing(TODAY)] == [None]


@pytest.mark.parametrize("until", [None, TODAY, TODAY + timedelta(500)])
def test_a_sign_rests_for_a_year_at_most(group, counsellor, until):
    with pytest.raises(signs.AsideUnfit):
        signs.set_aside(group, "one-person", until, by=counsellor, at=AT)
    with pytest.raises(signs.NoSuchSign):
        signs.set_aside(group, "score", TODAY + timedelta(3), by=counsellor, at=AT)


def test_the_signs_of_many_groups_cost_few_questions(here, django_assert_max_num_queries):
    for number in range(12):
        make_group(here, f"Gruppe {number}, Beispiel")
    with django_assert_max_num_queries(12):
        assert len(signs.standing(TODAY)) >= 12


def test_groups_that_are_no_more_or_not_yet_have_no_signs(here, group):
    ContactPerson.objects.filter(group=group).delete()
    listing.move(group, "dissolved", by="x", at=AT)
    group.refresh_from_db()
    assert signs.of_group(group, TODAY) == []
    assert signs.standing(TODAY) == []
