"""Calls, founding meeting, accompanied start, entry: what a person gets, once, by their own way."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from kontaktstelle.enquiries import days
from kontaktstelle.foundings import (
    advice,
    beginning,
    calling,
    coming,
    exits,
    interested,
    links,
    meeting,
    starting,
)
from kontaktstelle.foundings.access import Outside
from kontaktstelle.foundings.keeping import ChangedMeanwhile
from kontaktstelle.foundings.lifecycle import FoundingStatus, InterestStatus, InvitationStatus, WrongStatus
from kontaktstelle.foundings.models import Founding, FoundingMeeting, Interest, MeetingInvitation
from kontaktstelle.groups import listing, upkeep
from kontaktstelle.groups.models import Group
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.parties import Address
from support.desk import AT, KARLA, days_later, make_staff
from support.foundings import (
    LATER,
    MEETING_ON,
    all_clear,
    appointed,
    begun,
    brought_to,
    enter,
    listed,
    make_venue,
    nth_person,
)
from support.people import make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
S, V = FoundingStatus, InvitationStatus
ON_PHONE = Address("Frida", "030 23125 444")


@pytest.fixture
def gathering(counsellor):
    return brought_to(S.GATHERING, counsellor)


@pytest.fixture
def with_three(gathering, counsellor):
    for person in (KARLA, nth_person(2), ON_PHONE):
        listed(gathering, counsellor, person)
    return gathering


@pytest.fixture
def first(with_three, counsellor):
    return appointed(with_three, counsellor, on=LATER)


class TestBeginning:
    @pytest.mark.parametrize("origin", list(Founding.Origin))
    def test_a_person_the_office_or_demand_begins_and_a_second_one_on_a_topic_is_normal(
        self, counsellor, origin
    ):
        first, second = (begun(counsellor, origin=origin, person=None) for _ in range(2))
        assert first.pk != second.pk
        assert [each.pk for each in advice.existing(second, on=MEETING_ON).foundings] == [first.pk]

    def test_a_double_click_begins_one(self, counsellor):
        key = uuid4()
        assert begun(counsellor, form_key=key).pk == begun(counsellor, form_key=key).pk

    def test_without_topic_or_title_nothing_begins(self, counsellor):
        with pytest.raises(beginning.TopicMissing):
            begun(counsellor, topics=())
        with pytest.raises(beginning.TitleUnfit):
            beginning.begin("office", title=" ", topics=["tinnitus"], by=counsellor, at=AT)

    def test_only_results_of_a_talk_are_kept_and_what_is_open_is_named(self, counsellor):
        founding = brought_to(S.ADVICE, counsellor)
        with pytest.raises(calling.NotClearYet) as refused:
            calling.begin_calling(founding, by=counsellor, at=AT)
        assert "Erstgespräch" in refused.value.sentence
        with pytest.raises(advice.UnknownQuestion):
            advice.record_talk(founding, about=["diagnosis"], role="leads", by=counsellor, at=AT)
        with pytest.raises(advice.TalkIsAhead):
            advice.record_talk(founding, about=[], role="leads", on=LATER, by=counsellor, at=AT)
        all_clear(founding, counsellor)
        assert calling.begin_calling(founding, by=counsellor, at=AT).status == S.CALLING

    def test_groups_there_are_found_listed_or_not(self, counsellor, office):
        founding = brought_to(S.ADVICE, counsellor)
        listed_one = make_group(office, "Gruppe Ohr, Beispiel", ["tinnitus"])
        hidden = make_group(office, "Gruppe Still, Beispiel", ["tinnitus"], listed=False)
        make_group(office, "Gruppe Trauer, Beispiel", ["grief"], listed=False)
        found = advice.look_round(founding, by=counsellor, at=AT)
        assert listed_one.pk in {fit.group for fit in found.fitting}
        assert [each.pk for each in found.not_listed] == [hidden.pk]
        assert Founding.objects.get(pk=founding.pk).there_already == found.count

    def test_of_two_on_one_founding_the_second_is_told(self, counsellor):
        founding = begun(counsellor)
        advice.plan_talk(founding, on=LATER, by=counsellor, at=AT, seen=founding.version)
        with pytest.raises(ChangedMeanwhile):
            exits.give_up(founding, reason="other", by=counsellor, at=AT, seen=founding.version)


class TestCalling:
    def test_no_text_is_used_that_nobody_approved_nor_an_older_approval_for_a_newer_text(self, counsellor):
        founding = brought_to(S.CALLING, counsellor)
        text = calling.write_text(founding, "Wer macht mit?", by=counsellor, at=AT)
        assert calling.write_text(founding, "Wer macht mit?", by=counsellor, at=AT).pk == text.pk
        with pytest.raises(calling.NoApprovedText):
            calling.plan_outreach(founding, text, "press", by=counsellor, at=AT)
        with pytest.raises(calling.NoApprovedText):
            calling.poster(founding, at=AT)
        calling.approve_text(text, how="telephone", by=counsellor, at=AT)
        newer = calling.write_text(founding, "Wer macht wirklich mit?", by=counsellor, at=AT)
        assert (newer.number, newer.approved_on) == (2, None)
        assert calling.poster(founding, at=AT).text == "Wer macht mit?"

    def test_the_poster_leads_to_its_own_founding_and_names_no_person(self, gathering, office):
        poster = calling.poster(gathering, at=AT)
        token = poster.address.rstrip("/").rsplit("/", 1)[1]
        assert links.read(token, links.JOIN, at=AT).row == gathering.pk
        assert (poster.office, poster.phone) == (office.name, office.phone)
        assert "Karla" not in repr(poster)
        assert poster.slips > 0

    def test_a_text_of_another_founding_is_refused(self, gathering, counsellor):
        other = brought_to(S.CALLING, counsellor)
        text = calling.newest_text(gathering)
        with pytest.raises(calling.NotOfThisFounding):
            calling.plan_outreach(other, text, "press", by=counsellor, at=AT)

    def test_nobody_gathers_before_something_has_appeared(self, counsellor):
        with pytest.raises(calling.NothingIsOut):
            calling.begin_gathering(brought_to(S.CALLING, counsellor), by=counsellor, at=AT)


class TestTheMeeting:
    def test_too_few_are_not_invited_unless_the_office_lowers_the_number(self, gathering, counsellor):
        listed(gathering, counsellor, KARLA)
        with pytest.raises(meeting.TooFewYet) as refused:
            appointed(gathering, counsellor)
        assert "steht 1 Person" in refused.value.sentence
        with pytest.raises(advice.ThresholdUnfit):
            advice.set_threshold(gathering, 1, by=counsellor, at=AT)
        listed(gathering, counsellor, nth_person(2))
        assert appointed(gathering, counsellor).status == "planned"

    def test_a_closed_room_another_offices_or_a_day_that_is_over_is_refused(
        self, with_three, counsellor, office, office_elsewhere
    ):
        from kontaktstelle.organisation.tenancy import acting_for

        open_one, closed = make_venue(office), make_venue(office, closed_since=date(2026, 1, 1))
        with acting_for(office_elsewhere):
            theirs = make_venue(office_elsewhere)
        for venue, on in (
            (closed, LATER),
            (theirs, LATER),
            (open_one, date(2026, 3, 9)),
            (open_one, date(2028, 1, 1)),
        ):
            with pytest.raises(meeting.RoomOrDateUnfit):
                meeting.set_date(with_three, on=on, starts=time(18), venue=venue, by=counsellor, at=AT)
        assert Founding.objects.get(pk=with_three.pk).status == S.GATHERING

    def test_each_is_invited_once_alone_and_by_their_own_way(self, first, counsellor):
        invited = meeting.invite(first, by=counsellor, at=AT)
        assert sorted(each.status for each in invited) == [V.SENT, V.SENT, V.TO_CALL]
        assert meeting.invite(first, by=counsellor, at=AT) == []
        assert Dispatch.objects.count() == 2
        late = listed(Founding.objects.get(), counsellor, nth_person(4))
        assert [each.interest_id for each in meeting.invite(first, by=counsellor, at=AT)] == [late.pk]
        assert [each.status for each in meeting.to_call(first, by=counsellor)] == [V.TO_CALL]

    def test_who_leads_and_does_not_counsel_sees_how_many_and_not_who(self, first, lead):
        meeting.invite(first, by=lead, at=AT)
        assert meeting.answers(first)[V.SENT] == 2
        with pytest.raises(NotAllowed):
            meeting.to_call(first, by=lead)

    def test_an_answer_by_link_and_one_by_telephone_count_alike_and_once(self, first, counsellor, reception):
        by_link, _, by_phone = sorted(
            meeting.invite(first, by=counsellor, at=AT), key=lambda each: each.status
        )
        meeting.answer(by_link.pk, coming=True, by=Outside.INTERESTED, at=AT)
        again = meeting.answer(by_link.pk, coming=True, by=Outside.INTERESTED, at=AT)
        meeting.told_by_phone(by_phone, by=reception, at=AT)
        meeting.answer(by_phone.pk, coming=True, by=reception, at=AT)
        assert again.version == 2
        assert meeting.answers(first) == {
            V.TO_CALL: 0,
            V.SENT: 1,
            V.COMING: 2,
            V.NOT_COMING: 0,
            V.TO_CALL_OFF: 0,
            V.CALLED_OFF: 0,
        }
        with pytest.raises(meeting.TooLateToAnswer):
            meeting.answer(by_link.pk, coming=False, by=Outside.INTERESTED, at=days_later(15))

    def test_the_page_of_an_invitation_says_when_and_where_and_nothing_once_it_is_gone(
        self, first, counsellor
    ):
        one = meeting.invite(first, by=counsellor, at=AT)[0]
        said = meeting.asked(one.pk, at=AT)
        assert (said.on, said.starts, said.is_open) == (LATER, time(18), True)
        assert "Haus der Beispiele" in said.place
        interested.withdraw(one.interest, by=counsellor, at=AT)
        assert meeting.asked(one.pk, at=AT) is None

    def test_the_place_of_a_protected_founding_stands_behind_no_link(self, first, counsellor):
        from kontaktstelle.topics import tree

        one = meeting.invite(first, by=counsellor, at=AT)[0]
        assert meeting.asked(one.pk, at=AT).place
        hidden = next(topic.id for topic in tree.TOPICS.values() if topic.protected)
        Founding.objects.update(topics=[hidden])
        assert (meeting.asked(one.pk, at=AT).place, meeting.asked(one.pk, at=AT).access) == ("", "")

    def test_who_was_told_is_told_that_it_falls_out(self, first, counsellor):
        meeting.invite(first, by=counsellor, at=AT)
        on_phone = MeetingInvitation.objects.get(status=V.TO_CALL)
        meeting.told_by_phone(on_phone, by=counsellor, at=AT)
        says_no = MeetingInvitation.objects.filter(interest__way="mail").first()
        meeting.answer(says_no.pk, coming=False, by=Outside.INTERESTED, at=AT)
        key = uuid4()
        for _ in range(2):
            to_call = meeting.call_off(first, by=counsellor, at=AT, form_key=key)
            assert [each.pk for each in to_call] == [on_phone.pk]
        assert Dispatch.objects.filter(template="foundings/mail/called_off").count() == 1
        founding = Founding.objects.get()
        assert founding.status == S.GATHERING
        assert "1 anrufen: Das Gründungstreffen fällt aus." in coming.next_of(founding, on=MEETING_ON).also
        meeting.called_off_by_phone(on_phone, by=counsellor, at=AT)
        assert meeting.to_call(first, by=counsellor) == []
        with pytest.raises(WrongStatus):
            meeting.called_off_by_phone(on_phone, by=counsellor, at=AT)
        assert appointed(Founding.objects.get(), counsellor, on=LATER + timedelta(days=7)).status == "planned"

    def test_minutes_hold_what_funders_ask_for_and_come_after_the_meeting(self, first, counsellor):
        said = meeting.Minutes(
            "Austausch", "Wir gründen", "jeden 1. Dienstag", "zwei laden ein", date(2026, 4, 7)
        )
        with pytest.raises(meeting.MeetingIsAhead):
            meeting.hold(first, attended=5, minutes=said, by=counsellor, at=AT)
        with pytest.raises(meeting.MeetingIsAhead):
            meeting.minutes_of(first, by=counsellor)
        meeting.hold(first, attended=5, minutes=said, by=counsellor, at=days_later(14))
        held = meeting.minutes_of(first, by=counsellor)
        assert (held.minutes, held.attended, held.on) == (said, 5, LATER)
        assert "Wir gründen" not in str(FoundingMeeting.objects.get().minutes_sealed)

    def test_if_nobody_comes_people_are_gathered_again(self, first, counsellor):
        meeting.hold(first, attended=0, minutes=meeting.Minutes(), by=counsellor, at=days_later(14))
        assert Founding.objects.get().status == S.GATHERING
        again = appointed(Founding.objects.get(), counsellor, on=LATER, at=days_later(14))
        with pytest.raises(meeting.MinutesUnfit):
            meeting.hold(again, attended=9999, minutes=meeting.Minutes(), by=counsellor, at=days_later(14))


class TestTheStart:
    @pytest.fixture
    def started(self, counsellor):
        return brought_to(S.STARTING, counsellor)

    def test_who_shares_the_topic_or_a_near_one_does_not_accompany(self, started, counsellor):
        from kontaktstelle.topics import tree

        same = starting.enrol(KARLA, ["tinnitus"], by=counsellor, at=AT)
        near = starting.enrol(
            nth_person(8),
            [next(t.id for t in tree.TOPICS.values() if "tinnitus" in t.related)],
            by=counsellor,
            at=AT,
        )
        fits = starting.enrol(nth_person(9), ["grief"], by=counsellor, at=AT)
        for helper in (same, near):
            with pytest.raises(starting.SharesTheTopic):
                starting.assign(started, helper, by=counsellor, at=AT)
        assert starting.able(started) == [fits]
        assert starting.assign(started, fits, meetings=4, by=counsellor, at=AT).meetings_planned == 4
        with pytest.raises(starting.HelperIsNeeded):
            starting.leave(fits, by=counsellor, at=AT)
        starting.end_accompaniment(started, by=counsellor, at=AT)
        gone = starting.leave(fits, by=counsellor, at=AT)
        with pytest.raises(starting.HelperLeft):
            starting.assign(started, gone, by=counsellor, at=AT)

    def test_a_helpers_own_topics_are_sealed_and_they_are_forgotten_a_month_after_they_left(self, counsellor):
        from support.nights import night

        helper = starting.leave(starting.enrol(KARLA, ["grief"], by=counsellor, at=AT), by=counsellor, at=AT)
        assert b"grief" not in bytes(helper.topics_sealed)
        night(at=days_later(30))
        helper.refresh_from_db()
        assert (helper.party, helper.topics) == (None, None)

    def test_meetings_are_counted_once_a_day_and_end_at_ten(self, started, counsellor):
        at = days_later(100)
        for week in range(10):
            starting.count_meeting(
                started, on=MEETING_ON + timedelta(weeks=week), attended=5, by=counsellor, at=at
            )
        starting.count_meeting(started, on=MEETING_ON, attended=5, by=counsellor, at=at)
        assert starting.meetings_counted(started) == 10
        with pytest.raises(starting.EnoughMeetings):
            starting.count_meeting(
                started, on=MEETING_ON + timedelta(weeks=11), attended=5, by=counsellor, at=at
            )
        with pytest.raises(starting.MeetingsUnfit):
            starting.assign(started, None, meetings=11, by=counsellor, at=at)

    @pytest.mark.parametrize("on", [MEETING_ON - timedelta(days=1), LATER])
    def test_a_meeting_is_neither_before_the_first_nor_ahead(self, started, counsellor, on):
        with pytest.raises(starting.MeetingUnfit):
            starting.count_meeting(started, on=on, attended=5, by=counsellor, at=AT)

    def test_nothing_goes_public_too_early_without_basis_or_by_who_may_not_publish(self, started, counsellor):
        with pytest.raises(starting.StillAccompanied):
            enter(started, counsellor)
        starting.end_accompaniment(started, by=counsellor, at=AT)
        values = {"name": "Gruppe, Beispiel", "postcode": "59423", "town": "Unna"}
        for basis, on, refused in (
            ("none", MEETING_ON, upkeep.BasisUnclear),
            ("consent-form", None, listing.NoBasis),
        ):
            with pytest.raises(refused):
                starting.enter(
                    started, values, basis=basis, basis_on=on, number=uuid4(), by=counsellor, at=AT
                )
        assert not Group.objects.exists()
        assert Founding.objects.get(pk=started.pk).status == S.STARTING

    def test_the_group_stands_in_the_directory_once_the_list_closes_and_who_waits_hears(
        self, started, counsellor
    ):
        waits = interested.wish_to_be_told(
            ["tinnitus"], nth_person(7), text_version="1", how="form", by=counsellor, at=AT
        )
        starting.end_accompaniment(started, by=counsellor, at=AT)
        number = uuid4()
        group, again = (enter(started, counsellor, number=number) for _ in range(2))
        assert group.pk == again.pk == number
        assert (group.listed, group.basis, group.topics, group.founded) == (
            True,
            "consent-form",
            ["tinnitus"],
            "2026-03",
        )
        after = Founding.objects.get(pk=started.pk)
        assert (after.status, after.group_id) == (S.INDEPENDENT, number)
        assert interested.count(started) == 0
        assert Interest.objects.get(pk=waits.pk).status == InterestStatus.ENDED
        assert 180 <= (after.next_on - days.local_day(AT)).days <= 190

    def test_a_group_of_a_protected_topic_is_listed_protected(self, counsellor):
        from kontaktstelle.topics import tree

        hidden = next(topic.id for topic in tree.TOPICS.values() if topic.protected)
        group = brought_to(S.INDEPENDENT, counsellor, topics=[hidden]).group
        assert group.protected


class TestWhatIsNext:
    @pytest.mark.parametrize("status", list(S))
    def test_it_is_always_said_for_whom_and_until_when_and_names_nobody(self, counsellor, status):
        founding = brought_to(status, counsellor, covered_by=counsellor)
        found = coming.next_of(founding, on=MEETING_ON)
        assert found.what.endswith(".")
        assert found.whose == counsellor
        assert (found.until is None) == (status in {S.SETTLED, S.JOINED, S.GIVEN_UP})
        assert "Karla" not in repr(found.what)
        assert "Kanarien" not in repr(found)

    def test_the_day_shows_the_most_urgent_first_and_says_what_is_overdue(self, counsellor):
        begun(counsellor)
        exits.rest(begun(counsellor), until=date(2026, 3, 12), by=counsellor, at=AT)
        rows = coming.day(by=counsellor, on=date(2026, 3, 13))
        assert [row.is_overdue for row in rows] == [True, False]
        with pytest.raises(NotAllowed):
            coming.day(by=make_staff(counsellor.contact_point, "neu", roles=("reception",)), on=MEETING_ON)

    def test_a_list_of_relatives_only_and_people_to_ask_are_pointed_out(self, gathering, counsellor):
        for number in range(2):
            listed(gathering, counsellor, nth_person(number), who=Interest.Who.RELATIVE)
        found = coming.next_of(Founding.objects.get(), on=days.local_day(days_later(170)))
        assert found.also == (
            "2 auf der Liste fragen, ob sie bleiben möchten.",
            "Auf der Liste stehen nur Angehörige.",
        )


class TestDoubleClicks:
    def test_a_double_click_on_any_step_takes_it_once(self, counsellor):
        founding = begun(counsellor)
        talk = {
            "about": ["motives"],
            "role": "leads",
            "audience": ["betroffene"],
            "place_wish": "hier",
            "threshold": 2,
        }

        def twice(step, *on, **how):
            key = uuid4()
            first = step(*on, **how, by=counsellor, at=AT, form_key=key)
            lines = TrailEntry.objects.count()
            assert step(*on, **how, by=counsellor, at=AT, form_key=key).pk == first.pk, step
            assert TrailEntry.objects.count() == lines, step
            return first

        twice(advice.plan_talk, founding, on=LATER)
        twice(exits.rest, founding, until=LATER)
        twice(exits.resume, founding)
        twice(advice.record_talk, founding, **talk)
        advice.look_round(founding, by=counsellor, at=AT)
        twice(calling.begin_calling, founding)
        text = calling.write_text(founding, "Wer?", by=counsellor, at=AT)
        calling.approve_text(text, how="form", by=counsellor, at=AT)
        twice(calling.came_out, twice(calling.plan_outreach, founding, text, "press"))
        twice(calling.begin_gathering, founding)
        for number in range(2):
            listed(founding, counsellor, nth_person(number))
        venue = make_venue(founding.contact_point)
        first = twice(meeting.set_date, founding, on=MEETING_ON, starts=time(18), venue=venue)
        twice(meeting.hold, first, attended=3, minutes=meeting.Minutes())
        starting.end_accompaniment(founding, by=counsellor, at=AT)
        enter(founding, counsellor)
        twice(starting.talk_later, founding)
        twice(exits.give_up, begun(counsellor), reason="other")
