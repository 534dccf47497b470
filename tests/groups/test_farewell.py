"""A group ends with a reason, its people go, its history stays, and nobody who was on the way to it is left standing."""

from datetime import timedelta

import pytest

from kontaktstelle.directory.models import Entry
from kontaktstelle.enquiries import farewells, referral
from kontaktstelle.enquiries.lifecycle import ReferralStatus
from kontaktstelle.enquiries.models import Enquiry, Referral
from kontaktstelle.groups import upkeep
from kontaktstelle.groups.entry import farewell
from kontaktstelle.groups.entry.models import Farewell
from kontaktstelle.groups.lifecycle import Stage, WrongStage
from kontaktstelle.groups.listing import GroupChangedMeanwhile
from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import retention
from kontaktstelle.relay import channels
from kontaktstelle.relay.models import Channel, Message, Party
from support.canaries import make_canary
from support.desk import AT, KARLA, make_enquiry
from support.people import A_DAY, A_MOMENT, make_group, make_member
from support.visiting import text_of, visitor

pytestmark = pytest.mark.django_db
NIGHT = A_MOMENT + timedelta(days=farewell.UNDO_DAYS)


@pytest.fixture
def counsels(office):
    return make_member(office, "counsels", second_factor=False)


@pytest.fixture(autouse=True)
def here(office):
    with acting_for(office):
        yield


@pytest.fixture
def group(office):
    return make_group(office)


def end(group, by, reason="contact", *, on=A_DAY, at=A_MOMENT, seen=None, **more):
    return farewell.dissolve(group, reason, on=on, by=by, at=at, seen=seen, **more)


def fresh(group):
    return Group.objects.get(pk=group.pk)


def test_it_leaves_the_directory_at_once_with_its_reason(group, counsels):
    row = end(group, counsels, words="Frau Kanarie ist verzogen.")
    assert fresh(group).stage == Stage.DISSOLVED
    assert not Entry.objects.exists()
    assert (row.reason, row.words) == ("contact", "Frau Kanarie ist verzogen.")


@pytest.mark.parametrize(
    ("reason", "on", "refused"),
    [("", A_DAY, farewell.ReasonMissing), ("weil", A_DAY, farewell.ReasonMissing), ("few", A_DAY + timedelta(days=1), farewell.DayUnfit)],
)  # fmt: skip
def test_without_a_reason_or_ahead_of_time_it_does_not_end(group, counsels, reason, on, refused):
    with pytest.raises(refused):
        end(group, counsels, reason, on=on)
    assert fresh(group).stage == Stage.OPEN


def test_a_double_click_ends_once_and_an_old_page_is_refused(group, counsels):
    old = fresh(group).changed_at
    upkeep.move(group, Stage.FULL, by=counsels, at=A_MOMENT, seen=None)
    with pytest.raises(GroupChangedMeanwhile):
        end(group, counsels, seen=old)
    assert end(group, counsels) == end(group, counsels, "few")
    assert Farewell.objects.count() == 1


def test_who_ended_without_a_farewell_gets_none(office, counsels):
    gone = make_group(office, stage=Stage.DISSOLVED, dissolved_on=A_DAY, listed=False)
    with pytest.raises(WrongStage):
        end(gone, counsels)
    with pytest.raises(farewell.NothingToUndo):
        farewell.undo(gone, by=counsels, at=A_MOMENT)


def test_the_preview_says_what_goes_and_what_stays(office, counsels):
    group = make_canary(office, opened=["public_phone"])
    told = farewell.preview(group, on=A_DAY)
    said = " ".join(told.goes)
    assert "Ansprechperson" in said
    assert "Telefon" in said
    assert dict(told.stays)["Name"] == group.name
    assert told.erased_after == A_DAY + timedelta(days=7)


class TestErasing:
    def test_for_a_week_nothing_goes_then_the_people_and_texts(self, office, counsels):
        group = make_canary(office, opened=["public_phone", "public_email"])
        end(group, counsels, words="Frau Kanarie ist verzogen.")
        retention.run(at=NIGHT - timedelta(days=1))
        assert fresh(group).public_phone
        assert ContactPerson.objects.exists()
        retention.run(at=NIGHT)
        after, row = fresh(group), Farewell.objects.get()
        assert not ContactPerson.objects.exists()
        assert not Party.objects.exists()
        assert (after.public_phone, after.public_email, after.description, after.town, after.note) == (
            "",
            "",
            "",
            "",
            None,
        )
        assert (row.words, row.reason, row.erased_on) == (None, "contact", NIGHT.date())
        assert (after.name, after.topics, after.kreis_key) == (group.name, group.topics, group.kreis_key)
        assert after.dissolved_on == A_DAY

    def test_who_dates_the_end_back_has_the_same_week(self, office, counsels):
        group = make_canary(office, opened=["public_phone"])
        end(group, counsels, on=A_DAY - timedelta(days=60))
        retention.run(at=A_MOMENT + timedelta(days=1))
        assert fresh(group).public_phone
        retention.run(at=NIGHT)
        assert not fresh(group).public_phone

    @pytest.mark.parametrize("stage", [Stage.FULL, Stage.INTAKE_STOP, Stage.PAUSED])
    def test_till_then_it_can_be_taken_back(self, office, counsels, stage):
        group = make_group(office)
        until = A_DAY + timedelta(days=90) if stage == Stage.INTAKE_STOP else None
        upkeep.move(group, stage, by=counsels, at=A_MOMENT, until=until, seen=None)
        before = {each.name: getattr(fresh(group), each.attname) for each in Group._meta.concrete_fields}
        end(group, counsels)
        farewell.undo(group, by=counsels, at=A_MOMENT)
        farewell.undo(group, by=counsels, at=A_MOMENT)
        after = {each.name: getattr(fresh(group), each.attname) for each in Group._meta.concrete_fields}
        assert {name for name in before if before[name] != after[name]} == {"changed_at"}
        assert Entry.objects.get().group == group.pk
        assert not Farewell.objects.exists()

    def test_then_not_any_more(self, group, counsels):
        end(group, counsels)
        retention.run(at=NIGHT)
        with pytest.raises(farewell.NothingToUndo):
            farewell.undo(group, by=counsels, at=NIGHT)


class TestTheOldAddress:
    def test_it_leads_to_the_nearest_group_of_the_topic_with_a_kind_sentence(self, office, group, counsels):
        near = make_group(office, name="Nah und gleich", town="Kamen", lat=51.59, lon=7.66)
        make_group(office, name="Fern und gleich", town="Köln", lat=50.94, lon=6.96, kreis_key="05315")
        make_group(office, name="Nah und anders", topics=["depression"])
        end(group, counsels, on=A_DAY)
        Farewell.objects.update(forwards_until=A_DAY + timedelta(days=3650))
        answer = visitor().get(f"/gruppe/{group.slug}/")
        said = text_of(answer)
        assert answer.status_code == 410
        assert "gibt es nicht mehr" in said
        assert said.index(near.name) < said.index("Fern und gleich")
        assert "Nah und anders" not in said
        assert "/themen/anxiety-panic/" in said
        assert not answer.cookies

    def test_without_another_group_it_leads_to_the_topic(self, group, counsels):
        end(group, counsels)
        Farewell.objects.update(forwards_until=A_DAY + timedelta(days=3650))
        assert "/themen/anxiety-panic/" in text_of(visitor().get(f"/gruppe/{group.slug}/"))

    def test_after_a_year_nothing_stands_there(self, group, counsels):
        end(group, counsels)
        assert farewell.past(group.slug, on=A_DAY + timedelta(days=365)) is not None
        assert farewell.past(group.slug, on=A_DAY + timedelta(days=366)) is None
        retention.run(at=A_MOMENT + timedelta(days=367))
        assert Farewell.objects.get().slug == ""

    def test_a_group_that_never_was_public_leaves_no_trace(self, office, counsels):
        hidden = make_group(office, listed=False)
        end(hidden, counsels)
        assert visitor().get(f"/gruppe/{hidden.slug}/").status_code == 404

    def test_a_protected_group_gives_away_no_place(self, office, counsels):
        group = make_canary(office, protected=True)
        end(group, counsels, words="Treffpunkt bekannt geworden")
        row = Farewell.objects.get()
        assert (row.lat, row.lon) != (group.lat, group.lon)
        Farewell.objects.update(forwards_until=A_DAY + timedelta(days=3650))
        said = text_of(visitor().get(f"/gruppe/{group.slug}/"))
        for secret in (group.town, group.meeting_text, group.public_phone, "bekannt geworden"):
            assert not secret or secret not in said


class TestOpenReferrals:
    def brought(self, office, group, by, *steps):
        row = referral.draft(
            make_enquiry(office, by, person=KARLA), to=group, route=Referral.Route.RELAY, by=by, at=AT
        )
        for step in steps:
            more = {"text_version": "x", "how": "telephone"} if step == "consent" else {}
            row = getattr(referral, step)(row, by=by, at=AT, **more)
        return row

    @pytest.mark.parametrize("steps", [(), ("consent",), ("consent", "ask"), ("consent", "ask", "accept")])
    def test_what_was_on_its_way_ends_and_is_a_task(self, office, group, counsels, steps):
        row = self.brought(office, group, counsels, *steps)
        end(group, counsels, at=AT, on=AT.date())
        row.refresh_from_db()
        enquiry = Enquiry.objects.get(pk=row.enquiry_id)
        assert (row.status, row.channel) == (ReferralStatus.ENDED, None)
        assert (enquiry.status, enquiry.waits_for) == ("open", "")
        assert enquiry.due_on is not None

    def test_a_channel_gets_a_kind_last_sentence(self, office, group, counsels):
        row = self.brought(office, group, counsels, "consent", "ask", "accept", "confirm_contact")
        end(group, counsels, at=AT, on=AT.date())
        channel = Channel.objects.get(referral=row.pk)
        assert channel.closed_at is not None
        assert [(each.side, each.text) for each in Message.objects.filter(channel=channel)] == [
            ("office", farewells.KIND_SENTENCE)
        ]
        row.refresh_from_db()
        assert row.status == ReferralStatus.IN_CONTACT, "what came about has come about"
        with pytest.raises(channels.ChannelClosed):
            channels.tell(channel, "Hallo", side="group", by="group", at=AT)

    def test_referrals_to_others_go_on(self, office, group, counsels):
        row = self.brought(office, make_group(office, name="Eine andere"), counsels, "consent", "ask")
        end(group, counsels, at=AT, on=AT.date())
        row.refresh_from_db()
        assert row.status == ReferralStatus.ASKED

    def test_who_keeps_the_records_ends_a_group_too(self, office, group, counsels):
        self.brought(office, group, counsels, "consent", "ask")
        end(group, make_member(office, "upkeep", second_factor=False), at=AT, on=AT.date())
        assert Referral.objects.get().status == ReferralStatus.ENDED


def test_who_may_not_edit_ends_nothing(office, group):
    with pytest.raises(NotAllowed):
        end(group, make_member(office, "reception", second_factor=False))
