"""Periods and the quick log's lists at the desk: told before something goes, by year, and back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import periods
from kontaktstelle.enquiries.models import Contact
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from support.desk import make_contact
from support.visiting import text_of

pytestmark = pytest.mark.django_db
PERIODS = "/schreibtisch/stammdaten/fristen/"
LISTS = "/schreibtisch/stammdaten/kontaktbogen/"
YEAR = timezone.localdate().year


def kept_on(page, name="channel"):
    """Return the values that a page shows as switched on."""
    part = page.split(f'id="liste-{name}"')[1].split("</form>")[0]
    return [line.split('value="')[1].split('"')[0] for line in part.split("<input")[1:] if "checked" in line]


def test_a_period_is_set_and_goes_back_to_the_programmes(at_the_desk, office):
    browser, _ = at_the_desk("leads")
    browser.post(PERIODS, {"frist": "enquiry", "tage": "60"})
    with acting_for(office):
        assert periods.days_of(periods.ENQUIRY) == 60
    assert "Wie vom Programm vorgesehen: 90 Tage" in text_of(browser.get(PERIODS))
    browser.post(PERIODS, {"frist": "enquiry", "schritt": "programm"})

    with acting_for(office):
        assert periods.days_of(periods.ENQUIRY) == 90


def test_what_a_form_says_of_a_note_is_what_the_night_does(at_the_desk):
    """Somebody told „nach 30 Tagen“ would look for a note that went after ten."""
    browser, _ = at_the_desk("leads", "counsels")
    browser.post(PERIODS, {"frist": "contact", "tage": "10"})
    browser.post(PERIODS, {"frist": "hand-over", "tage": "14"})

    assert "Die Notiz verschwindet nach 10 Tagen." in text_of(browser.get("/schreibtisch/kontakt/"))
    assert "Nach 14 Tagen ist sie gelöscht." in text_of(browser.get("/schreibtisch/uebergabe/"))
    browser.post(PERIODS, {"frist": "contact", "tage": "0"})
    assert "in der nächsten Nacht" in text_of(browser.get("/schreibtisch/kontakt/"))


@pytest.mark.parametrize("days", ["91", "-1", "viele", "", "9" * 40, "\0"])
def test_a_period_that_cannot_be_names_its_bounds_and_keeps_what_was_typed(at_the_desk, office, days):
    browser, _ = at_the_desk("leads")
    answer = browser.post(PERIODS, {"frist": "contact", "tage": days})

    assert answer.status_code == 409
    assert "0 bis 90 Tage" in text_of(answer)


def test_what_would_go_tonight_is_told_and_asked_for(at_the_desk, office):
    browser, member = at_the_desk("leads", "counsels")
    make_contact(office, member)  # months ago
    browser.post(PERIODS, {"frist": "contact", "tage": "90", "sicher": "1"})
    with acting_for(office):
        Contact.objects.update(entered_at=timezone.now() - timedelta(days=40))
    answer = browser.post(PERIODS, {"frist": "contact", "tage": "10"})
    assert answer.status_code == 409
    assert "nicht zurücknehmen" in text_of(answer)
    with acting_for(office):
        assert periods.days_of(periods.CONTACT) == 90
    browser.post(PERIODS, {"frist": "contact", "tage": "10", "sicher": "1"})

    with acting_for(office):
        assert periods.days_of(periods.CONTACT) == 10


def test_the_question_afterwards_is_switched(at_the_desk, office):
    browser, _ = at_the_desk("leads")
    browser.post(PERIODS, {"schritt": "nachfrage", "an": "0"})

    assert not ContactPoint.objects.get(pk=office.pk).asks_how_it_went
    assert "Einschalten" in text_of(browser.get(PERIODS))


def test_a_value_switched_off_leaves_the_form_and_comes_back(at_the_desk):
    browser, _ = at_the_desk("leads", "counsels")
    on = kept_on(text_of(browser.get(LISTS)))
    browser.post(LISTS, {"jahr": YEAR, "liste": "channel", "an": [each for each in on if each != "video"]})
    assert 'value="video"' not in text_of(browser.get("/schreibtisch/kontakt/"))
    browser.post(LISTS, {"jahr": YEAR, "liste": "channel", "schritt": "zurueck"})

    assert 'value="video"' in text_of(browser.get("/schreibtisch/kontakt/"))


def test_next_year_is_arranged_without_touching_this_one(at_the_desk):
    browser, _ = at_the_desk("leads", "counsels")
    browser.post(LISTS, {"jahr": YEAR + 1, "liste": "channel", "an": ["telephone"], "taste-telephone": "t"})

    assert kept_on(text_of(browser.get(f"{LISTS}?jahr={YEAR + 1}"))) == ["telephone"]
    assert len(kept_on(text_of(browser.get(LISTS)))) > 5
    assert 'value="video"' in text_of(browser.get("/schreibtisch/kontakt/"))


def test_optional_fields_come_and_go(at_the_desk):
    browser, _ = at_the_desk("leads", "counsels")
    browser.post(LISTS, {"jahr": YEAR, "liste": "fields", "an": ["age"]})

    assert "Alter" in text_of(browser.get("/schreibtisch/kontakt/"))


@pytest.mark.parametrize(
    "form",
    [
        {"liste": "channel"},
        {"liste": "quatsch", "an": "x"},
        {"liste": "channel", "an": ["telephone", "email"], "taste-telephone": "2"},
        {"liste": "channel", "an": "telephone", "taste-telephone": "<"},
        {"schritt": "zurueck", "liste": "channel"},
        {"liste": "channel", "an": "telephone", "seen": "0123456789abcdef"},
    ],
)
def test_what_cannot_be_arranged_is_a_sentence(at_the_desk, form):
    browser, _ = at_the_desk("leads")
    answer = browser.post(LISTS, {"jahr": YEAR} | form)

    assert answer.status_code == 409
    assert 'role="alert"' in text_of(answer)
