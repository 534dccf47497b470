"""Heute: what is overdue, due and promised, with one click; who is away, what was left, what goes tomorrow."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import arrangements, call_backs, hand_over, log, referral, threads
from kontaktstelle.enquiries.models import CallBack, Enquiry, Referral
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.desk import KARLA
from support.people import make_group, make_member
from support.visiting import text_of

pytestmark = pytest.mark.django_db
HEUTE = "/schreibtisch/"


def sent(**values):
    return {"form_key": str(uuid.uuid4()), **values}


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def made_due(office, row, day=None):
    with acting_for(office):
        type(row).objects.filter(pk=row.pk).update(due_on=day or timezone.localdate())


@pytest.fixture
def promised(office, at_the_desk):
    """Return a browser and a call-back promised for today."""
    browser, member = at_the_desk("counsels")
    with acting_for(office):
        row = call_backs.promise(
            CallBack.Kind.CALL, KARLA, by=member, at=timezone.now(), machine=CallBack.Machine.NEUTRAL
        )
    made_due(office, row)
    return browser, row


def test_on_a_day_without_anything_it_says_so(at_the_desk):
    for role in ("counsels", "reception", "leads", "upkeep"):
        browser, _ = at_the_desk(role)
        assert "Nichts ist offen." in words(browser.get(HEUTE)), role


def test_a_promised_call_is_kept_with_one_click(office, promised):
    browser, row = promised
    shown = words(browser.get(HEUTE))
    assert "Heute versprochen" in shown
    assert "nur neutral auf den Anrufbeantworter" in shown
    answer = browser.post(
        f"{HEUTE}rueckruf/{row.pk}/versuch/", sent(what="reached", seen=row.version, pressed_at="today")
    )

    assert answer.headers["Location"] == HEUTE
    with acting_for(office):
        assert CallBack.objects.get().status == "done"
    assert "Nichts ist offen." in words(browser.get(HEUTE))


def test_nobody_reached_moves_it_to_the_next_office_day(office, promised):
    browser, row = promised
    browser.post(
        f"{HEUTE}rueckruf/{row.pk}/versuch/", sent(what="nobody", seen=row.version, pressed_at="today")
    )
    with acting_for(office):
        kept = CallBack.objects.get()
    assert kept.status == "promised"
    assert kept.due_on > timezone.localdate()


def test_names_are_shown_only_when_asked_for_and_each_opening_is_traced(promised):
    browser, _ = promised
    assert "Kanarienvogel" not in text_of(browser.get(HEUTE))
    assert not TrailEntry.objects.filter(action="person.opened").exists()
    shown = browser.post(f"{HEUTE}heute/mit-namen/", sent())

    assert "Kanarienvogel" in text_of(shown)
    assert TrailEntry.objects.filter(action="person.opened").count() == 1


def test_reception_sees_call_backs_and_no_enquiries(office, promised, at_the_desk):
    _, row = promised
    _, member = at_the_desk("counsels")
    with acting_for(office):
        contact = log.log_contact(by=member, at=timezone.now())
        enquiry = log.open_enquiry(contact, by=member, at=timezone.now())
    made_due(office, enquiry)
    browser, _ = at_the_desk("reception")
    shown = text_of(browser.get(HEUTE))

    assert str(row.pk) in shown
    assert enquiry.number not in shown


def test_what_a_group_has_not_answered_is_overdue_with_how_it_wants_to_be_asked(office, at_the_desk):
    browser, member = at_the_desk("counsels")
    group = make_group(office)
    with acting_for(office):
        arrangements.agree(group, {"how": "call"}, by=member, at=timezone.now())
        enquiry = log.open_enquiry(
            log.log_contact(by=member, at=timezone.now()), by=member, at=timezone.now(), person=KARLA
        )
        row = referral.draft(enquiry, to=group, route=Referral.Route.CALL_BACK, by=member, at=timezone.now())
        referral.consent(row, text_version="rueckruf-1", how="telephone", by=member, at=timezone.now())
        referral.ask(row, by=member, at=timezone.now())
    made_due(office, row, timezone.localdate() - timedelta(days=2))
    shown = words(browser.get(HEUTE))

    assert "Überfällig" in shown
    assert f"{group.name}: Antwort ist fällig" in shown
    assert "Absprache: anrufen" in shown


def collected(office, member, group):
    with acting_for(office):
        enquiry = log.open_enquiry(
            log.log_contact(by=member, at=timezone.now()), by=member, at=timezone.now(), person=KARLA
        )
        row = referral.draft(enquiry, to=group, route=Referral.Route.CALL_BACK, by=member, at=timezone.now())
        return referral.consent(row, text_version="rueckruf-1", how="telephone", by=member, at=timezone.now())


def collection(answer):
    """Return what the button of the collection sends."""
    return {"told": re.findall(r'name="told" value="([^"]+)"', text_of(answer)), **sent()}


def test_collected_questions_are_asked_at_once(office, at_the_desk):
    browser, member = at_the_desk("counsels")
    group = make_group(office)
    with acting_for(office):
        arrangements.agree(group, {"rhythm": "weekly"}, by=member, at=timezone.now())
    for _ in range(2):
        collected(office, member, group)
    shown = browser.get(HEUTE)
    assert "Gesammelt zu fragen" in words(shown)
    twice = collection(shown)
    for _ in range(2):
        browser.post(f"{HEUTE}heute/gesammelt/{group.pk}/", twice)
    with acting_for(office):
        assert {row.status for row in Referral.objects.all()} == {"asked"}
    assert "für 2 Menschen gefragt" in words(browser.get(HEUTE))


def test_who_was_added_during_the_call_was_not_mentioned_and_still_has_to_be(office, at_the_desk):
    browser, member = at_the_desk("counsels")
    _, colleague = at_the_desk("counsels")
    group = make_group(office)
    with acting_for(office):
        arrangements.agree(group, {"rhythm": "weekly"}, by=member, at=timezone.now())
    mentioned, ended = (collected(office, member, group) for _ in range(2))
    on_the_page = collection(browser.get(HEUTE))
    added = collected(office, colleague, group)
    with acting_for(office):
        referral.withdraw(ended, by=colleague, at=timezone.now())
    browser.post(f"{HEUTE}heute/gesammelt/{group.pk}/", on_the_page)
    with acting_for(office):
        stands = dict(Referral.objects.values_list("pk", "status"))
    assert stands == {mentioned.pk: "asked", ended.pk: "withdrawn", added.pk: "consented"}
    assert str(added.pk) in text_of(browser.get(HEUTE))


def test_a_note_left_waits_for_the_colleague_until_it_is_read(office, at_the_desk):
    browser, _ = at_the_desk("counsels")
    browser.post(f"{HEUTE}uebergabe/notiz/", sent(text="Bitte morgen ABC-DEF anrufen"))
    colleague, _ = at_the_desk("counsels")
    assert "Eine Übergabenotiz wartet auf Sie" in words(colleague.get(HEUTE))
    shown = text_of(colleague.get(f"{HEUTE}uebergabe/"))
    assert "Bitte morgen ABC-DEF anrufen" in shown
    address = re.search(r'action="([^"]+/gelesen/)"', shown).group(1)
    colleague.post(address, sent())
    assert "Übergabenotiz" not in words(colleague.get(HEUTE))


def test_who_is_away_says_until_when_and_the_deputy_sees_what_is_due(office, at_the_desk):
    browser, member = at_the_desk("counsels")
    deputy_browser, deputy = at_the_desk("counsels")
    with acting_for(office):
        enquiry = log.open_enquiry(
            log.log_contact(by=member, at=timezone.now()), by=member, at=timezone.now(), covered_by=member
        )
    made_due(office, enquiry)
    before = text_of(deputy_browser.get(HEUTE))
    assert "bei Kolleginnen und Kollegen" in before
    until = timezone.localdate() + timedelta(days=5)
    refused = browser.post(
        f"{HEUTE}uebergabe/abwesend/", sent(until=until.isoformat(), deputy=str(member.pk))
    )
    assert refused.status_code == 409
    browser.post(f"{HEUTE}uebergabe/abwesend/", sent(until=until.isoformat(), deputy=str(deputy.pk)))
    shown = words(deputy_browser.get(HEUTE))

    assert "bei Kolleginnen und Kollegen" not in shown
    assert "ist nicht da bis" in shown


def test_everything_goes_to_the_successor_in_one_step(office, at_the_desk):
    _, leaving = at_the_desk("counsels")
    _, coming = at_the_desk("counsels")
    browser, leading = at_the_desk("counsels", "leads")
    with acting_for(office):
        enquiry = log.open_enquiry(
            log.log_contact(by=leaving, at=timezone.now()), by=leaving, at=timezone.now(), only_me=True
        )
    for to, sentence in (("", "brauchen eine Person"), (str(leading.pk), "nicht an sich selbst")):
        refused = browser.post(f"{HEUTE}uebergabe/alles/", sent(of=str(leaving.pk), to=to))
        assert refused.status_code == 409
        assert sentence in text_of(refused)
    browser.post(f"{HEUTE}uebergabe/alles/", sent(of=str(leaving.pk), to=str(coming.pk)))
    with acting_for(office):
        assert Enquiry.objects.get(pk=enquiry.pk).covered_by_id == coming.pk


def test_what_is_erased_tomorrow_stands_there_today(office, at_the_desk):
    browser, member = at_the_desk("counsels")
    long_ago = timezone.now() - timedelta(days=90)
    with acting_for(office):
        enquiry = log.open_enquiry(log.log_contact(by=member, at=long_ago), by=member, at=long_ago)
        threads.close(enquiry, by=member, at=long_ago)
    shown = words(browser.get(HEUTE))

    assert "Morgen gelöscht" in shown
    assert enquiry.number in shown


def test_somebody_of_another_office_finds_nothing_of_this_one(
    office, office_elsewhere, promised, at_the_desk
):
    _, row = promised
    stranger, _ = at_the_desk("counsels", "leads", at=office_elsewhere)
    assert stranger.get(f"{HEUTE}rueckruf/{row.pk}/").status_code == 404
    assert stranger.post(f"{HEUTE}rueckruf/{row.pk}/versuch/", sent(what="reached")).status_code == 404
    assert "Nichts ist offen." in words(stranger.get(HEUTE))
    with acting_for(office):
        hand_over.leave_note("Kanariennotiz", by=make_member(office, "counsels"), at=timezone.now())
    assert "Kanariennotiz" not in text_of(stranger.get(f"{HEUTE}uebergabe/"))
