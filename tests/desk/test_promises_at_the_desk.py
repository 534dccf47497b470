"""Rückrufe on the pages: a code becomes a reminder, a slip of the finger is put right."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import call_backs
from kontaktstelle.enquiries.models import CallBack, Contact
from kontaktstelle.organisation.tenancy import acting_for
from support.desk import KARLA
from support.visiting import text_of

pytestmark = pytest.mark.django_db
DESK = "/schreibtisch/"


def sent(**values):
    return {"form_key": str(uuid.uuid4()), **values}


def test_rueckruf_offen_leads_to_whom_and_when_and_is_asked_once(office, at_the_desk):
    browser, _ = at_the_desk("reception")
    form = sent(channel="telephone", outcome=["call-back"])
    answer = browser.post(f"{DESK}kontakt/", form)
    with acting_for(office):
        contact = Contact.objects.get()
    assert answer.headers["Location"] == f"{DESK}rueckruf/?kontakt={contact.pk}"
    asked = text_of(browser.get(answer.headers["Location"]))
    assert "Wen rufen wir wann zurück?" in asked
    assert "Der Kontakt ist erfasst" in asked
    browser.post(f"{DESK}rueckruf/", sent(kind="call", phone=KARLA.phone, kontakt=str(contact.pk)))
    assert browser.post(f"{DESK}kontakt/", form).headers["Location"] == f"{DESK}kontakt/"
    with acting_for(office):
        assert CallBack.objects.get().contact_id == contact.pk


def test_erreicht_on_the_wrong_row_is_taken_back_from_heute(office, at_the_desk):
    browser, member = at_the_desk("counsels")
    with acting_for(office):
        row = call_backs.promise(CallBack.Kind.CALL, KARLA, by=member, at=timezone.now())
        CallBack.objects.update(due_on=timezone.localdate())
    browser.post(
        f"{DESK}rueckruf/{row.pk}/versuch/", sent(what="reached", seen=row.version, pressed_at="today")
    )
    way = f"{DESK}rueckruf/{row.pk}/"
    assert way in text_of(browser.get(DESK))
    page = text_of(browser.get(way))
    assert "War es doch nicht erledigt?" in page
    far = (timezone.localdate() + timedelta(days=400)).isoformat()
    refused = browser.post(f"{way}wieder/", sent(due_on=far, seen=row.version + 1))
    assert refused.status_code == 409
    assert "prüfen Sie die Jahreszahl" in text_of(refused)
    browser.post(f"{way}wieder/", sent(due_on=timezone.localdate().isoformat(), seen=row.version + 1))
    with acting_for(office):
        assert CallBack.objects.get().status == "promised"
    assert "Falsche Zeile?" not in text_of(browser.get(DESK))


def test_the_empfang_can_be_entered_as_away(office, at_the_desk):
    browser, _ = at_the_desk("counsels")
    _, reception = at_the_desk("reception")
    assert f'value="{reception.pk}"' in text_of(browser.get(f"{DESK}uebergabe/"))
    until = (timezone.localdate() + timedelta(days=5)).isoformat()
    browser.post(f"{DESK}uebergabe/abwesend/", sent(staff=str(reception.pk), until=until))
    assert f"{reception.name} ist nicht da bis" in text_of(browser.get(DESK))
