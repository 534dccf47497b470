"""The office's own words at the desk: steps in a crisis where they are needed, consents as they were spoken."""

import re

import pytest

from kontaktstelle.desk import consent_texts
from kontaktstelle.enquiries import clearing, referral
from kontaktstelle.enquiries.models import Consent, Contact, Referral
from kontaktstelle.organisation import texts
from kontaktstelle.organisation.tenancy import acting_for
from support.desk import make_enquiry
from support.people import A_DAY, A_MOMENT, make_group, make_member
from support.visiting import text_of

pytestmark = pytest.mark.django_db
DESK = "/schreibtisch/"
TEXT = f"{DESK}stammdaten/texte/crisis/"
OWN = "Rufen Sie 112.\nDann kommt Frau Linde dazu."
SPOKEN = "Eigene Worte: Wir geben Ihre Nummer an die Gruppe. Sie können das widerrufen. Einverstanden?"


def decided(browser, address=TEXT, **said):
    said = {"text": OWN, "decided_on": "10.03.2026", "decided_by": "Teambesprechung", "seen": "0"} | said
    return browser.post(address, said)


def test_the_draft_is_marked_as_one_and_can_be_decided_on(at_the_desk):
    browser, _ = at_the_desk("leads", "counsels")
    assert "Entwurf des Programms" in text_of(browser.get(TEXT))
    decided(browser)
    page = text_of(browser.get(TEXT))

    assert re.search(r"beschlossen am [^<]*10[^<]* von Teambesprechung", page)
    assert "Dann kommt Frau Linde dazu." in text_of(browser.get(f"{DESK}krise/"))


def test_the_crisis_card_shows_the_offices_own_steps(at_the_desk, office):
    browser, member = at_the_desk("leads", "counsels")
    decided(browser)
    enquiry = make_enquiry(office, member)
    with acting_for(office):
        clearing.crisis(Contact.objects.filter(enquiry=enquiry).first(), by=member, at=A_MOMENT)
    page = text_of(browser.get(f"{DESK}anfragen/{enquiry.number}/"))

    assert "Dann kommt Frau Linde dazu." in page
    assert re.search(r"Beschlossen am [^<]* von Teambesprechung", page)


def test_reception_reads_the_steps_and_cannot_change_them(at_the_desk, office):
    leading, _ = at_the_desk("leads")
    decided(leading)
    browser, _ = at_the_desk("reception")

    assert "Frau Linde" in text_of(browser.get(f"{DESK}krise/"))
    assert decided(browser, text="112 und sonst nichts").status_code == 404
    with acting_for(office):
        assert texts.current_text("crisis").text == OWN


def test_what_is_refused_is_still_there_with_the_reason(at_the_desk):
    browser, _ = at_the_desk("leads")
    answer = decided(browser, text="Holen Sie <b>jemanden</b>.", decided_by="")

    assert answer.status_code == 409
    assert "Notruf 112" in text_of(answer)
    assert "Holen Sie &lt;b&gt;jemanden&lt;/b&gt;." in text_of(answer)


def test_two_who_write_see_each_others_words_and_keep_their_own(at_the_desk):
    browser, _ = at_the_desk("leads")
    decided(browser)
    answer = decided(browser, text="112, dann ich.")

    assert answer.status_code == 409
    assert "Dann kommt Frau Linde dazu." in text_of(answer)
    assert "112, dann ich." in text_of(answer)


def test_an_earlier_version_can_stand_again(at_the_desk, office):
    browser, _ = at_the_desk("leads")
    decided(browser)
    decided(browser, text="112, dann ich.", seen="1")
    browser.post(TEXT, {"schritt": "zurueck", "fassung": "1", "seen": "2"})
    with acting_for(office):
        assert texts.current_text("crisis").text == OWN
    browser.post(TEXT, {"schritt": "zurueck", "fassung": "0", "seen": "3"})

    assert "Entwurf des Programms" in text_of(browser.get(TEXT))


@pytest.mark.parametrize(
    "said", [{"fassung": "x"}, {"fassung": "9" * 30}, {"fassung": "7"}, {"seen": "x"}, {"text": "\0"}]
)
def test_odd_input_is_a_sentence_and_no_fault(at_the_desk, said):
    browser, _ = at_the_desk("leads")
    decided(browser)
    for step in ({"schritt": "zurueck"}, {}):
        assert decided(browser, **(step | said)).status_code in {302, 409}
    assert browser.get(f"{DESK}stammdaten/texte/gibt-es-nicht/").status_code == 404


def test_a_new_version_does_not_change_what_somebody_agreed_to(office):
    by = make_member(office, "leads", "counsels")
    group = make_group(office)
    address = "consent-call-back"
    enquiry = make_enquiry(office, by)
    with acting_for(office):
        row = referral.draft(enquiry, to=group, route=Referral.Route.CALL_BACK, by=by, at=A_MOMENT)
        texts.decide(address, SPOKEN, decided_on=A_DAY, decided_by="Leitung", seen=0, by=by, at=A_MOMENT)
        spoken = consent_texts.spoken(row)
        referral.consent(row, text_version=spoken.version, how="telephone", by=by, at=A_MOMENT)
        texts.decide(
            address, SPOKEN + " Ja?", decided_on=A_DAY, decided_by="Leitung", seen=1, by=by, at=A_MOMENT
        )
        proof = Consent.objects.get().text_version

        assert spoken.text == SPOKEN
        assert consent_texts.spoken(row).text == SPOKEN + " Ja?"
        assert consent_texts.as_said(proof) == SPOKEN, "the proof reads something nobody said"
        assert consent_texts.as_said("rueckruf-1") == consent_texts.DRAFTS[address].text
        assert consent_texts.as_said("gab-es-nie-3") == ""


def test_the_page_of_a_referral_shows_what_was_said(at_the_desk, office):
    browser, member = at_the_desk("leads", "counsels")
    enquiry = make_enquiry(office, member)
    with acting_for(office):
        row = referral.draft(
            enquiry, to=make_group(office), route=Referral.Route.CALL_BACK, by=member, at=A_MOMENT
        )
        referral.consent(row, text_version="rueckruf-1", how="telephone", by=member, at=A_MOMENT)

    assert "Gesagt wurde" in text_of(browser.get(f"{DESK}vermittlung/{row.pk}/"))
