"""What somebody may ask of the office: to be told everything, to be erased at once, to be left at rest."""

import json
import re
from datetime import timedelta

import pytest

from kontaktstelle.enquiries import (
    clearing,
    disclosure,
    due,
    erasing_now,
    erasure,
    finding,
    intake,
    referral,
    restricting,
    threads,
)
from kontaktstelle.enquiries.models import CallBack, Contact, Enquiry, Intake, Note, Referral
from kontaktstelle.groups.models import Group
from kontaktstelle.mailroom.lifecycle import Status
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation import four_eyes, rights
from kontaktstelle.organisation.models import DelicateStep, Post
from kontaktstelle.privacy import restriction, trail
from kontaktstelle.privacy.models import Restriction, TrailEntry
from kontaktstelle.relay import channels
from kontaktstelle.relay.models import Channel, Message, Party, ReceiptCode, Side
from support.desk import AT, CANARIES, KARLA, a_whole_thread, days_later, make_enquiry, make_staff
from support.nights import night

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
WHY = "Die Person bestreitet, was Kanarienvogel hier notiert hat."


@pytest.fixture
def whole(here, group, counsellor):
    """An enquiry in which everything was put that could sing."""
    return a_whole_thread(here, group, counsellor)


@pytest.fixture
def leads_only(office):
    return make_staff(office, "leitung", roles=("leads",))


@pytest.fixture
def written(office):
    """An enquiry somebody wrote on the site, with post about it that has not left."""
    import uuid

    message = intake.Written(
        "Kanarienvogel sucht Hilfe", uuid.uuid4(), timedelta(minutes=2), way_back="karla.kanarie@example.org", agrees=True,
    )  # fmt: skip
    intake.receive(office, message, at=AT)
    return Enquiry.objects.get()


def long_held():
    Post.objects.update(given_at=AT - timedelta(days=30))


def restrict(enquiry, by, at=AT, days=200):
    return restricting.restrict(enquiry, reason=WHY, until=(at + timedelta(days=days)).date(), by=by, at=at)


class TestBeingTold:
    def test_everything_put_in_is_in_what_is_handed_out(self, whole, counsellor):
        told = disclosure.disclose(whole, by=counsellor, at=AT)
        text = disclosure.as_json(told).decode()

        missing = [canary for canary in CANARIES if canary not in text]
        assert not missing, f"Somebody is not told what is kept: {missing}"
        assert Group.objects.get().name in text
        assert "weitergabe-1" in text
        assert told.is_whole
        assert {part["title"] for part in json.loads(text)["sections"]} >= {
            "Kontakte",
            "Notizen",
            "Einwilligungen",
        }

    def test_who_it_was_passed_on_to_is_named(self, whole, counsellor):
        told = disclosure.disclose(whole, by=counsellor, at=AT)
        passed = next(part for part in told.sections if part.title.startswith("An wen"))
        assert [who for who, _ in passed.rows] == [Group.objects.get().name]

    def test_what_was_written_on_the_site_is_in_it_and_does_not_count_as_read(self, written, counsellor):
        text = disclosure.as_json(disclosure.disclose(written, by=counsellor, at=AT)).decode()
        assert "Kanarienvogel sucht Hilfe" in text
        assert "Hinweise, die das Programm verschickt hat" in text
        assert text.count("E-Mail, wartet") == 2
        assert Message.objects.get().read_at is None, "a message nobody answered would leave Heute"

    def test_what_a_person_and_a_group_wrote_to_each_other_stays_between_them(
        self, written, group, counsellor
    ):
        row = referral.draft(
            threads.take_up(written, by=counsellor, at=AT), to=group, route=Referral.Route.RELAY, by=counsellor, at=AT
        )  # fmt: skip
        referral.consent(row, text_version="weitergabe-1", how="telephone", by=counsellor, at=AT)
        referral.ask(row, by=counsellor, at=AT)
        referral.accept(row, by=counsellor, at=AT)
        channel = channels.of_referral(row.pk)
        channels.tell(channel, "Zwitschern unter uns", side=Side.GROUP, by="group", at=AT)
        text = disclosure.as_json(disclosure.disclose(written, by=counsellor, at=AT)).decode()
        assert "Nachrichten mit einer Gruppe" in text
        assert "Zwitschern" not in text

    def test_who_reads_no_notes_hands_out_none_and_the_paper_says_so(self, whole, leads_only):
        told = disclosure.disclose(whole, by=leads_only, at=AT)
        text = disclosure.as_json(told).decode()
        for canary in ("Kanariennotiz", "Kanarienvogel", "23125 778", "karla.kanarie", "Kanarienallee"):
            assert canary not in text
        assert disclosure.LEFT_OUT in text
        assert not told.is_whole

    def test_who_is_for_somebody_else_only_is_told_by_them(self, whole, counsellor, colleague):
        threads.cover(
            threads.take_up(whole, by=counsellor, at=AT), counsellor, only_me=True, by=counsellor, at=AT
        )
        row = Enquiry.objects.get()
        with pytest.raises(rights.NotAllowed, match="wer zuständig ist"):
            disclosure.disclose(row, by=colleague, at=AT)
        assert disclosure.disclose(row, by=counsellor, at=AT).is_whole

    def test_who_only_receives_calls_hands_out_nothing(self, office, whole):
        desk = make_staff(office, "empfang", roles=("reception",))
        for step in (
            lambda: disclosure.disclose(whole, by=desk, at=AT),
            lambda: erasing_now.erase_now(whole, by=desk, at=AT),
            lambda: erasing_now.what_goes(whole, by=desk),
            lambda: restrict(whole, desk),
        ):
            with pytest.raises(rights.NotAllowed):
                step()
        assert Note.objects.exists()

    def test_the_trail_says_that_content_was_opened(self, whole, counsellor, leads_only):
        disclosure.disclose(whole, by=leads_only, at=AT)
        disclosure.disclose(whole, by=counsellor, at=AT)
        lines = TrailEntry.objects.filter(action="enquiry.disclosed").order_by("number")
        assert [(line.actor, line.fields) for line in lines] == [
            (str(leads_only.pk), ""),
            (str(counsellor.pk), "content"),
        ]
        assert TrailEntry.objects.filter(action="enquiry.notes-read").exists()

    def test_the_paper_is_a_pdf_whatever_was_typed(self, office, counsellor):
        enquiry = make_enquiry(office, counsellor, person=KARLA)
        threads.write_note(
            enquiry, '#eval("1") $x$ `` \\ <a> „“ \u202e \U0001f600\n\n*nicht fett*', by=counsellor, at=AT
        )
        assert disclosure.as_pdf(disclosure.disclose(enquiry, by=counsellor, at=AT)).startswith(b"%PDF")

    def test_when_the_person_is_gone_there_is_nothing_to_tell(self, whole, counsellor):
        erasing_now.erase_now(whole, by=counsellor, at=AT)
        with pytest.raises(disclosure.NothingKept):
            disclosure.disclose(Enquiry.objects.get(), by=counsellor, at=AT)


class TestBeingErased:
    def test_the_page_says_in_numbers_what_goes_and_what_stays(self, whole, counsellor):
        goes = erasing_now.what_goes(whole, by=counsellor)
        assert (goes.has_way_back, goes.notes, goes.call_backs, goes.contacts, goes.referrals) == (
            True,
            2,
            1,
            1,
            1,
        )
        assert (goes.consents, goes.passed_on) == (1, 1)

    def test_nothing_sings_afterwards_and_the_counts_stay(self, whole, counsellor):
        erasing_now.erase_now(whole, by=counsellor, at=AT)
        assert not any(model.objects.exists() for model in (Note, Party, CallBack, Channel))
        gone, contact = Enquiry.objects.get(), Contact.objects.get()
        assert (gone.de_identified, gone.party, gone.phone_index) == (True, None, "")
        assert (contact.month, contact.topics, contact.de_identified) == (
            AT.date().replace(day=1),
            ["anxiety-panic"],
            True,
        )
        assert Referral.objects.get().came_into_contact

    def test_an_open_one_goes_too_with_its_message_its_code_and_its_post(self, written, counsellor):
        assert Message.objects.exists()
        assert ReceiptCode.objects.exists()
        assert Dispatch.objects.filter(status=Status.WAITING, about=written.pk).count() == 2
        erasing_now.erase_now(written, by=counsellor, at=AT)
        assert not any(model.objects.exists() for model in (Message, Channel, ReceiptCode, Party, Intake))
        left = Dispatch.objects.filter(about=written.pk)
        assert {row.status for row in left} == {Status.CANCELLED}, (
            "post would still be sent to somebody erased"
        )
        assert all(row.recipient_sealed is None for row in left)

    def test_the_number_proves_it_and_leads_to_nobody(self, office, whole, counsellor):
        proof = erasing_now.erase_now(whole, by=counsellor, at=AT)
        assert re.fullmatch(rf"L-{office.pk}-\d+", proof.number)
        line = TrailEntry.objects.get(contact_point=office.pk, number=int(proof.number.rsplit("-", 1)[1]))
        assert (line.action, line.actor) == (erasing_now.ACTION, str(counsellor.pk))
        assert erasing_now.proof(Enquiry.objects.get()) == proof
        assert trail.broken_at(office.pk) is None

    @pytest.mark.usefixtures("whole")
    def test_whose_period_was_over_by_itself_has_no_such_number(self):
        night(at=days_later(91))
        assert erasing_now.proof(Enquiry.objects.get()) is None

    def test_a_second_click_erases_nothing_twice(self, whole, counsellor):
        proof = erasing_now.erase_now(whole, by=counsellor, at=AT, seen=whole.version)
        with pytest.raises(erasing_now.ErasedAlready):
            erasing_now.erase_now(whole, by=counsellor, at=AT, seen=whole.version)
        assert erasing_now.proof(Enquiry.objects.get()) == proof

    def test_what_is_restricted_is_not_erased_before_that_is_lifted_and_then_the_reason_goes_too(
        self, whole, counsellor
    ):
        restrict(whole, counsellor)
        with pytest.raises(restricting.IsRestricted):
            erasing_now.erase_now(whole, by=counsellor, at=AT)
        assert Note.objects.exists()
        restricting.lift(whole, by=counsellor, at=AT)
        erasing_now.erase_now(whole, by=counsellor, at=AT)
        assert not Restriction.objects.exists()
        assert DelicateStep.objects.get().reason is None


class TestBeingLeftAtRest:
    def test_the_night_takes_nothing_while_it_holds_and_everything_afterwards(self, whole, counsellor):
        restrict(whole, counsellor, at=days_later(80))
        assert erasure.upcoming(at=days_later(92)).enquiries == ()
        night(at=days_later(93))
        assert Note.objects.exists()
        assert CallBack.objects.exists()
        night(at=days_later(80 + restriction.ALONE_DAYS + 1))
        assert not Note.objects.exists()

    def test_messages_that_were_read_long_ago_stay_too(self, written, counsellor):
        channels.thread(channels.of_matter(written.pk)[0], side=Side.OFFICE, by="x", at=AT)
        restrict(written, counsellor, at=days_later(29))
        night(at=days_later(40))
        assert Message.objects.exists()
        night(at=days_later(60))
        assert not Message.objects.exists()

    def test_post_that_has_not_left_is_taken_back_and_none_follows(self, written, counsellor):
        from kontaktstelle.enquiries import correspondence

        restrict(written, counsellor)
        assert {row.status for row in Dispatch.objects.all()} == {Status.CANCELLED}
        with pytest.raises(restricting.IsRestricted):
            correspondence.tell(written, "Wir haben etwas für Sie.", by=counsellor, at=AT)
        assert Message.objects.count() == 1
        assert not Dispatch.objects.filter(status=Status.WAITING).exists()

    def test_a_group_that_answers_meanwhile_is_kept_and_mails_nobody(self, written, group, counsellor):
        from kontaktstelle.enquiries import correspondence

        row = referral.draft(
            threads.take_up(written, by=counsellor, at=AT), to=group, route=Referral.Route.RELAY, by=counsellor, at=AT
        )  # fmt: skip
        referral.consent(row, text_version="weitergabe-1", how="telephone", by=counsellor, at=AT)
        referral.ask(row, by=counsellor, at=AT)
        referral.accept(row, by=counsellor, at=AT)
        channel = channels.of_referral(row.pk)
        restrict(written, counsellor)
        correspondence.reply_of_group(channel.pk, "Sie können kommen.", at=AT)
        assert channels.told(channel)
        assert not Dispatch.objects.filter(status=Status.WAITING).exists(), (
            "the person is written to while at rest"
        )
        restricting.lift(written, by=counsellor, at=AT)
        correspondence.read_by_seeker(written.pk, at=AT)
        correspondence.reply_of_group(channel.pk, "Sie können immer noch kommen.", at=AT)
        assert Dispatch.objects.filter(status=Status.WAITING).exists(), (
            "and the test would not see it otherwise"
        )

    def test_no_group_is_asked_about_somebody_at_rest(self, office, group, counsellor):
        enquiry = make_enquiry(office, counsellor, person=KARLA)
        row = referral.draft(enquiry, to=group, route=Referral.Route.CALL_BACK, by=counsellor, at=AT)
        referral.consent(row, text_version="weitergabe-1", how="telephone", by=counsellor, at=AT)
        restrict(enquiry, counsellor)
        with pytest.raises(restricting.IsRestricted):
            referral.ask(row, by=counsellor, at=AT)
        with pytest.raises(restricting.IsRestricted):
            referral.draft(enquiry, to=group, by=counsellor, at=AT)
        with pytest.raises(restricting.IsRestricted):
            clearing.record(enquiry, ["fits"], by=counsellor, at=AT)

    def test_heute_does_not_show_it_and_its_number_still_finds_it(self, office, counsellor):
        enquiry = make_enquiry(office, counsellor, person=KARLA)
        at = days_later(30)

        def shown():
            today = due.day(by=counsellor, at=at)
            return [item.number for part in (today.overdue, today.due, today.new) for item in part]

        assert enquiry.number in shown()
        restrict(enquiry, counsellor, at=at)
        assert enquiry.number not in shown()
        assert finding.caller(enquiry.number, by=counsellor, at=at).enquiries == (enquiry.number,)
        assert finding.caller("030 23125778", by=counsellor, at=at).enquiries == (enquiry.number,)

    def test_alone_it_holds_a_fortnight_and_a_second_person_lets_it_stand(self, whole, counsellor, colleague):
        long_held()
        row = restrict(whole, counsellor)
        assert restricting.of(whole, at=days_later(15)) is None
        restricting.let_stand(whole, by=colleague, at=AT)
        assert restricting.of(whole, at=days_later(15)) == row
        assert Restriction.objects.get().confirmed_by == colleague.pk
        assert restricting.of(whole, at=days_later(201)) is None, (
            "nothing is kept for good by being forgotten"
        )

    def test_one_is_not_two_but_in_an_office_of_one_two_days_and_a_call_are_enough(self, whole, counsellor):
        row = restrict(whole, counsellor)
        with pytest.raises(four_eyes.StillWaiting):
            restricting.let_stand(whole, by=counsellor, at=days_later(3))
        restricting.called_back(whole, by=counsellor, at=days_later(1))
        with pytest.raises(four_eyes.StillWaiting):
            restricting.let_stand(whole, by=counsellor, at=days_later(1))
        restricting.let_stand(whole, by=counsellor, at=days_later(3))
        assert restricting.of(whole, at=days_later(100)) == row

    def test_somebody_invited_for_it_does_not_confirm(self, whole, counsellor, colleague):
        restrict(whole, counsellor)
        with pytest.raises(four_eyes.TooNewToConfirm):
            restricting.let_stand(whole, by=colleague, at=AT)

    def test_lifted_it_is_lifted_and_may_be_laid_anew(self, whole, counsellor):
        restrict(whole, counsellor)
        with pytest.raises(restricting.RestrictedAlready):
            restrict(whole, counsellor)
        restricting.lift(whole, by=counsellor, at=AT)
        with pytest.raises(restricting.NotRestricted):
            restricting.lift(whole, by=counsellor, at=AT)
        assert restrict(whole, counsellor).holds_until > AT.date()

    def test_the_reason_lies_sealed(self, whole, counsellor):
        row = restrict(whole, counsellor)
        assert Restriction.objects.get().reason == WHY
        assert b"Kanarien" not in bytes(
            Restriction.unscoped.values_list("reason_sealed", flat=True).get(pk=row.pk)
        )

    @pytest.mark.parametrize("reason", ["", "weil", "          \n"])
    def test_without_a_reason_nothing_is_restricted(self, whole, counsellor, reason):
        with pytest.raises((restriction.ReasonMissing, four_eyes.ReasonMissing)):
            restricting.restrict(whole, reason=reason, until=days_later(20).date(), by=counsellor, at=AT)
        assert not Restriction.objects.exists()
