"""The rights of a person at the desk: every step is one page away from the card, and says what it does before it does it."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import call_backs, log, threads
from kontaktstelle.enquiries.models import CallBack, Enquiry, Note
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import Restriction, TrailEntry
from kontaktstelle.relay.models import Party
from support.desk import KARLA
from support.visiting import text_of
from walls.test_access_matrix import be_fresh

pytestmark = pytest.mark.django_db
DESK = "/schreibtisch/"
CANARY = "Kanarienvogel zwitschert"


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


@pytest.fixture
def counsellor(at_the_desk):
    return at_the_desk("counsels")


@pytest.fixture
def opened(office, counsellor):
    _, member = counsellor
    with acting_for(office):
        contact = log.log_contact(by=member, at=timezone.now(), topics=["anxiety-panic"])
        enquiry = log.open_enquiry(contact, by=member, at=timezone.now(), person=KARLA)
        threads.write_note(enquiry, CANARY, by=member, at=timezone.now())
    return enquiry


@pytest.fixture
def page(opened):
    return f"{DESK}anfragen/{opened.number}/rechte/"


def the(office, model):
    with acting_for(office):
        return model.objects.first()


def test_card_and_caller_lead_there_and_the_page_opens_nothing(counsellor, opened, page):
    browser, _ = counsellor
    assert page in text_of(browser.get(f"{DESK}anfragen/{opened.number}/"))
    assert page in text_of(browser.post(f"{DESK}anrufer/", {"words": opened.number}))
    before = TrailEntry.objects.count()
    shown = words(browser.get(page))
    assert "keinen Ausweis" in shown
    assert CANARY not in shown
    assert "Kanarienvogel" not in shown
    assert TrailEntry.objects.count() == before


def test_being_told_is_a_paper_or_a_file_named_after_nobody(counsellor, opened, page):
    browser, _ = counsellor
    paper = browser.post(page + "auskunft/", {"als": "pdf"})
    assert paper.content.startswith(b"%PDF")
    assert paper.headers["Cache-Control"] == "no-store"
    file = browser.post(page + "auskunft/", {"als": "json"})
    assert CANARY in text_of(file)
    assert json.loads(file.content)["number"] == opened.number
    for answer in (paper, file):
        assert "Karla" not in answer.headers["Content-Disposition"]
        assert opened.number in answer.headers["Content-Disposition"]


def test_who_leads_without_counselling_gives_no_notes(office, at_the_desk, page):
    browser, _ = at_the_desk("leads")
    assert "Die gibt aus, wer berät" in words(browser.get(page))
    told = text_of(browser.post(page + "auskunft/", {"als": "json"}))
    assert CANARY not in told
    assert "Kanarienvogel" not in told
    assert "Angst" in told


def test_before_erasing_the_page_says_what_goes_and_what_stays_and_getting_there_erases_nothing(
    office, counsellor, page
):
    browser, _ = counsellor
    asked = browser.get(page + "loeschen/")
    assert asked.status_code == 302
    assert "noch-einmal" in asked.headers["Location"], "an open laptop must not be enough"
    be_fresh(browser)
    shown = words(browser.get(page + "loeschen/"))
    assert "1 Notiz" in shown
    assert "1 Kontakt mit Monat" in shown
    assert the(office, Note)


def test_erased_is_erased_and_the_number_can_be_found_again(office, counsellor, opened, page):
    browser, _ = counsellor
    be_fresh(browser)
    for _ in range(2):  # a double click
        answer = browser.post(page + "loeschen/", {"seen": opened.version + 0}, follow=True)
        assert re.search(rf"L-{office.pk}-\d+", words(answer)), words(answer)
    assert the(office, Enquiry).de_identified
    assert the(office, Note) is None
    assert the(office, Party) is None
    again = words(browser.get(page))
    assert "Auf Wunsch gelöscht" in again
    assert "Jetzt löschen" not in again


def test_whoever_saw_an_older_page_is_asked_again(office, counsellor, opened, page):
    browser, member = counsellor
    be_fresh(browser)
    with acting_for(office):
        threads.cover(opened, member, by=member, at=timezone.now())
    answer = browser.post(page + "loeschen/", {"seen": opened.version})
    assert answer.status_code == 409
    assert the(office, Note)


def test_an_enquiry_at_rest_stands_in_no_list_and_its_card_says_why_nothing_moves(
    office, counsellor, opened, page
):
    browser, _ = counsellor
    until = timezone.localdate() + timedelta(days=60)
    assert opened.number in text_of(browser.get(f"{DESK}anfragen/"))
    assert "Klären" in words(browser.get(f"{DESK}anfragen/{opened.number}/"))
    browser.post(
        page + "sperre/", {"was": "sperren", "reason": "Die Person bestreitet die Notiz.", "until": until}
    )
    assert opened.number not in text_of(browser.get(f"{DESK}anfragen/?welche=alle"))
    card = words(browser.get(f"{DESK}anfragen/{opened.number}/"))
    assert "Gesperrt bis" in card
    assert "Klären" not in card, "what will be refused is not offered"
    shown = words(browser.get(page))
    assert "Die Person bestreitet" in shown
    assert "Weiter zur Löschung" not in shown
    assert opened.number in text_of(browser.post(f"{DESK}anrufer/", {"words": opened.number}))


@pytest.mark.parametrize(
    "typed",
    [
        {"reason": "weil", "until": "2099-01-01"},
        {"reason": "Ein langer Grund <b>", "until": "übermorgen"},
        {},
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(office, counsellor, page, typed):
    browser, _ = counsellor
    answer = browser.post(page + "sperre/", {"was": "sperren", **typed})
    assert answer.status_code == 409
    assert 'role="alert"' in text_of(answer)
    assert typed.get("reason", "").replace("<", "&lt;").replace(">", "&gt;") in text_of(answer)
    assert the(office, Restriction) is None


def test_a_second_person_lets_it_stand_and_either_ends_it(office, counsellor, at_the_desk, opened, page):
    browser, _ = counsellor
    until = timezone.localdate() + timedelta(days=60)
    browser.post(
        page + "sperre/", {"was": "sperren", "reason": "Die Person bestreitet die Notiz.", "until": until}
    )
    assert "Bestätigen</button>" not in text_of(browser.get(page)), "one is not two"
    second, colleague = at_the_desk("leads")
    assert "Die Person bestreitet" in words(second.get(page)), "nobody confirms what they may not read"
    second.post(page + "sperre/", {"was": "bestaetigen"})
    assert the(office, Restriction).holds_until == until
    assert the(office, Restriction).confirmed_by == colleague.pk
    second.post(page + "sperre/", {"was": "aufheben"})
    assert opened.number in text_of(browser.get(f"{DESK}anfragen/"))


def test_who_may_confirm_hears_of_it_at_heute_and_who_asked_does_not(counsellor, at_the_desk, opened, page):
    browser, _ = counsellor
    second, _ = at_the_desk("leads")
    reception, _ = at_the_desk("reception")
    until = timezone.localdate() + timedelta(days=60)
    browser.post(
        page + "sperre/", {"was": "sperren", "reason": "Die Person bestreitet die Notiz.", "until": until}
    )
    told = f"Sperre der Anfrage {opened.number}"
    assert told in words(second.get(DESK))
    assert told not in words(browser.get(DESK))
    assert told not in words(reception.get(DESK))
    second.post(page + "sperre/", {"was": "bestaetigen"})
    assert told not in words(second.get(DESK))


def test_a_promised_call_of_nobodys_enquiry_is_erased_with_a_number_too(office, counsellor, opened):
    browser, member = counsellor
    with acting_for(office):
        alone = call_backs.promise(CallBack.Kind.CALL, KARLA, by=member, at=timezone.now())
        of_it = call_backs.promise(CallBack.Kind.CALL, KARLA, by=member, at=timezone.now(), enquiry=opened)
    be_fresh(browser)
    assert "Auf Wunsch der Person löschen" in words(browser.get(f"{DESK}rueckruf/{alone.pk}/"))
    assert "Jetzt löschen" in words(browser.get(f"{DESK}rueckruf/{alone.pk}/loeschen/"))
    assert re.search(r"L-\d+-\d+", words(browser.post(f"{DESK}rueckruf/{alone.pk}/loeschen/", follow=True)))
    assert browser.post(f"{DESK}rueckruf/{of_it.pk}/loeschen/").status_code == 409
    with acting_for(office):
        assert list(CallBack.objects.all()) == [of_it]
        assert Party.objects.count() == 2
