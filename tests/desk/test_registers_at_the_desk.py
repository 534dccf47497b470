"""The registers at the desk: overdue first, one key to confirm, nothing typed is lost."""

import pytest
from django.utils import timezone

from kontaktstelle.network import registers
from kontaktstelle.network.models import Body, HelpLine, Service
from support.people import A_MOMENT
from support.visiting import text_of

pytestmark = pytest.mark.django_db
HERE = "/schreibtisch/stammdaten/hilfe/"
NEW = {
    "kind": "counselling", "name": "Suchtberatung Beispiel", "what": "Berät kostenlos.", "for_whom": "alle", "numbers": "030 23125 778",
    "open": "Mo–Do 9–17 Uhr", "on_holidays": "closed", "regions": "Kreis Unna", "source": "Flyer, kreis.example",
}  # fmt: skip


@pytest.fixture(autouse=True)
def loaded(db):
    registers.load_registers(at=A_MOMENT)


def test_what_was_never_checked_stands_first_and_goes_with_one_key(at_the_desk):
    browser, _ = at_the_desk("counsels")
    page = text_of(browser.get(HERE))
    first = HelpLine.objects.order_by("position").first()
    assert page.count('data-key="g"') == 1
    assert page.index("Zu prüfen") < page.index('data-key="g"')
    browser.post(f"{HERE}telefon/{first.key}/", {"schritt": "geprueft", "zur": "liste"})
    first.refresh_from_db()

    assert first.checked_on == timezone.localdate()
    after = text_of(browser.get(HERE))
    assert after.index("Geprüft</h2>") < after.index(f"<strong>{first.name}</strong>")


def test_a_service_is_added_in_the_words_people_use(at_the_desk, office):
    browser, _ = at_the_desk("upkeep")
    answer = browser.post(f"{HERE}neu/", NEW)
    row = Service.objects.get(contact_point=office)

    assert answer.status_code == 302
    assert (row.regions, row.hours, row.checked_on) == (["05978"], "Mo–Do 9–17 Uhr", timezone.localdate())
    assert "Ihr Eintrag" in text_of(browser.get(HERE))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"source": ""}, "„Quelle“"),
        ({"numbers": "ruf an"}, "keine Rufnummer"),
        ({"open": "immer"}, "nicht lesbar"),
        ({"regions": "Märchenland"}, "kennen wir nicht"),
        ({"name": "<script>alert(1)</script>"}, "spitze Klammern"),
        ({"kind": "x"}, "keine bekannte Art"),
    ],
)
def test_what_cannot_be_used_is_said_in_german_and_everything_typed_stays(at_the_desk, wrong, said):
    browser, _ = at_the_desk("leads")
    answer = browser.post(f"{HERE}neu/", NEW | wrong)
    page = text_of(answer)

    assert answer.status_code == 409
    assert said in page
    assert "Berät kostenlos." in page
    assert "<script>alert(1)" not in page
    assert not Service.objects.exclude(contact_point=None).exists()


def test_a_body_of_the_programme_shows_its_source_and_no_form(at_the_desk):
    browser, _ = at_the_desk("leads")
    body = Body.objects.first()
    page = text_of(browser.get(f"{HERE}ueberregional/{body.key}/"))

    assert "kommt mit dem Programm" in page
    assert "Quelle" in page
    assert 'value="aendern"' not in page
    assert (
        browser.post(f"{HERE}ueberregional/{body.key}/", {"schritt": "aendern", "name": "X"}).status_code
        == 409
    )
    assert text_of(browser.get(f"{HERE}ueberregional/")).count("<li>") >= Body.objects.count()


def test_two_who_edit_one_line_do_not_overwrite_each_other(at_the_desk):
    browser, _ = at_the_desk("leads")
    line = HelpLine.objects.first()
    here = f"{HERE}telefon/{line.key}/"
    form = {
        "schritt": "aendern", "seen": "0123456789abcdef", "name": "Anders", "numbers": "112", "operator": "x", "source": "y", "kinds": "crisis",
        "on_holidays": "unknown",
    }  # fmt: skip
    answer = browser.post(here, form)

    assert answer.status_code == 409
    assert "inzwischen jemand anderes" in text_of(answer)
    assert 'value="Anders"' in text_of(answer)


@pytest.mark.parametrize("path", ["telefon/gibt-es-nicht/", "quatsch/x/"])
def test_what_is_not_there_looks_like_a_page_that_is_not_there(at_the_desk, path):
    browser, _ = at_the_desk("leads")
    assert browser.get(HERE + path).status_code == 404


def test_what_nobody_checked_for_long_stands_on_heute_until_it_is(at_the_desk, office, office_elsewhere):
    theirs = {"kind": "counselling", "name": "Kanarienberatung", "what": "Beratung", "source": "Flyer"}
    registers.add(Service, theirs, by="test", at=A_MOMENT, contact_point=office_elsewhere)
    browser, _ = at_the_desk("counsels")
    count = sum(register.objects.filter(hidden=False).count() for register in (HelpLine, Service)) - 1
    page = text_of(browser.get("/schreibtisch/"))
    assert f"{count} Hilfetelefone und Dienste prüfen" in page
    assert f'href="{HERE}#pruefen"' in page
    assert "überregionale Stellen prüfen" in page
    for register in (HelpLine, Service, Body):
        register.objects.update(checked_on=timezone.localdate(), checked_by="test", to_review=False)
    line = HelpLine.objects.first()
    assert "Noch richtig?" not in text_of(browser.get("/schreibtisch/"))
    HelpLine.objects.filter(pk=line.pk).update(checked_on="2020-01-01")

    page = text_of(browser.get("/schreibtisch/"))
    assert "Ein Hilfetelefon oder Dienst prüfen" in page
    assert "„geprüft am“ ist abgelaufen" in page
    assert "Nichts ist offen." not in page
