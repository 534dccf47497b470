"""A line as one would say it, and lists from a spreadsheet: understood, or refused with a sentence and nothing lost."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.activities import quick, sheet
from kontaktstelle.activities.log import Facts
from kontaktstelle.refusal import StepRefused

TODAY = date(2026, 3, 10)
HEAD = "Tag oder Monat;Art;Anzahl;Erreicht;Warteliste;Minuten;Standort;Text\r\n"


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("3 Posts", Facts("post", TODAY, TODAY, times=3)),
        ("Infostand 120 am 12.2.", Facts("stall", date(2026, 2, 12), date(2026, 2, 12), reached=120)),
        (
            "infostand 12.11. Wochenmarkt",
            Facts("stall", date(2025, 11, 12), date(2025, 11, 12), text="Wochenmarkt"),
        ),
        (
            "Fortbildung Erste Hilfe 14, 5 warten, 90 Minuten",
            Facts("training", TODAY, TODAY, reached=14, waiting=5, minutes=90, text="Erste Hilfe"),
        ),
        ("2 Vorträge im Februar 80", Facts("talk", date(2026, 2, 1), None, times=2, reached=80)),
        (
            "Gremium gestern PSAG Unna",
            Facts("committee", date(2026, 3, 9), date(2026, 3, 9), text="PSAG Unna"),
        ),
        ("Material 1.200", Facts("material", TODAY, TODAY, reached=1200)),
        ("4 Pressemitteilungen Dezember 2025", Facts("press", date(2025, 12, 1), None, times=4)),
        ("Raum 40 Stunden März", Facts("room-groups", date(2026, 3, 1), None, minutes=2400)),
        ("Instagram", Facts("post", TODAY, TODAY)),
        ("Aktionstag Tag der Selbsthilfe", Facts("event", TODAY, TODAY, text="Tag der Selbsthilfe")),
    ],
)
def test_a_line_is_understood_as_one_would_say_it(line, facts):
    assert quick.read(line, today=TODAY, sites={}) == facts


@pytest.mark.parametrize("line", ["", "3", "heute war viel los", "am 12.3."])
def test_a_line_without_a_kind_is_asked_about(line):
    with pytest.raises(quick.LineUnclear):
        quick.read(line, today=TODAY, sites={})


@given(st.text(max_size=60))
def test_no_line_breaks_it(line):
    with contextlib.suppress(StepRefused):
        assert quick.read(f"Post {line}", today=TODAY, sites={}).times >= 0


def test_a_list_of_an_office_is_read_with_its_own_dates_and_words():
    raw = (
        HEAD + "12.02.2026;Infostand;;120;;;;Markt\r\n03.2025;Beiträge in sozialen Medien;83\r\n;;;;\r\n"
    ).encode("cp1252")
    read = sheet.read(raw, sites={}, known=[])
    assert read.new == (
        Facts("stall", date(2026, 2, 1), date(2026, 2, 12), reached=120, text="Markt"),
        Facts("post", date(2025, 3, 1), times=83),
    )


def test_tabs_from_a_spreadsheet_are_read_too():
    read = sheet.read(b"Monat\tArt\tAnzahl\n2025-03\tPodcast\t2\n", sites={}, known=[])
    assert read.new == (Facts("podcast", date(2025, 3, 1), times=2),)


def test_every_row_that_is_not_understood_is_named_and_none_is_taken():
    raw = (
        HEAD
        + "32.01.2026;Infostand\r\n01.2026;Tanz\r\n01.2026;Vortrag;viele\r\n01.2026;Vortrag;1;;;;Mond\r\n"
    )
    with pytest.raises(sheet.SheetUnreadable) as refused:
        sheet.read(raw.encode(), sites={}, known=[])
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        f"Zeile {n}" for n in (2, 3, 4, 5)
    ]


@pytest.mark.parametrize("raw", [b"", b"Wort\nx\n", b"x" * 1_000_001])
def test_what_is_no_list_is_refused(raw):
    with pytest.raises(sheet.SheetUnreadable) as refused:
        sheet.read(raw, sites={}, known=[])
    assert refused.value.problems
