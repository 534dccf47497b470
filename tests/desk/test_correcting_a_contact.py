"""What was logged is put right on its page; codes and day can be taken back, and what cannot asks first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import call_backs, log
from kontaktstelle.enquiries.models import CallBack, Contact
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.desk import KARLA
from support.enquiring import forms_of
from support.visiting import text_of

pytestmark = pytest.mark.django_db
CODES = {"who": "affected", "concerns": ["find-group"], "topics": ["anxiety-panic"], "note": "Kanariennotiz"}


@pytest.fixture
def counsellor(at_the_desk):
    return at_the_desk("counsels")


@pytest.fixture
def contact(office, counsellor):
    with acting_for(office):
        return log.log_contact(by=counsellor[1], at=timezone.now(), **CODES)


def here(contact):
    return f"/schreibtisch/kontakt/{contact.pk}/"


def now(office, contact):
    with acting_for(office):
        return Contact.objects.get(pk=contact.pk)


def sent(browser, contact, step, **typed):
    """Send one form of the page, with what somebody typed or chose; what is not chosen is not sent."""
    form = next(
        each for each in forms_of(browser.get(here(contact))) if each["fields"].get("schritt") == step
    )
    return browser.post(
        here(contact), {name: form["fields"][name] for name in ("schritt", "seen", "form_key")} | typed
    )


def coded(**changed):
    return {"who": "affected", "concern": ["find-group"], "topics": ["anxiety-panic"]} | changed


def test_a_wrong_code_is_put_right_and_taken_back_and_the_note_stays(office, counsellor, contact):
    browser, _ = counsellor
    answer = sent(browser, contact, "aendern", **coded(who="relative", place="59423"))
    row = now(office, contact)
    assert answer.status_code == 302
    assert (row.who, row.kreis_key, row.topics, row.note) == (
        "relative",
        "05978",
        ["anxiety-panic"],
        "Kanariennotiz",
    )
    line = TrailEntry.objects.filter(action="contact.corrected").get()
    assert set(line.fields.split()) == {"who", "kreis_key", "municipality", "postcode_area"}

    assert "Letzte Änderung zurücknehmen" in text_of(browser.get(here(contact)))
    sent(browser, contact, "zurueck")
    row = now(office, contact)
    assert (row.who, row.kreis_key, row.municipality, row.note) == ("affected", "", "", "Kanariennotiz")
    assert "Letzte Änderung zurücknehmen" not in text_of(browser.get(here(contact)))


def test_the_page_shows_no_note_to_whoever_logs(at_the_desk, contact):
    browser, _ = at_the_desk("reception")

    assert "Kanariennotiz" not in text_of(browser.get(here(contact)))


def test_two_who_correct_at_once_do_not_overwrite_each_other(office, counsellor, contact):
    browser, member = counsellor
    form = next(
        each for each in forms_of(browser.get(here(contact))) if each["fields"].get("schritt") == "aendern"
    )
    with acting_for(office):
        log.recode(contact, {"who": "parents"}, by=member, at=timezone.now())
    answer = browser.post(here(contact), form["fields"] | coded(who="relative"))

    assert answer.status_code == 409
    assert "inzwischen jemand anderes" in text_of(answer)
    assert now(office, contact).who == "parents"


def test_words_nobody_asked_about_are_asked_back_and_an_unknown_place_is_kept(office, counsellor, contact):
    browser, _ = counsellor
    assert "Was davon ist gemeint?" in text_of(
        sent(browser, contact, "aendern", **coded(topics=[], topic_words="panik"))
    )
    answer = sent(browser, contact, "aendern", **coded(place="Xyzhausen am Nirgendsee"))

    assert answer.status_code == 409
    assert 'value="Xyzhausen am Nirgendsee"' in text_of(answer)
    assert now(office, contact).version == contact.version


def test_another_day_is_said_and_taken_back(office, counsellor, contact):
    browser, _ = counsellor
    today = timezone.localdate()
    earlier = today.replace(day=1)
    sent(browser, contact, "tag", day=f"{earlier:%d.%m.%Y}")
    assert now(office, contact).day == earlier
    if earlier != today:
        sent(browser, contact, "zurueck")
    assert now(office, contact).day == today


@pytest.mark.parametrize(
    "typed", ["", "gestern", "31.2.2026", f"{timezone.now() + timedelta(days=3):%d.%m.%Y}"]
)
def test_a_day_that_is_none_is_refused_and_stays_typed(office, counsellor, contact, typed):
    answer = sent(counsellor[0], contact, "tag", day=typed)

    assert answer.status_code == 409
    assert f'value="{typed}"' in text_of(answer)
    assert now(office, contact).day == contact.day


def test_only_counting_asks_first_and_then_leaves_neither_note_nor_person(office, counsellor, contact):
    browser, member = counsellor
    with acting_for(office):
        call_backs.promise(CallBack.Kind.CALL, KARLA, by=member, at=timezone.now(), contact=contact)
    assert sent(browser, contact, "zaehlen").status_code == 409
    assert now(office, contact).note == "Kanariennotiz"
    assert sent(browser, contact, "zaehlen", sicher="1").status_code == 302

    row = now(office, contact)
    assert (row.note, row.who, row.topics) == (None, "affected", ["anxiety-panic"])
    with acting_for(office):
        assert not CallBack.objects.exclude(party=None).exists()


def test_somebody_who_called_again_stands_on_the_card_of_the_enquiry(office, counsellor, contact):
    browser, member = counsellor
    with acting_for(office):
        first = log.log_contact(by=member, at=timezone.now())
        enquiry = log.open_enquiry(first, by=member, at=timezone.now())
    assert sent(browser, contact, "anfrage", enquiry="XXXXXX", sicher="1").status_code == 409
    refused = sent(browser, contact, "anfrage", enquiry=enquiry.number)
    assert refused.status_code == 409
    assert f'value="{enquiry.number}"' in text_of(refused)
    assert sent(browser, contact, "anfrage", enquiry=enquiry.number.lower(), sicher="1").status_code == 302

    assert now(office, contact).enquiry_id == enquiry.pk
    card = text_of(browser.get(f"/schreibtisch/anfragen/{enquiry.number}/"))
    assert here(contact) in card
    assert here(first) in card
    assert f"Anfrage {enquiry.number}" in text_of(browser.get(here(contact)))


def test_what_is_only_for_a_colleague_is_not_there(office, at_the_desk, counsellor, contact):
    _, member = counsellor
    with acting_for(office):
        log.open_enquiry(contact, by=member, at=timezone.now(), only_me=True)
    for roles in (("counsels",), ("reception",)):
        other, _ = at_the_desk(*roles, email=f"{roles[0]}.zwei@example.org")
        assert other.get(here(contact)).status_code == 404
