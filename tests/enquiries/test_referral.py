"""Vermittlung: consent before data move, an answer within five working days, withdrawal at any time."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from kontaktstelle.enquiries import (
    arrangements,
    clearing,
    correspondence,
    figures,
    follow_up,
    log,
    referral,
    threads,
)
from kontaktstelle.enquiries.access import NotAllowed
from kontaktstelle.enquiries.figures import ByReferral, Period
from kontaktstelle.enquiries.keeping import ChangedMeanwhile
from kontaktstelle.enquiries.lifecycle import REFERRAL_STEPS, ReferralStatus, WrongStatus
from kontaktstelle.enquiries.models import Arrangement, Consent, Contact, Enquiry, Referral
from kontaktstelle.groups import listing
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.organisation.closings import close
from kontaktstelle.relay import channels
from kontaktstelle.relay.models import Channel
from support.desk import AT, KARLA, days_later, make_enquiry
from support.people import make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
S, YEAR = ReferralStatus, Period.year(2026)


@pytest.fixture
def enquiry(office, counsellor):
    return make_enquiry(office, counsellor, person=KARLA)


@pytest.fixture
def drafted(enquiry, group, counsellor):
    return referral.draft(enquiry, to=group, route=Referral.Route.CALL_BACK, by=counsellor, at=AT)


def agreed(row, by, at=AT):
    return referral.consent(row, text_version="weitergabe-1", how="telephone", by=by, at=at)


@pytest.fixture
def consented(drafted, counsellor):
    return agreed(drafted, counsellor)


def brought_to(status, enquiry, group, by):
    """Return a referral in a status, by the steps that lead there."""
    route = Referral.Route.OPEN if status == S.TOLD else Referral.Route.CALL_BACK
    row = referral.draft(enquiry, to=group, route=route, by=by, at=AT)
    ways = {
        S.DRAFT: [], S.TOLD: ["tell"], S.CONSENTED: ["consent"], S.ASKED: ["consent", "ask"], S.ACCEPTED: ["consent", "ask", "accept"],
        S.DECLINED: ["consent", "ask", "decline"], S.IN_CONTACT: ["consent", "ask", "accept", "confirm_contact"],
        S.OUTCOME: ["consent", "ask", "accept", "confirm_contact", "outcome"], S.WITHDRAWN: ["withdraw"], S.ENDED: ["end"],
    }  # fmt: skip
    for step in ways[status]:
        row = taken(step, row, by)
    assert row.status == status
    return row


def taken(step, row, by):
    if step == "consent":
        return agreed(row, by)
    if step == "outcome":
        return referral.outcome(row, "visited", by=by, at=AT)
    return getattr(referral, step)(row, by=by, at=AT)


LEADS_TO = {
    "tell": S.TOLD, "consent": S.CONSENTED, "ask": S.ASKED, "accept": S.ACCEPTED, "decline": S.DECLINED, "confirm_contact": S.IN_CONTACT,
    "outcome": S.OUTCOME, "withdraw": S.WITHDRAWN, "end": S.ENDED,
}  # fmt: skip
# What has come to its end still lets a consent be withdrawn: that has tests of its own.
OVER = {S.DECLINED, S.OUTCOME}
WRONG = [
    (now, step)
    for now in S
    for step, to in LEADS_TO.items()
    if to not in REFERRAL_STEPS[now] and not (step == "withdraw" and now in OVER)
]


@pytest.mark.parametrize(("now", "step"), WRONG)
def test_no_step_is_taken_from_a_wrong_status(enquiry, group, counsellor, now, step):
    row = brought_to(now, enquiry, group, counsellor)
    with pytest.raises(WrongStatus):
        taken(step, row, counsellor)
    assert Referral.objects.get(pk=row.pk).status == now


def test_the_whole_way_to_a_visit(enquiry, group, counsellor):
    row = brought_to(S.OUTCOME, enquiry, group, counsellor)

    assert (row.result, row.came_into_contact, row.due_on) == ("visited", True, None)
    assert figures.referrals(YEAR, ByReferral.RESULT).of("visited") == 1
    assert figures.referrals(YEAR, ByReferral.ROUTE).of("R2") == 1


def test_telling_what_is_public_needs_no_consent_and_moves_nothing(enquiry, group, counsellor):
    row = referral.draft(enquiry, to=group, by=counsellor, at=AT)
    with pytest.raises(referral.NoConsentNeeded):
        agreed(row, counsellor)
    told = referral.tell(row, by=counsellor, at=AT)
    assert (told.status, told.counted_in) == (S.TOLD, date(2026, 3, 1))


def test_a_route_that_moves_data_is_not_just_told(drafted, counsellor):
    with pytest.raises(referral.ConsentMissing):
        referral.tell(drafted, by=counsellor, at=AT)


def test_consent_keeps_which_text_how_and_when_and_finds_the_address_blindly(drafted, counsellor, enquiry):
    agreed(drafted, counsellor)
    proof = Consent.objects.get()
    assert (proof.text_version, proof.how, proof.given_at) == ("weitergabe-1", "telephone", AT)
    assert proof.address_index == enquiry.phone_index != ""


def test_a_withdrawn_consent_does_not_let_anybody_be_asked(consented, counsellor):
    Consent.objects.update(withdrawn_at=AT)
    with pytest.raises(referral.ConsentMissing):
        referral.ask(consented, by=counsellor, at=AT)


def test_an_answer_is_due_in_five_working_days_on_a_day_somebody_is_there(consented, counsellor, enquiry):
    asked = referral.ask(consented, by=counsellor, at=AT)

    assert asked.due_on == date(2026, 3, 17)  # Tuesday to Tuesday
    enquiry = Enquiry.objects.get(pk=enquiry.pk)
    assert (enquiry.status, enquiry.waits_for, enquiry.due_on) == ("waiting", "group", asked.due_on)


def test_holidays_and_closings_are_no_working_days(consented, counsellor, here):
    close(here, date(2026, 4, 8), date(2026, 4, 9), "Fortbildung", by="test", at=AT)
    asked = referral.ask(
        consented, by=counsellor, at=days_later(22)
    )  # 1 April; Good Friday 3, Easter Monday 6
    assert asked.due_on == date(2026, 4, 14)


def test_withdrawal_closes_everything_at_once_from_any_open_status(enquiry, group, counsellor):
    for now in (S.DRAFT, S.CONSENTED, S.ASKED, S.ACCEPTED, S.IN_CONTACT):
        row = brought_to(now, enquiry, group, counsellor)
        if now in {S.ACCEPTED, S.IN_CONTACT}:
            opened = channels.open_channel(enquiry.pk, referral=row.pk, by="group", at=AT)
            Referral.objects.filter(pk=row.pk).update(channel=opened.pk)
        gone = referral.withdraw(row, by=counsellor, at=AT)

        assert (gone.status, gone.channel) == (S.WITHDRAWN, None)
        assert not Consent.objects.filter(referral=row, withdrawn_at=None).exists()
        assert (found := channels.of_referral(row.pk)) is None or found.closed_at == AT


def test_what_was_asked_counts_even_if_it_is_withdrawn(enquiry, group, counsellor):
    referral.withdraw(brought_to(S.ASKED, enquiry, group, counsellor), by=counsellor, at=AT)
    referral.withdraw(brought_to(S.CONSENTED, enquiry, group, counsellor), by=counsellor, at=AT)
    assert figures.referrals(YEAR).total == 1


def test_a_channel_never_stands_open_before_the_group_said_yes(consented):
    opened = channels.open_channel(consented.enquiry_id, referral=consented.pk, by="group", at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=consented.pk).update(channel=opened.pk)


def test_an_open_referral_without_a_day_is_refused_by_the_database(consented):
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=consented.pk).update(due_on=None)


@pytest.mark.parametrize("stage", [Stage.FULL, Stage.INTAKE_STOP, Stage.PAUSED])
def test_a_group_that_takes_nobody_is_not_asked(consented, group, counsellor, stage):
    listing.move(group, stage, by="test", at=AT)
    with pytest.raises(referral.GroupTakesNoReferrals):
        referral.ask(consented, by=counsellor, at=AT)
    assert Referral.objects.get(pk=consented.pk).status == S.CONSENTED


def test_a_group_is_asked_only_as_often_as_agreed_each_month(office, enquiry, group, counsellor):
    arrangements.agree(group, {"new_per_month": 1}, by=counsellor, at=AT)
    brought_to(S.ASKED, enquiry, group, counsellor)
    second = brought_to(S.CONSENTED, make_enquiry(office, counsellor), group, counsellor)
    with pytest.raises(referral.EnoughThisMonth):
        referral.ask(second, by=counsellor, at=AT)
    assert referral.ask(second, by=counsellor, at=days_later(23)).status == S.ASKED


def test_in_a_crisis_referrals_rest_until_a_person_lets_them_go_on(consented, enquiry, group, counsellor):
    contact = Contact.objects.get(enquiry=enquiry)
    noted = clearing.crisis(contact, by=counsellor, at=AT)
    assert noted.outcomes == ["crisis-help"]
    with pytest.raises(referral.ReferralsRest):
        referral.ask(consented, by=counsellor, at=AT)
    with pytest.raises(referral.ReferralsRest):
        referral.draft(enquiry, to=group, by=counsellor, at=AT)
    clearing.go_on(enquiry, by=counsellor, at=AT)
    assert referral.ask(consented, by=counsellor, at=AT).status == S.ASKED


def test_in_a_crisis_withdrawing_is_still_possible(consented, enquiry, counsellor):
    clearing.crisis(Contact.objects.get(enquiry=enquiry), by=counsellor, at=AT)
    assert referral.withdraw(consented, by=counsellor, at=AT).status == S.WITHDRAWN


def test_a_group_of_another_office_is_refused_in_words(enquiry, group_elsewhere, counsellor):
    with pytest.raises(referral.GroupElsewhere):
        referral.draft(enquiry, to=group_elsewhere, by=counsellor, at=AT)


def test_a_group_of_another_office_is_refused_by_the_database_too(drafted, group_elsewhere, office):
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=drafted.pk).update(group=group_elsewhere)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.create(
            contact_point=office, enquiry=drafted.enquiry, group=group_elsewhere, route="R0", due_on=date(2026, 3, 12)
        )  # fmt: skip


def test_a_double_click_drafts_one_referral(enquiry, group, counsellor):
    key = uuid4()
    first, second = (referral.draft(enquiry, to=group, by=counsellor, at=AT, form_key=key) for _ in range(2))
    assert first.pk == second.pk
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("now", [S.DRAFT, S.TOLD, S.CONSENTED, S.ASKED, S.ACCEPTED, S.IN_CONTACT])
def test_of_two_on_one_card_who_refer_to_the_same_group_one_is_told_and_it_counts_once(
    enquiry, group, counsellor, colleague, now
):
    first = brought_to(now, enquiry, group, counsellor)
    with pytest.raises(referral.AlreadyReferred):
        referral.draft(enquiry, to=group, route=first.route, by=colleague, at=AT)
    assert Referral.objects.count() == 1


def test_who_was_told_of_a_group_may_still_be_led_there(office, enquiry, group, counsellor):
    brought_to(S.TOLD, enquiry, group, counsellor)
    referral.draft(enquiry, to=group, route=Referral.Route.RELAY, by=counsellor, at=AT)
    referral.draft(enquiry, to=make_group(office, "Gruppe Schlaf, Beispiel"), by=counsellor, at=AT)
    assert Referral.objects.count() == 3


@pytest.mark.parametrize("now", [S.DECLINED, S.OUTCOME, S.WITHDRAWN, S.ENDED])
def test_what_has_come_to_its_end_may_be_tried_again(enquiry, group, counsellor, now):
    brought_to(now, enquiry, group, counsellor)
    assert referral.draft(enquiry, to=group, by=counsellor, at=AT).status == S.DRAFT


def test_every_step_of_a_referral_locks_the_enquiry_first(consented, counsellor, monkeypatch):
    """Closing locks the enquiry and then its referrals: the other way round the database ends one of the two."""
    order, plain = [], QuerySet.select_for_update

    def noted(rows, *args, **kwargs):
        order.append(rows.model)
        return plain(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    for step in ("ask", "accept", "withdraw"):
        order.clear()
        consented = taken(step, consented, counsellor)
        assert order.index(Enquiry) < order.index(Referral), step


@pytest.mark.parametrize("who", ["seeker", "group"])
def test_a_reply_locks_the_enquiry_before_the_channel_as_a_withdrawal_does(
    enquiry, group, counsellor, monkeypatch, who
):
    """The other way round a reply and a Widerruf at the same moment end in a fault for one of the two."""
    row = referral.draft(enquiry, to=group, route=Referral.Route.RELAY, by=counsellor, at=AT)
    for step in ("consent", "ask", "accept"):
        row = taken(step, row, counsellor)
    channel = Channel.objects.get(referral=row.pk)
    order, plain = [], QuerySet.select_for_update

    def noted(rows, *args, **kwargs):
        order.append(rows.model)
        return plain(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    if who == "seeker":
        correspondence.reply_of_seeker(enquiry.pk, channel.pk, "Guten Tag", at=AT)
    else:
        correspondence.reply_of_group(channel.pk, "Guten Tag", at=AT)
    assert order.index(Enquiry) < order.index(Channel)


def test_of_two_who_answer_for_the_group_the_second_is_told(enquiry, group, counsellor, colleague):
    asked = brought_to(S.ASKED, enquiry, group, counsellor)
    referral.accept(asked, by=counsellor, at=AT, seen=asked.version)
    with pytest.raises(ChangedMeanwhile):
        referral.decline(asked, reason="full", by=colleague, at=AT, seen=asked.version)


def test_an_enquiry_with_a_running_referral_is_not_closed(enquiry, group, counsellor):
    asked = brought_to(S.ASKED, enquiry, group, counsellor)
    with pytest.raises(threads.ReferralStillOpen):
        threads.close(enquiry, by=counsellor, at=AT)
    referral.decline(asked, reason="full", by=counsellor, at=AT)
    prepared = brought_to(S.CONSENTED, enquiry, group, counsellor)
    threads.close(enquiry, by=counsellor, at=AT)
    assert Referral.objects.get(pk=prepared.pk).status == S.ENDED
    with pytest.raises(referral.EnquiryIsClosed):
        referral.draft(enquiry, to=group, by=counsellor, at=AT)


def test_nobody_is_asked_later_who_did_not_agree(enquiry, group, counsellor):
    row = brought_to(S.IN_CONTACT, enquiry, group, counsellor)
    with pytest.raises(follow_up.NotAgreed):
        follow_up.plan(row, on=date(2026, 5, 1), by=counsellor, at=AT)
    referral.consent(
        row,
        text_version="nachfrage-1",
        how="telephone",
        by=counsellor,
        at=AT,
        purpose=Consent.Purpose.FOLLOW_UP,
    )
    planned = follow_up.plan(row, on=date(2026, 5, 1), by=counsellor, at=AT)
    assert planned.follow_up_on == date(2026, 5, 5)  # 1 May is a holiday; Tuesday is the next day with hours


def test_conditions_are_kept_as_they_were_discussed(office, enquiry, counsellor):
    strict = make_group(office, "Gruppe Streng, Beispiel", conditions={"diagnosis": True})
    row = referral.draft(enquiry, to=strict, by=counsellor, at=AT)
    listing.change(strict, {"conditions": {}}, by="test", at=AT)
    assert Referral.objects.get(pk=row.pk).conditions == ["diagnosis"]


def test_whoever_works_elsewhere_takes_no_step(drafted, counsellor_elsewhere):
    for step in LEADS_TO:
        with pytest.raises(NotAllowed):
            taken(step, drafted, counsellor_elsewhere)


def test_an_arrangement_names_only_persons_of_the_group(group, counsellor):
    with pytest.raises(arrangements.NotOfThisGroup):
        arrangements.agree(group, {"asked_person": uuid4()}, by=counsellor, at=AT)
    with pytest.raises(TypeError):
        arrangements.agree(group, {"contact_point": 1}, by=counsellor, at=AT)
    first = arrangements.agree(group, {"how": "mail", "words": "nur abends"}, by=counsellor, at=AT)
    with pytest.raises(ChangedMeanwhile):
        arrangements.agree(group, {"how": "call"}, by=counsellor, at=AT, seen=first.version + 1)
    assert Arrangement.objects.get().words == "nur abends"


def test_into_the_help_network_leads_a_key_of_the_register(enquiry, counsellor):
    from kontaktstelle.network.models import Body

    body = Body(key="nakos-beispiel", name="Stelle", what="x")
    row = referral.draft(enquiry, to=body, by=counsellor, at=AT)
    assert (row.network, row.group_id) == ("body:nakos-beispiel", None)
    assert referral.tell(row, by=counsellor, at=AT).status == S.TOLD
    assert figures.referrals(YEAR, ByReferral.TARGET).of("network") == 1


def test_undo_is_refused_once_a_referral_hangs_on_it(drafted, enquiry, counsellor):
    with pytest.raises(log.WorkHangsOnIt):
        log.undo(Contact.objects.get(enquiry=enquiry), by=counsellor, at=AT + timedelta(minutes=1))
