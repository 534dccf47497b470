"""The lists: nobody without consent, nobody longer than they agreed, gone at once when they say so; a count stays."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.enquiries import codes, days
from kontaktstelle.foundings import (
    beginning,
    calling,
    coming,
    exits,
    interested,
    links,
    meeting,
    periods,
    staying,
)
from kontaktstelle.foundings.access import Outside
from kontaktstelle.foundings.lifecycle import FoundingStatus, InterestStatus
from kontaktstelle.foundings.models import Founding, Interest, ListConsent, MeetingInvitation
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import across_offices, acting_for
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address
from support.desk import AT, KARLA, days_later
from support.foundings import LATER, appointed, brought_to, called, listed, nth_person
from support.nights import night

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
S = FoundingStatus
ONLY_PHONE = Address("Frida", "030 23125 444")
ONLY_LETTER = Address("Frida Feder", None, None, "Federweg 1, 59423 Unna")


@pytest.fixture
def founding(counsellor):
    return brought_to(S.GATHERING, counsellor)


def stay(row, by, at):
    return staying.renew(row, by=by, at=at, text_version="liste-1", how="telephone")


def test_reception_writes_down_who_calls_and_sees_no_list(founding, reception, lead, counsellor):
    row = listed(founding, reception, KARLA)
    for nobody in (reception, lead):
        with pytest.raises(NotAllowed):
            interested.person_of(row, by=nobody, at=AT)
    assert interested.person_of(row, by=counsellor, at=AT) == KARLA
    assert interested.count(founding) == 1


@pytest.mark.parametrize(("version", "how"), [("", "telephone"), ("liste-1", ""), ("  ", "form")])
def test_nobody_is_written_down_without_consent(founding, counsellor, version, how):
    with pytest.raises(interested.ConsentMissing):
        interested.add(founding, KARLA, text_version=version, how=how, by=counsellor, at=AT)


def test_consent_keeps_text_way_and_moment(founding, counsellor):
    listed(founding, counsellor, KARLA)
    proof = ListConsent.objects.get()
    assert (proof.text_version, proof.how, proof.given_at) == ("liste-1", "telephone", AT)


@pytest.mark.parametrize(
    ("person", "way"),
    [(Address("Karla"), None), (ONLY_PHONE, Interest.Way.MAIL), (Address(None, None, None, "Weg 1"), None)],
)
def test_who_cannot_be_reached_cannot_be_invited(founding, counsellor, person, way):
    with pytest.raises(interested.NoWayBack):
        listed(founding, counsellor, person, way=way)
    assert not Interest.objects.exists()


def test_the_same_address_stands_once_on_a_list_and_may_stand_on_another(founding, counsellor):
    listed(founding, counsellor, KARLA)
    with pytest.raises(interested.OnTheListAlready):
        listed(founding, counsellor, Address("Anders genannt", None, "KARLA.kanarie@example.org"))
    other = brought_to(S.GATHERING, counsellor)
    assert listed(other, counsellor, KARLA).status == InterestStatus.LISTED


def test_who_calls_to_leave_is_found_by_number_or_address_and_by_nothing_else(
    founding, counsellor, reception
):
    rows = [
        listed(founding, counsellor, KARLA),
        listed(brought_to(S.GATHERING, counsellor), counsellor, KARLA),
    ]
    listed(founding, counsellor, nth_person(2))
    for words in ("0049 30 23125778", "Karla.Kanarie@example.org"):
        assert {each.pk for each in interested.lists_of(words, by=counsellor, at=AT)} == {
            each.pk for each in rows
        }
    for words in ("", "Karla", "030 23125 779"):
        assert interested.lists_of(words, by=counsellor, at=AT) == []
    with pytest.raises(NotAllowed):
        interested.lists_of("030 23125 778", by=reception, at=AT)


def test_a_double_click_adds_one(founding, counsellor):
    key = uuid4()
    first, second = (listed(founding, counsellor, KARLA, form_key=key) for _ in range(2))
    assert first.pk == second.pk
    assert interested.count(founding) == 1


def test_each_says_where_they_heard_and_that_outlives_them(founding, counsellor):
    from kontaktstelle.foundings.models import Outreach

    paper = Outreach.objects.get(founding=founding)
    one = listed(founding, counsellor, nth_person(1), outreach=paper)
    listed(founding, counsellor, nth_person(2), heard="doctor")
    interested.withdraw(one, by=counsellor, at=AT)
    assert interested.where_heard(founding) == {paper.pk: 1, "doctor": 1}


def test_nobody_heard_where_nothing_stood(founding, counsellor):
    other = brought_to(S.CALLING, counsellor)
    elsewhere = called(other, counsellor)
    planned = calling.plan_outreach(other, elsewhere.text, "poster", by=counsellor, at=AT)
    for founding_asked, outreach in ((founding, elsewhere), (other, planned)):
        with pytest.raises(interested.NotHeardThere):
            listed(founding_asked, counsellor, KARLA, outreach=outreach)
    with pytest.raises(codes.UnknownCode):
        listed(founding, counsellor, KARLA, heard="gerücht")


def test_who_leaves_is_gone_at_once_with_address_post_and_invitation(founding, counsellor):
    rows = [listed(founding, counsellor, person) for person in (KARLA, nth_person(2))]
    meeting.invite(appointed(founding, counsellor, on=LATER), by=counsellor, at=AT)
    parties = Party.objects.count()
    gone = interested.withdraw(rows[0], by=Outside.INTERESTED, at=AT)

    assert (gone.party, gone.way, gone.email_index, gone.phone_index) == (None, "", "", "")
    assert Party.objects.count() == parties - 1
    assert MeetingInvitation.objects.count() == 1
    assert set(Dispatch.objects.filter(about=rows[0].pk).values_list("status", flat=True)) == {"cancelled"}
    assert interested.withdraw(rows[0], by=Outside.INTERESTED, at=AT).status == InterestStatus.WITHDRAWN
    proof = ListConsent.objects.get(withdrawn_at=AT)
    assert (proof.interest, proof.erase_on.year) == (None, 2029)
    with pytest.raises(interested.NotAnyMore):
        interested.person_of(gone, by=counsellor, at=AT)


def test_who_is_due_is_asked_once_by_their_own_way_and_the_telephone_stays_for_the_desk(founding, counsellor):
    people = {person: listed(founding, counsellor, person) for person in (KARLA, ONLY_LETTER, ONLY_PHONE)}
    early, due = days_later(periods.CONSENT_DAYS - 40), days_later(periods.CONSENT_DAYS - 20)
    assert staying.ask_due(at=early) == 0
    assert staying.ask_due(at=due) == 2
    assert staying.ask_due(at=due) == 0
    assert [each.pk for each in staying.to_ask_again(on=days.local_day(due))] == [people[ONLY_PHONE].pk]
    assert sorted(Dispatch.objects.values_list("way", flat=True)) == ["letter", "mail"]
    with pytest.raises(interested.NotByPost):
        staying.ask_again(people[ONLY_PHONE], by=counsellor, at=due)


def test_the_nightly_work_asks_in_every_office_and_one_that_cannot_send_stops_no_other(
    founding, counsellor, office, office_elsewhere, counsellor_elsewhere
):
    from kontaktstelle.cli import nights

    listed(founding, counsellor, KARLA)
    with acting_for(office_elsewhere):
        listed(brought_to(S.GATHERING, counsellor_elsewhere), counsellor_elsewhere, nth_person(1))
    type(office).objects.filter(pk=office.pk).update(email="")
    at = days_later(periods.CONSENT_DAYS - 20)
    nights.ask_whether_they_stay(at)
    assert Dispatch.objects.count() == 0
    with acting_for(office_elsewhere):
        assert Dispatch.objects.count() == 1
    type(office).objects.filter(pk=office.pk).update(email="hier@example.org")
    nights.ask_whether_they_stay(at)
    assert Dispatch.objects.count() == 1


def test_the_link_to_stay_leads_to_one_row_for_one_purpose_until_a_day(founding, counsellor, office):
    row = listed(founding, counsellor, KARLA)
    token = links.stay(row.pk, contact_point=office.pk, until=LATER)
    assert links.read(token, links.STAY, at=AT).row == row.pk
    assert links.read(token, links.ANSWER, at=AT) is None
    assert links.read(token, links.STAY, at=days_later(15)) is None
    assert links.read(token[:-2] + "AA", links.STAY, at=AT) is None


def test_who_stays_silent_goes_a_month_after_their_consent_and_who_answers_stays(founding, counsellor):
    silent, answers = listed(founding, counsellor, KARLA), listed(founding, counsellor, nth_person(2))
    stay(answers, counsellor, days_later(170))
    night(at=days_later(periods.CONSENT_DAYS + 29))
    assert Interest.objects.get(pk=silent.pk).party is not None
    night(at=days_later(periods.CONSENT_DAYS + 30))
    assert Interest.objects.get(pk=silent.pk).status == InterestStatus.LAPSED
    assert Interest.objects.get(pk=answers.pk).status == InterestStatus.LISTED
    assert interested.count(founding) == 1


@given(st.lists(st.tuples(st.integers(1, 120), st.booleans()), max_size=14))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_ever_stays_longer_than_they_agreed_nor_than_two_years(founding, counsellor, story):
    """Whatever is said when, and however the nights fall."""
    from django.db import transaction

    with transaction.atomic():
        row, day, agreed = listed(founding, counsellor, KARLA), 0, 0
        for later, says_yes in story:
            day += later
            night(at=days_later(day))
            row = Interest.objects.get(pk=row.pk)
            there = row.party is not None
            assert there == (
                day < min(agreed + periods.CONSENT_DAYS + periods.NO_ANSWER.days, periods.LONGEST_DAYS)
            )
            if says_yes and there:
                stay(row, counsellor, days_later(day))
                agreed = day
        night(at=days_later(periods.LONGEST_DAYS))
        assert Interest.objects.get(pk=row.pk).party is None
        transaction.set_rollback(True)


def test_two_years_are_the_end_even_for_who_says_yes(founding, counsellor):
    row = listed(founding, counsellor, KARLA)
    for day in (170, 340, 510, 680):
        row = stay(row, counsellor, days_later(day))
    assert row.erase_on == days.local_day(days_later(periods.LONGEST_DAYS))
    with pytest.raises(interested.NotAnyMore):
        stay(row, counsellor, days_later(periods.LONGEST_DAYS))


def test_when_the_founder_goes_they_are_forgotten_and_everybody_is_asked_again(founding, counsellor):
    row = listed(founding, counsellor, nth_person(1))
    founding = beginning.founder_left(founding, by=counsellor, at=AT)
    assert (founding.party, founding.role) == (None, Founding.Role.NOBODY)
    with pytest.raises(beginning.NoFounder):
        beginning.founder_of(founding, by=counsellor, at=AT)
    assert [each.pk for each in staying.to_ask_again(on=days.local_day(AT))] == [row.pk]


@pytest.mark.parametrize("end", ["give_up", "join"])
def test_when_a_founding_ends_the_list_closes_and_people_go_in_a_month(founding, counsellor, office, end):
    from support.people import make_group

    row = listed(founding, counsellor, KARLA)
    if end == "give_up":
        exits.give_up(founding, reason="elsewhere", by=counsellor, at=AT)
    else:
        exits.join(founding, make_group(office), by=counsellor, at=AT)
    assert Interest.objects.get(pk=row.pk).status == InterestStatus.ENDED
    assert interested.person_of(row, by=counsellor, at=AT) == KARLA, "somebody still has to tell them"
    night(at=days_later(30))
    assert Interest.objects.get(pk=row.pk).party is None
    night(at=days_later(90))
    ended = Founding.objects.get(pk=founding.pk)
    assert (ended.de_identified, ended.title, ended.party) == (True, None, None)
    assert (ended.topics, ended.kreis_key, ended.origin) == (["tinnitus"], "05978", "person")


def test_who_waits_for_a_group_is_told_once_by_their_own_way(counsellor, office):
    def wishes(person, topics=("tinnitus",), kreis="05978"):
        return interested.wish_to_be_told(
            topics, person, text_version="bescheid-1", how="telephone", kreis_key=kreis, by=counsellor, at=AT
        )

    by_mail, by_phone = wishes(KARLA), wishes(ONLY_PHONE, kreis="")
    other_topic, other_kreis = wishes(nth_person(1), ("grief",)), wishes(nth_person(2), kreis="16077")
    founding = brought_to(S.GATHERING, counsellor)
    assert [each.pk for each in interested.tell_waiting(founding, by=counsellor, at=AT)] == [by_phone.pk]
    interested.tell_waiting(founding, by=counsellor, at=AT)
    assert Dispatch.objects.filter(about=by_mail.pk).count() == 1
    assert Interest.objects.get(pk=by_mail.pk).status == InterestStatus.ENDED
    for row in (other_topic, other_kreis):
        assert Interest.objects.get(pk=row.pk).status == InterestStatus.LISTED
    with pytest.raises(interested.OnTheListAlready):
        wishes(ONLY_PHONE, kreis="")


def test_who_left_is_not_put_back_on_the_list_by_a_backup(founding, counsellor):
    from kontaktstelle.privacy import ledger, retention

    row = listed(founding, counsellor, KARLA)
    before = Interest.objects.get(pk=row.pk)
    interested.withdraw(row, by=Outside.INTERESTED, at=AT)
    before.save()  # as a backup would
    assert interested.count(founding) == 1
    with pytest.raises(interested.NotAnyMore):
        interested.person_of(row, by=counsellor, at=AT)
    retention.erase_again(ledger.entries(), at=days_later(1))
    assert interested.count(founding) == 0
    assert Interest.objects.get(pk=row.pk).party is None


def test_beside_an_enquiry_stand_numbers_of_its_topic_and_no_person(founding, counsellor, reception):
    listed(founding, counsellor, KARLA)
    interested.wish_to_be_told(["tinnitus"], KARLA, text_version="1", how="form", by=counsellor, at=AT)
    found = coming.beside(["tinnitus", "grief"], by=counsellor)
    assert ([each.pk for each in found.foundings], found.interested, found.waiting) == ([founding.pk], 1, 1)
    assert "Kanarie" not in repr(found)
    assert coming.beside(["grief"], by=counsellor) == coming.Beside((), 0, 0)
    with pytest.raises(NotAllowed):
        coming.beside(["tinnitus"], by=reception)


def test_an_office_sees_nobody_of_another_offices_lists(
    founding, counsellor, counsellor_elsewhere, office_elsewhere
):
    from django.http import Http404

    from kontaktstelle.foundings import access

    row = listed(founding, counsellor, KARLA)
    with acting_for(office_elsewhere):
        assert not Interest.objects.exists()
        assert interested.waiting_for(["tinnitus"]) == []
        with pytest.raises(Http404):
            access.interest_for(counsellor_elsewhere, row.pk)
        with pytest.raises(Http404):
            access.founding_for(counsellor_elsewhere, founding.pk)
    with across_offices():
        assert Interest.objects.everywhere().count() == 1
