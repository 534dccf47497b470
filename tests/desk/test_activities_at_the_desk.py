"""Aktivitäten at the desk: entered in one line or by fields, changed, taken back, given out and read in."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kontaktstelle.activities.models import ActivityRecord
from support.visiting import text_of

pytestmark = pytest.mark.django_db
DESK = "/schreibtisch/aktivitaeten/"


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def sent(**fields):
    return {"form_key": str(uuid.uuid4()), **fields}


@pytest.fixture
def browser(at_the_desk):
    return at_the_desk("reception")[0]


@pytest.fixture
def noted(browser):
    browser.post(DESK, sent(line="3 Posts"))
    return ActivityRecord.unscoped.get()


def test_an_empty_year_says_what_to_do(browser):
    assert "steht hier noch nichts" in words(browser.get(DESK))


def test_three_posts_are_entered_in_one_line_and_taken_back_by_one_button(browser):
    answer = browser.post(DESK, sent(line="3 Posts"), follow=True)
    assert "Eingetragen: 3 Beiträge in sozialen Medien." in words(answer)
    row = ActivityRecord.unscoped.get()
    assert (row.kind, row.times, row.day) == ("post", 3, timezone.localdate())
    back = re.search(rf'action="({DESK}{row.pk}/entfernen/)"', text_of(answer))[1]
    browser.post(back)
    assert not ActivityRecord.unscoped.exists()


def test_fields_are_entered_too_with_month_and_waiting_list(browser):
    form = sent(
        kind="training", times="1", when="1/2026", reached="14", waiting="5", minutes="90", text="Erste Hilfe"
    )
    answer = browser.post(DESK, form, follow=True)
    for said in (
        "Fortbildung für Gruppen",
        "14 Teilnehmende",
        "5 auf der Warteliste",
        "1 Std. 30 Min.",
        "Erste Hilfe",
    ):
        assert said in words(answer)
    assert ActivityRecord.unscoped.get().day is None


def test_a_double_click_counts_once(browser):
    form = sent(line="Infostand 120")
    for _ in range(2):
        browser.post(DESK, form)
    assert ActivityRecord.unscoped.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"line": "heute war viel los"}, "Wir finden darin keine Art"),
        ({"text": "Markt"}, "Diese Art kennt die Liste nicht"),
        ({"kind": "stall", "reached": "viele", "text": "Markt"}, "steht keine Zahl"),
        ({"kind": "stall", "when": "13/2026", "text": "Markt"}, "lesen wir nicht"),
        ({"kind": "stall", "when": "1.1.2199", "text": "Markt"}, "liegt in der Zukunft"),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_typed_is_lost(browser, fields, sentence):
    answer = browser.post(DESK, sent(**fields))
    assert answer.status_code == 409
    assert sentence in words(answer)
    for typed in fields.values():
        assert typed in text_of(answer)
    assert not ActivityRecord.unscoped.exists()


def test_the_last_one_is_copied_with_one_key(browser, noted):
    page = text_of(browser.get(DESK))
    assert re.search(rf'href="{DESK}\?wie={noted.pk}"\s+data-key="w"', page)
    form = text_of(browser.get(f"{DESK}?wie={noted.pk}"))
    assert re.search(r'value="post"[^>]* checked', form)
    assert 'name="times" value="3"' in form


def test_a_change_is_kept_and_taken_back_and_of_two_one_wins(browser, noted):
    address = f"{DESK}{noted.pk}/"
    form = {"kind": "talk", "times": "1", "when": "5.1.2026", "seen": "1"}
    browser.post(address, sent(**form))
    assert ActivityRecord.unscoped.get().kind == "talk"
    late = browser.post(address, sent(**{**form, "text": "danach"}))
    assert late.status_code == 409
    assert "danach" in text_of(late)
    browser.post(f"{address}zurueck/", {"seen": "2"})
    row = ActivityRecord.unscoped.get()
    assert (row.kind, row.times) == ("post", 3)


def test_a_year_is_given_out_and_read_in_again_without_doubling(browser, noted):
    given = browser.get(f"{DESK}ausgeben/?jahr={timezone.localdate().year}")
    raw = given.content
    assert raw.startswith(b"\xef\xbb\xbfTag oder Monat;Art")
    answer = browser.post(
        f"{DESK}einlesen/", sent(datei=SimpleUploadedFile("a.csv", raw, "text/csv")), follow=True
    )
    assert "0 Zeilen sind übernommen. 1 standen schon da." in words(answer)
    assert ActivityRecord.unscoped.count() == 1


def test_pasted_rows_are_taken_or_refused_row_by_row_and_stay_in_the_field(browser):
    assert "Tag oder Monat, Art" in words(browser.get(f"{DESK}einlesen/"))
    good = "Monat;Art;Anzahl\n1/2026;Podcast;2\n"
    answer = browser.post(f"{DESK}einlesen/", sent(liste=good + "1/2026;Tanz;1\n"))
    assert answer.status_code == 409
    assert "Zeile 3: Diese Art kennen wir nicht" in words(answer)
    assert "1/2026;Tanz;1" in text_of(answer)
    assert not ActivityRecord.unscoped.exists()
    browser.post(f"{DESK}einlesen/", sent(liste=good))
    assert ActivityRecord.unscoped.get().times == 2


def test_the_year_adds_up_on_the_page(browser, noted):
    browser.post(DESK, sent(line="Infostand 120"))
    said = words(browser.get(DESK))
    assert "zusammen 4" in said
    assert "120 Gespräche" in said


def test_no_cell_of_a_list_is_a_formula(browser):
    browser.post(DESK, sent(kind="talk", times="1", text="=1+1"))
    given = browser.get(f"{DESK}ausgeben/").content.decode()
    assert ";'=1+1;" in given
