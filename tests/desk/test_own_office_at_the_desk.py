"""The office's own record at the desk: what is saved stands on the public pages, a look before it, and a way back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.organisation.models import ContactPoint, Hours
from support.visiting import forget, text_of, visitor

pytestmark = pytest.mark.django_db
HERE = "/schreibtisch/stammdaten/stelle/"
CLOSED = "/schreibtisch/stammdaten/schliesszeiten/"
ODD = ["<script>alert(1)</script>", "' OR 1=1 --", "\u202e\u0000x", "😀" * 50, "{{ 7*7 }}", ""]


def facts(office, **said):
    return {
        "schritt": "angaben",
        "name": office.name,
        "short_name": office.short_name,
        "phone": office.phone,
        "email": office.email,
        "website": "",
        "about": "",
        "founding_label": "",
        "reads_within_working_days": "3",
    } | said


def public(office):
    forget()
    return text_of(visitor().get(f"/stelle/{office.slug}/"))


def site_address(office):
    return f"{HERE}standort/{office.sites.get().pk}/"


def test_what_is_saved_stands_on_the_public_page_and_can_be_taken_back(at_the_desk, office):
    browser, _ = at_the_desk("upkeep")
    browser.post(HERE, facts(office, about="Wir sind neu hier."))
    assert "Wir sind neu hier." in public(office)
    assert "Letzte Änderung" in text_of(browser.get(HERE))
    browser.post(HERE, {"schritt": "zurueck"})

    assert "Wir sind neu hier." not in public(office)


def test_what_is_refused_keeps_everything_typed(at_the_desk, office):
    browser, _ = at_the_desk("leads")
    answer = browser.post(HERE, facts(office, email="keine", about="Langer Text"))

    assert answer.status_code == 409
    assert "nicht vollständig" in text_of(answer)
    assert "Langer Text" in text_of(answer)
    assert 'value="keine"' in text_of(answer)


def test_a_colour_is_judged_in_a_sentence(at_the_desk, office):
    browser, _ = at_the_desk("leads")
    answer = browser.post(HERE, {"schritt": "farbe", "accent": "#FFEE00"})
    assert answer.status_code == 409
    assert "zu hell" in text_of(answer)
    browser.post(HERE, {"schritt": "farbe", "accent": "#1C5A6E"})

    assert "Gut zu lesen: Der Kontrast" in text_of(browser.get(HERE))
    office.refresh_from_db()
    assert office.accent == "#1c5a6e"


def test_hours_are_looked_at_before_they_stand(at_the_desk, office):
    browser, _ = at_the_desk("leads")
    here = site_address(office)
    before = Hours.objects.count()
    shown = text_of(
        browser.post(here, {"schritt": "zeiten", "hours": "Mo–So 0:05–23:55 Uhr", "vorschau": "1"})
    )
    assert "Noch ist nichts geändert." in shown
    assert "wird nicht gelesen" in shown
    assert "Mo–So 0:05–23:55 Uhr" in shown, "what was typed is gone after a preview"
    assert Hours.objects.count() == before
    browser.post(here, {"schritt": "zeiten", "hours": "Mo–So 0:05–23:55 Uhr"})

    assert "0.05–23.55" in public(office).replace(":", ".").replace("Uhr", "").replace(" ", "") or (
        Hours.objects.count() == 7
    )


def test_hours_not_understood_name_the_line(at_the_desk, office):
    browser, _ = at_the_desk("leads")
    answer = browser.post(site_address(office), {"schritt": "zeiten", "hours": "Mo 9-12\nimmer mal"})

    assert answer.status_code == 409
    assert "„immer mal“" in text_of(answer)


def test_closing_is_looked_at_then_stands_then_opens_again(at_the_desk, office):
    browser, _ = at_the_desk("leads")
    first = timezone.localdate() + timedelta(days=3)
    form = {
        "schritt": "schliessen",
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=9)).isoformat(),
        "note": "Betriebsferien",
    }
    shown = text_of(browser.post(CLOSED, form | {"vorschau": "1"}))
    assert "Am ersten Tag, morgens" in shown
    assert not office.closings.exists()
    browser.post(CLOSED, form)
    assert "Betriebsferien" in public(office)
    browser.post(CLOSED, {"schritt": "oeffnen", "first_day": first.isoformat(), "site": ""})

    assert "Betriebsferien" not in public(office)
    assert not ContactPoint.objects.get(pk=office.pk).closings.exists()


@pytest.mark.parametrize("form", [{}, {"first_day": "31.02.2026"}, {"first_day": "2020-01-01"}])
def test_a_closing_that_cannot_be_is_a_sentence(at_the_desk, office, form):
    browser, _ = at_the_desk("leads")
    for more in ({}, {"vorschau": "1"}, {"schritt": "oeffnen"}):
        assert browser.post(CLOSED, form | more).status_code == 409


def test_a_site_is_added_and_another_offices_is_not_there(at_the_desk, office, office_elsewhere):
    browser, _ = at_the_desk("leads")
    browser.post(
        f"{HERE}standort/", {"name": "Lünen", "street": "Markt 1", "postcode": "44532", "town": "Lünen"}
    )
    assert office.sites.filter(name="Lünen").exists()
    other = office_elsewhere.sites.get()
    for step in ("angaben", "zeiten", "entfernen", "zurueck"):
        assert browser.post(f"{HERE}standort/{other.pk}/", {"schritt": step}).status_code == 404
    assert office_elsewhere.sites.count() == 1


@pytest.mark.parametrize("word", ODD)
def test_odd_words_in_every_field_are_no_fault_and_never_run(at_the_desk, office, word):
    browser, _ = at_the_desk("leads")
    names = ["name", "short_name", "phone", "email", "website", "about", "founding_label", "reads_within_working_days",
             "accent", "areas", "seen"]  # fmt: skip
    for step in ("angaben", "farbe", "gebiet", "zurueck", "gebiet-zurueck", word):
        answer = browser.post(HERE, {"schritt": step} | dict.fromkeys(names, word))
        assert answer.status_code in {200, 302, 409}
        assert "<script>alert(1)" not in text_of(answer)
    here = site_address(office)
    for step in ("angaben", "zeiten", "zurueck", "zeiten-zurueck"):
        form = {"schritt": step} | dict.fromkeys(
            ["name", "street", "postcode", "town", "phone", "hours"], word
        )
        assert browser.post(here, form).status_code in {302, 409}
    assert (
        browser.post(CLOSED, dict.fromkeys(["first_day", "last_day", "note", "site"], word)).status_code
        == 409
    )
