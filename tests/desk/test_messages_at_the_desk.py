"""What people write on the site, at the desk: read and answered on the card, looked through, never lost and never another's."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import (
    correspondence,
    due,
    erasure,
    hand_over,
    intake,
    referral,
    second_notice,
    threads,
)
from kontaktstelle.enquiries.models import Contact, Enquiry, Intake, Referral
from kontaktstelle.groups.models import ContactPerson
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay import channels, throttle
from kontaktstelle.relay.models import Message, ReceiptCode, Side
from kontaktstelle.relay.parties import Address, register_party
from support.enquiring import code_in, open_with, reply, write
from support.people import A_DAY, make_group, make_member
from support.visiting import alarms, text_of, visitor

pytestmark = pytest.mark.django_db
HEUTE = "/schreibtisch/"
WORDS, ANSWER = "Seit dem Kanarienmonat schlafe ich nicht.", "Kanarienantwort: Rufen Sie gern an."


def sent(**values):
    return {"form_key": str(uuid.uuid4()), **values}


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


@pytest.fixture(autouse=True)
def written_with_care(monkeypatch):
    throttle.forget()
    monkeypatch.setattr("kontaktstelle.enquiries.suspicion.QUICKEST", timedelta(0))


@pytest.fixture
def group(office):
    return make_group(office)


@pytest.fixture
def counsellor(at_the_desk):
    return at_the_desk("counsels")


@pytest.fixture
def seeker(group):
    """Return somebody's browser and the code of what they wrote."""
    browser = visitor()
    return browser, code_in(write(browser, f"/nachricht/{group.slug}/", WORDS, weitergeben="1"))


def the(office, model=Enquiry):
    with acting_for(office):
        return model.objects.get()


def card(enquiry):
    return f"{HEUTE}anfragen/{enquiry.number}/"


def last_of(office, enquiry):
    with acting_for(office):
        return str(channels.last(channels.of_matter(enquiry.pk)[0]))


def test_a_message_is_read_on_the_card_and_the_answer_reaches_the_person(office, counsellor, seeker):
    browser, _ = counsellor
    enquiry = the(office)
    shown = words(browser.get(card(enquiry)))
    assert WORDS in shown
    assert "Sie dürfen die Nachricht mit der Gruppe besprechen" in shown
    answer = browser.post(f"{card(enquiry)}antwort/", sent(text=ANSWER, after=last_of(office, enquiry)))

    assert answer.headers["Location"] == card(enquiry)
    assert "noch nicht gelesen" in words(browser.get(card(enquiry)))
    assert ANSWER in text_of(open_with(*seeker))
    assert "noch nicht gelesen" not in words(browser.get(card(enquiry)))


def test_the_answer_pressed_twice_is_sent_once(office, counsellor, seeker):
    browser, _ = counsellor
    enquiry, twice = the(office), sent(text=ANSWER)
    for _ in range(2):
        browser.post(f"{card(enquiry)}antwort/", twice)
    with acting_for(office):
        assert Message.objects.filter(side=Side.OFFICE).count() == 1


def test_whoever_answers_first_reads_what_came_in_meanwhile_and_keeps_the_text(office, counsellor, seeker):
    browser, _ = counsellor
    enquiry = the(office)
    before = last_of(office, enquiry)
    visit, code = seeker
    reply(visit, open_with(visit, code), "Ich kann doch nicht kommen.")
    refused = browser.post(f"{card(enquiry)}antwort/", sent(text=ANSWER, after=before))

    assert refused.status_code == 409
    assert "Inzwischen ist eine Nachricht dazugekommen" in words(refused)
    assert "Ich kann doch nicht kommen." in words(refused)
    assert ANSWER in text_of(refused)
    with acting_for(office):
        assert not Message.objects.filter(side=Side.OFFICE).exists()


def test_messages_are_for_who_counsels_and_with_nur_ich_for_one(office, counsellor, seeker, at_the_desk):
    _, member = counsellor
    enquiry = the(office)
    leading, _ = at_the_desk("leads")
    assert WORDS not in words(leading.get(card(enquiry)))
    assert leading.post(f"{card(enquiry)}antwort/", sent(text=ANSWER)).status_code == 404
    with acting_for(office):
        threads.cover(enquiry, member, only_me=True, by=member, at=timezone.now())
    colleague, _ = at_the_desk("counsels")
    shown = colleague.get(card(enquiry))
    assert enquiry.number in words(shown)
    assert WORDS not in words(shown)
    refused = colleague.post(f"{card(enquiry)}antwort/", sent(text=ANSWER))
    assert refused.status_code == 409
    assert WORDS not in words(refused)
    with acting_for(office):
        assert Message.objects.count() == 1


def test_reading_a_thread_leaves_a_line_in_the_trail(office, counsellor, seeker):
    browser, member = counsellor
    browser.get(card(the(office)))
    assert TrailEntry.objects.filter(action="channel.read", actor=str(member.pk)).exists()


def test_heute_shows_a_reply_once_until_somebody_has_read_it(office, counsellor, seeker):
    browser, member = counsellor
    enquiry = the(office)
    assert "Neu, noch nicht gelesen" in words(browser.get(HEUTE))
    with acting_for(office):
        threads.take_up(enquiry, by=member, at=timezone.now())
        correspondence.thread(enquiry, by=member, at=timezone.now())
    visit, code = seeker
    reply(visit, open_with(visit, code), "Noch eine Frage.")
    shown = words(browser.get(HEUTE))
    assert f"Anfrage {enquiry.number}: eine neue Nachricht" in shown
    assert shown.count(f"Anfrage {enquiry.number}") == 1
    browser.get(card(enquiry))
    assert "eine neue Nachricht" not in words(browser.get(HEUTE))


def test_danger_in_a_reply_shows_help_first_and_stands_before_everything_under_heute(
    office, counsellor, seeker, monkeypatch
):
    from kontaktstelle.network.registers import load_registers
    from support.people import A_MOMENT

    load_registers(at=A_MOMENT)
    browser, member = counsellor
    enquiry = the(office)
    with acting_for(office):
        threads.take_up(enquiry, by=member, at=timezone.now())
        correspondence.thread(enquiry, by=member, at=timezone.now())
    alarms(monkeypatch, umbringen="suicide")
    visit, code = seeker
    page = words(reply(visit, open_with(visit, code), "Ich will mich umbringen."))
    assert page.index("0800 1110111") < page.index("Ihre Nachricht ist angekommen")

    shown = words(browser.get(HEUTE))
    assert shown.index("Hier könnte ein Mensch in Gefahr sein") < shown.index(f"Anfrage {enquiry.number}")
    assert "Krise: jetzt nicht in eine Gruppe" in words(browser.get(card(enquiry)))


def suspect(office, group, text="Günstige Kredite, Kanarienbank"):
    write(visitor(), f"/nachricht/{group.slug}/", text, webseite="https://kauf.example")
    return the(office, Intake)


def through(row, verdict=""):
    return f"{HEUTE}heute/durchsehen/{row.pk}/{verdict}"


def test_a_suspect_message_is_looked_at_and_becomes_an_enquiry(office, group, counsellor):
    browser, _ = counsellor
    row = suspect(office, group)
    shown = text_of(browser.get(HEUTE))
    assert "Durchsehen" in shown
    assert "Kanarienbank" not in shown
    page = words(browser.get(through(row)))
    assert "Kanarienbank" in page
    assert "ein Feld ist ausgefüllt, das Menschen nicht sehen" in page
    answer = browser.post(through(row, "echt/"), sent())

    assert answer.headers["Location"] == card(the(office))
    assert "Neu, noch nicht gelesen" in words(browser.get(HEUTE))
    with acting_for(office):
        assert Contact.objects.count() == 1


def test_two_who_decide_at_once_are_told_and_nothing_counts_twice(office, group, counsellor):
    browser, _ = counsellor
    row = suspect(office, group)
    browser.post(through(row, "echt/"), sent())
    second = browser.post(through(row, "werbung/"), sent(), follow=True)
    assert "schon jemand durchgesehen" in words(second)
    with acting_for(office):
        assert Enquiry.objects.get().status == "new"
        assert Contact.objects.count() == 1


def test_advertising_is_laid_aside_can_be_taken_up_again_and_then_counts(office, group, counsellor):
    browser, _ = counsellor
    row = suspect(office, group)
    browser.post(through(row, "werbung/"), sent())
    assert "Kanarienbank" in words(browser.get(through(row))), "nothing is dropped"
    with acting_for(office):
        assert not Contact.objects.exists()
    enquiry = the(office)
    browser.post(f"{card(enquiry)}aufnehmen/", sent(seen=enquiry.version))
    with acting_for(office):
        assert Enquiry.objects.get().status == "open"
        assert Contact.objects.count() == 1
        erasure.de_identify(at=timezone.now() + timedelta(days=15))
        assert not Enquiry.objects.get().de_identified


def test_advertising_goes_two_weeks_after_somebody_said_so(office, group, counsellor):
    browser, _ = counsellor
    browser.post(through(suspect(office, group), "werbung/"), sent())
    with acting_for(office):
        erasure.de_identify(at=timezone.now() + timedelta(days=13))
        assert Message.objects.count() == 1
        erasure.de_identify(at=timezone.now() + timedelta(days=15))
        assert not Message.objects.exists()
        assert not Intake.objects.exists()


def test_messages_go_a_month_after_they_were_read_and_unread_ones_stay(office, counsellor, seeker):
    _, member = counsellor
    enquiry, now = the(office), timezone.now()
    with acting_for(office):
        threads.take_up(enquiry, by=member, at=now)
        correspondence.thread(enquiry, by=member, at=now)
        correspondence.tell(enquiry, ANSWER, by=member, at=now)
        erasure.de_identify(at=now + timedelta(days=29))
        assert Message.objects.count() == 2
        erasure.de_identify(at=now + timedelta(days=31))
        assert [each.text for each in Message.objects.all()] == [ANSWER], "nobody has read the answer yet"
        assert ReceiptCode.objects.count() == 1


def test_what_nobody_opened_for_a_day_is_told_to_somebody_else_once(office, group, seeker):
    make_member(office, "counsels", email="beratung@office.example.org")
    leading = make_member(office, "leads", email="leitung@office.example.org")
    now = timezone.now()
    with acting_for(office):
        assert second_notice.tell(at=now + timedelta(hours=23)) == 0
        assert second_notice.tell(at=now + timedelta(hours=25)) == 1
        assert second_notice.tell(at=now + timedelta(hours=26)) == 0
        (told,) = Dispatch.objects.filter(template="enquiries/mail/still_unread")
        assert told.recipient == leading.email
        assert "Kanarien" not in told.content


def test_who_is_away_is_not_told_but_somebody_always_is(office, seeker):
    counselling = make_member(office, "counsels", email="beratung@office.example.org")
    leading = make_member(office, "leads", email="leitung@office.example.org")
    now = timezone.now()
    with acting_for(office):
        hand_over.go_away(staff=leading, until=timezone.localdate() + timedelta(days=7), by=leading, at=now)
        second_notice.tell(at=now + timedelta(hours=25))
        (told,) = Dispatch.objects.filter(template="enquiries/mail/still_unread")
        assert told.recipient == counselling.email


@pytest.fixture
def in_contact(office, group, counsellor, seeker):
    """Return a referral on the protected way whose group said yes, and somebody who wrote to it."""
    _, member = counsellor
    now = timezone.now()
    with acting_for(office):
        party = register_party(
            Address("Gerda Kanariengruppe", email="gerda.kanarie@example.org"),
            contact_point=office.pk,
            on=A_DAY,
        )
        ContactPerson.objects.create(contact_point=office, group=group, party=party)
        enquiry = Enquiry.objects.get()
        threads.take_up(enquiry, by=member, at=now)
        row = referral.draft(enquiry, to=group, route=Referral.Route.RELAY, by=member, at=now)
        row = referral.consent(row, text_version="weitergabe-1", how="site", by=member, at=now)
        return referral.ask(row, by=member, at=now)


def test_the_group_is_sent_its_link_from_the_page_and_pressed_twice_it_goes_once(
    office, counsellor, in_contact
):
    browser, _ = counsellor
    path, twice = f"{HEUTE}vermittlung/{in_contact.pk}/", sent()
    assert "Link zum Antworten schicken" in words(browser.get(path))
    for _ in range(2):
        browser.post(f"{path}link/", twice)
    with acting_for(office):
        assert Dispatch.objects.filter(template="mailroom/mail/answer_wanted").count() == 1


def test_the_office_sees_that_both_write_and_never_what(office, counsellor, in_contact, seeker):
    browser, member = counsellor
    with acting_for(office):
        referral.accept(in_contact, by=member, at=timezone.now())
    path = f"{HEUTE}vermittlung/{in_contact.pk}/"
    assert "Noch hat niemand geschrieben." in words(browser.get(path))
    visit, code = seeker
    reply(visit, open_with(visit, code), "Kanariengruß an die Gruppe.", number=1)
    shown = words(browser.get(path))

    assert "Eine Nachricht" in shown
    assert "Auf die Gruppe wartet etwas Ungelesenes." in shown
    assert "Kanariengruß" not in shown
    assert "Kanariengruß" not in words(browser.get(card(the(office))))
    digits = re.search(r'class="receipt"[^>]*>(\d{6})<', text_of(browser.post(f"{path}ziffern/", sent())))[1]
    with acting_for(office):
        assert channels.digits_open(channels.of_referral(in_contact.pk), digits)
    assert digits not in text_of(browser.get(path)), "they are shown once"


def test_a_message_to_a_group_nobody_opened_becomes_a_call_after_a_day(
    office, counsellor, in_contact, seeker
):
    _, member = counsellor
    now = timezone.now()
    with acting_for(office):
        referral.accept(in_contact, by=member, at=now)
        correspondence.thread(Enquiry.objects.get(), by=member, at=now)
    visit, code = seeker
    reply(visit, open_with(visit, code), "Guten Tag.", number=1)
    with acting_for(office):
        assert due.day(by=member, at=now + timedelta(hours=23)).unread == []
        assert [item.is_call_task for item in due.day(by=member, at=now + timedelta(hours=25)).unread] == [
            True
        ]


def test_intake_says_nothing_to_who_may_not_read(office, seeker):
    leading = make_member(office, "leads")
    with acting_for(office), pytest.raises(Exception, match="Notizen"):
        intake.brought(Enquiry.objects.get(), by=leading)
