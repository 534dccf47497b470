"""What templates receive: final strings, phone links, no query within a minute."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.utils import translation

from kontaktstelle.directory import help as shown
from kontaktstelle.network.checking import confirm
from kontaktstelle.network.hours import BERLIN
from kontaktstelle.network.kinds import KINDS
from kontaktstelle.network.models import HelpLine
from kontaktstelle.network.registers import load_registers

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 25, 12, tzinfo=BERLIN)  # a Wednesday


@pytest.fixture(autouse=True)
def registers():
    load_registers(at=NOON)
    shown.forget_cached()
    yield
    shown.forget_cached()


def line(key, at=NOON, **how):
    return next(each for each in shown.lines_for([], at=at, **how) if each.key == key)


def test_a_page_costs_three_queries_once_and_none_after(django_assert_num_queries):
    with django_assert_num_queries(3):
        shown.lines_for(["suicide"], at=NOON)
    with django_assert_num_queries(0):
        shown.lines_for(["suicide"], at=NOON)
        shown.lines_for(["violence"], land="BY")
        shown.need_answer(land="BY", at=NOON)
        shown.bodies_for(["depression"], "BY")
        shown.sections(at=NOON)


def test_after_a_minute_the_register_is_read_anew(monkeypatch):
    clock = SimpleNamespace(monotonic=lambda: 0.0)
    monkeypatch.setattr(shown, "time", clock)
    shown.forget_cached()
    shown.lines_for([], at=NOON)
    HelpLine.objects.filter(key="silbernetz").update(name="Silbernetz, neu")

    clock.monotonic = lambda: 59.0
    assert line("silbernetz").name == "Silbernetz-Hilfetelefon"
    clock.monotonic = lambda: 61.0
    assert line("silbernetz").name == "Silbernetz, neu"


def test_numbers_are_links_a_thumb_can_press():
    assert [(phone.text, phone.href) for phone in line("telefonseelsorge").phones] == [
        ("0800 1110111", "tel:08001110111"),
        ("0800 1110222", "tel:08001110222"),
        ("116 123", "tel:116123"),
    ]


@pytest.mark.parametrize(
    ("key", "at", "said"),
    [
        ("telefonseelsorge", NOON, "jetzt erreichbar, rund um die Uhr"),
        ("silbernetz", NOON, "jetzt erreichbar bis 22 Uhr"),
        (
            "info-telefon-depression",
            datetime(2026, 11, 25, 9, tzinfo=BERLIN),
            "jetzt erreichbar bis 12:30 Uhr",
        ),
        ("nummer-gegen-kummer", NOON, "wieder erreichbar ab 14 Uhr"),
        ("silbernetz", datetime(2026, 11, 25, 23, tzinfo=BERLIN), "wieder erreichbar ab morgen, 8 Uhr"),
        ("gewalt-an-maennern", datetime(2026, 11, 27, 16, tzinfo=BERLIN), "wieder erreichbar ab Mo, 8 Uhr"),
        ("suchtberatung-bioeg", NOON, ""),
        ("opfer-telefon", datetime(2026, 12, 25, 10, tzinfo=BERLIN), ""),
    ],
)
def test_it_says_whether_somebody_answers_now(key, at, said):
    assert line(key, at).now == said


def test_the_end_of_the_day_is_called_24():
    HelpLine.objects.filter(key="silbernetz").update(spans=[[2, "08:00", "24:00"]])

    assert line("silbernetz").now == "jetzt erreichbar bis 24 Uhr"


def test_a_night_that_ends_tomorrow_needs_no_weekday():
    HelpLine.objects.filter(key="silbernetz").update(spans=[[2, "20:00", "06:00"]])

    assert line("silbernetz", datetime(2026, 11, 25, 23, tzinfo=BERLIN)).now == "jetzt erreichbar bis 6 Uhr"


def test_it_says_when_an_office_checked_it_and_when_nobody_did():
    confirm(HelpLine.objects.get(key="silbernetz"), "x", datetime(2026, 12, 3, 9, tzinfo=UTC))

    assert line("silbernetz").checked == "geprüft am 3. Dezember 2026"
    assert line("telefonseelsorge").checked == "noch nicht geprüft"
    assert line("telefonseelsorge").checked_on is None


def test_a_source_carries_its_date_as_germans_write_it():
    assert line("elterntelefon").source.endswith("Stand 09.02.2021")
    assert line("nummer-gegen-kummer").source.endswith("Stand 03/2020")
    assert line("schwangere-in-not").source.endswith("Stand 2018")
    assert line("telefonseelsorge").source == "TelefonSeelsorge Deutschland, telefonseelsorge.de"


def test_emergency_numbers_and_free_calls_are_marked():
    assert {each.key for each in shown.lines_for([], at=NOON) if each.emergency} == {
        "notruf-112",
        "polizei-110",
    }
    assert line("telefonseelsorge").free_of_charge
    assert not line("sucht-und-drogen").free_of_charge


def test_the_page_of_all_lines_shows_each_once_and_says_where_it_is_for():
    sections = shown.sections(at=NOON)
    found = [each for section in sections for each in section.lines]

    assert sorted(each.key for each in found) == sorted(HelpLine.objects.values_list("key", flat=True))
    assert (
        next(each.where for each in found if each.key == "giftnotruf-mainz")
        == "Rheinland-Pfalz, Hessen, Saarland"
    )
    assert sections[0].heading == "Wenn es sofort sein muss"


def test_the_page_of_a_land_shows_its_own_lines_only():
    found = [each.key for section in shown.sections(land="SL", at=NOON) for each in section.lines]

    assert [key for key in found if key.startswith("giftnotruf")] == ["giftnotruf-mainz"]


def test_bodies_are_shown_as_text_with_source_and_check():
    body = shown.bodies_for(["dementia-relatives"])[0]

    assert (body.name, body.website, body.reach) == (
        "Deutsche Alzheimer Gesellschaft",
        "deutsche-alzheimer.de",
        "bundesweit",
    )
    assert body.phone.href == "tel:030259379514"
    assert body.checked == "noch nicht geprüft"
    assert shown.bodies_for(["ms"], "BW")[0].reach == "Baden-Württemberg"
    assert shown.bodies_for([])[0].name.startswith("NAKOS")


def test_the_need_answer_is_ready_to_be_shown():
    need = shown.need_answer(kreis_key="09162", at=NOON)

    assert [service.key for service in need.services][-1] == "krisendienste-bayern-need"
    assert need.services[0].what.startswith("Vermittelt gesetzlich Versicherten")
    assert need.lines[0].emergency


def test_answers_of_one_language_are_not_given_in_another():
    with translation.override("de"):
        german = shown.lines_for(["quiet"], at=NOON)
    with translation.override("en"):
        assert len(shown.lines_for(["quiet"], at=NOON)) == len(german)
    assert {asked[-1] for asked in shown._held[0].answers} == {"de", "en"}


def test_a_flood_of_different_questions_does_not_fill_the_memory():
    for number in range(shown.MOST_ANSWERS + 5):
        shown.lines_for(["quiet"], kreis_key=f"{number:05}", at=NOON)

    assert len(shown._held[0].answers) <= shown.MOST_ANSWERS


def test_every_kind_of_line_has_its_place_on_the_page_of_all_lines():
    assert {kind for tags, _ in shown.SECTIONS for kind in tags.split()} == set(KINDS)


def test_what_a_page_does_with_an_answer_does_not_change_the_next():
    shown.lines_for(["quiet"], at=NOON).clear()
    shown.bodies_for(["depression"]).clear()

    assert shown.lines_for(["quiet"], at=NOON)
    assert shown.bodies_for(["depression"])
