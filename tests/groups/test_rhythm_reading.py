"""What a meeting text says is read, and what it does not say is never invented."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontaktstelle.groups import rhythm
from kontaktstelle.groups.rhythm import EXCEPTIONS, Rhythm, measure, notation, read

HERE = Path(__file__).parent
DEV, OWN = HERE / "meeting_texts.tsv", HERE / "meeting_texts_own.tsv"


@pytest.mark.parametrize("path", [DEV, OWN], ids=lambda path: path.stem)
def test_nobody_is_sent_to_a_meeting_that_is_not_there(path):
    report = measure(path)

    assert report.wrong == []
    assert report.share_exact >= 0.95
    assert report.total >= 49


def test_an_empty_file_is_no_success(tmp_path):
    empty = tmp_path / "texts.tsv"
    empty.write_text("", encoding="utf-8")

    assert measure(empty).share_exact == 0.0


def test_a_file_with_a_broken_line_says_which_one(tmp_path):
    broken = tmp_path / "texts.tsv"
    broken.write_text("# Kopf\nmontags\tFREQ=WEEKLY;BYDAY=MO\n", encoding="utf-8")

    with pytest.raises(ValueError, match="Zeile 2"):
        measure(broken)


def test_the_report_tells_wrong_from_incomplete_and_from_not_understood(tmp_path):
    texts = tmp_path / "texts.tsv"
    lines = [
        "montags 18 Uhr\tFREQ=WEEKLY;BYDAY=MO\t18:00\t-\t",
        "montags 18 Uhr, dienstags 19 Uhr\tFREQ=WEEKLY;BYDAY=MO,TU\t18:00\t-\t",
        "nach Absprache montags\tFREQ=WEEKLY;BYDAY=MO\t-\t-\t",
        "dienstags\tFREQ=WEEKLY;BYDAY=MO\t-\t-\t",
        "montags 18 Uhr\tFREQ=WEEKLY;BYDAY=MO\t19:00\t-\t",
    ]
    texts.write_text("\n".join(lines), encoding="utf-8")

    report = measure(texts)

    sizes = [len(lines) for lines in (report.exact, report.incomplete, report.not_understood, report.wrong)]
    assert sizes == [1, 1, 1, 2]
    assert report.share_exact == 0.2


@pytest.mark.parametrize(
    ("text", "exceptions"),
    [
        ("jeden 1. und 3. Dienstag im Monat (nicht in den Schulferien)", ("school-holidays",)),
        ("montags, nicht in den (Schul-)Ferien", ("school-holidays",)),
        ("montags 17 Uhr, außer in den Ferien und an Feiertagen", ("school-holidays", "public-holidays")),
        ("donnerstags, Feiertage ausgenommen", ("public-holidays",)),
        ("jeden Dienstag (wenn kein Feiertag ist) 19 Uhr", ("public-holidays",)),
        ("Dienstags 19 Uhr. In den Schulferien finden keine Treffen statt.", ("school-holidays",)),
        ("freitags außerhalb der Schulferien", ("school-holidays",)),
        ("jeden Montag während der Schulzeit", ("school-holidays",)),
        ("jeden Montag, entfällt in den Sommerferien", ("summer-holidays",)),
        ("montags, außer in den Weihnachtsferien und Osterferien", ("christmas-holidays", "easter-holidays")),
        ("donnerstags in den geraden Kalenderwochen", ("odd-weeks",)),
        ("donnerstags in ungeraden KW", ("even-weeks",)),
        ("vier Treffen im Jahr, nicht im August", ("month-08",)),
        ("Donnerstag 19 Uhr, Sommerpause", ("summer-break",)),
        ("Donnerstag 19 Uhr, außer Rosenmontag", ("other",)),
        ("Donnerstag 19 Uhr, außer in Kurwochen", ("other",)),
        ("jeden Mittwoch, auch in den Ferien", ()),
        ("jeden Mittwoch ohne Anmeldung", ()),
    ],
)
def test_nobody_stands_at_a_closed_door_in_the_holidays(text, exceptions):
    reading = read(text)

    assert reading.understood
    assert reading.exceptions == exceptions
    assert set(exceptions) <= set(EXCEPTIONS)


@pytest.mark.parametrize(
    ("text", "anchored"),
    [
        ("jeden Montag", True),
        ("jeden 1. Montag im Monat", True),
        ("montags in geraden KW", True),
        ("16. Mai 2026", True),
        ("täglich", True),
        ("16. Mai", False),
        ("14-tägig montags", False),
        ("jeden zweiten Freitag", False),
        ("alle 2 Monate am 1. Montag", False),
        ("einmal im Monat", False),
        ("wöchentlich", False),
        ("zweimal im Jahr", False),
        ("in geraden Kalenderwochen", False),
        ("montags, Sommerpause", False),
        ("montags, außer Karneval", False),
    ],
)
def test_dates_are_promised_only_where_the_text_gives_them(text, anchored):
    assert read(text).anchored is anchored


@pytest.mark.parametrize(
    "text",
    [
        "jeden Montag, alle zwei Wochen mit Ergotherapeutin",
        "jeden Montag, einmal im Monat mit Angehörigen",
        "jeden 1. und 3. Montag, vierteljährlich mit Arzt",
        "montags und alle zwei Wochen donnerstags",
        "Montag und Mittwoch 14-tägig",
        "jeden Donnerstag außer am ersten Donnerstag im Monat",
        "Leitung Frau Anna Freitag, montags 18 Uhr",
        "jeden Montag 18 Uhr, Anmeldung bis 15. Mai",
        "jeden Montag ab September",
        "ab 5. März jeden Donnerstag 18 Uhr",
        "jeden Montag 18 Uhr (außer 25.12.)",
        "nicht immer montags",
        "jeden Mittwoch, nur in den Ferien",
        "in den Ferien nach Absprache, sonst montags",
        "gerade KW Montag, ungerade KW Mittwoch",
        "jede erste Woche im Monat, Dienstag",
        "alle 3 Wochen Dienstag und alle 4 Wochen Montag",
        "ca. alle 6 Wochen samstags",
        "Gruppe 1: montags 18 Uhr, Gruppe 2: dienstags 18 Uhr",
        "jeden 2. Freitag",
        "jeden ersten Samstag oder Sonntag im Monat",
        "jeden ersten Dienstag im Monat (fällt der Termin auf einen Feiertag, dann eine Woche später)",
        "mal montags, mal dienstags",
        "am 29. Februar 2025",
        "Montag, 32. Januar",
        "jeden 6. Montag im Monat",
        "montags 25 Uhr",
        "Wir haben uns bisher jeden Montag getroffen",
        "Die Gruppe traf sich am Dienstag im Rathaus mit dem Bürgermeister",
        "Wer mag, kommt am Dienstag zum Stammtisch, den die Gruppe seit Jahren im alten Rathaus hält",
        "Treffen finden zur Zeit nicht statt",
        "10.11.2025, 08.12. und 12.01.2026",
        "21., 14. und 28.3.2024",
        "14., 30. und 31.4.2024",
        "montags, 12.05. und 19.05.",
        "dienstags: 12.05.2025",
        "im Mai, Montag und Januar bis März am 1. Montag",
        "jeden 1. Montag im Mai und jeden 2. Dienstag im Mai",
        "Dezember",
        "sonn- und feiertags",
        "Freitag bis Montag",
        "alle 10 Tage",
        "zwei- bis einmal im Monat",
        "alle zwei Monate (Januar, April) am 1. Montag",
        "jeden 1. Montag, außer im Januar, Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November und Dezember",
        "täglich außer sonntags",
        "zweimal am Tag",
        "fünfmal im Jahr, vierteljährlich",
        "montags und samstags im Wechsel",
        "jeden 1. Montag in geraden KW",
        "alle zwei Wochen am 1. Montag",
        "dreimal im Monat am 1. Montag",
        "alle zwei Monate am 1. Montag im Mai und am 2. Montag im Juni",
        "am 1. Montag und am 2. Dienstag im Mai",
        "am 1. Montag, am 2. Dienstag im Mai, am 3. Mittwoch in geraden Monaten",
        "im Mai; in geraden Monaten am 1. Montag, am 2. Dienstag",
        "montags im Mai in Unna donnerstags",
        "täglich montags",
        "jeden Montag, einmal im Monat",
        "Dienstag, Treffen am 12.05.",
        "Montag, Treffen am 12.05.2026",
        "Termin 2025: 29.02.",
        "29.02. und 15.03.2025",
        "zweimal vierteljährlich",
        "jeden 1. Samstag im Quartal",
        "alle sechs bis vier Wochen",
        "alle 99 Wochen",
        "100-mal im Jahr",
        "montags von 25 bis 30",
        "montags halb 40",
        "16.05.1802",
        "0. und 5. Mai",
        "5. Mai, " * 40,
    ],
)
def test_in_doubt_the_text_stays_a_text(text):
    assert read(text) == Rhythm()


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("montags 9-11 und 14-16 Uhr", None, None),
        ("jeden 1. Montag im Monat 18 Uhr, jeden 3. Montag im Monat 19 Uhr", None, None),
        ("jeden Montag um 18 oder 19 Uhr", None, None),
        ("montags nach 18 Uhr", None, None),
        ("dienstags um acht", None, None),
        ("mittwochs um halb zehn", None, None),
        ("montags um 3 Uhr", None, None),
        ("Raum 12 - 18 Uhr montags", None, None),
        ("montags 22 bis 2 Uhr", None, None),
        ("montags 20 bis 24 Uhr", "20:00", None),
        ("montags 18 bis 17 Uhr", "18:00", None),
        ("montags bis 17 Uhr, Beginn 18 Uhr", "18:00", None),
        ("montags viertel nach achtzehn", "18:15", None),
        ("montags 18 Uhr, 18 bis 20 Uhr", "18:00", "20:00"),
        ("Sonntagnachmittag um 3", "15:00", None),
        ("montagabends von 8 bis 10", "20:00", "22:00"),
        ("Samstagvormittag von 10 bis 13 Uhr", "10:00", "13:00"),
        ("dienstags um acht Uhr abends", "20:00", None),
        ("mittwochs Viertel nach sieben abends", "19:15", None),
        ("Mittwochs von 17 Uhr (Einlass 16.30 Uhr) bis 19 Uhr", "17:00", "19:00"),
        ("montags 19.oo Uhr", "19:00", None),
        ("Montag 18°° Uhr", "18:00", None),
        ("montags 19", "19:00", None),
        ("montags, 19", "19:00", None),
        ("dienstags 19 Uhr (ab 18.30 Uhr Einlass)", "19:00", None),
        ("15. Januar 2026 – 18 Uhr", "18:00", None),
        ("montags ab 18 Uhr (Ende offen)", "18:00", None),
        ("montags um 18.10.", "18:10", None),
        ("montags 19.30.", "19:30", None),
        ("montags um 18.10", "18:10", None),
        ("montags 23 Uhr für 90 Minuten", "23:00", None),
        ("montags 18 Uhr, Dauer eine Stunde", "18:00", "19:00"),
        ("jeden Dienstag ab 18 Jahren um 17 Uhr", "17:00", None),
        ("dienstags 17 Uhr, max. 12 Personen", "17:00", None),
    ],
)
def test_a_wrong_time_is_never_better_than_none(text, start, end):
    reading = read(text)

    assert reading.understood
    assert (reading.start, reading.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Die<br>Gruppe trifft sich Diens-\ntag &amp; Donners<b>tag</b>, 18&nbsp;Uhr",
            "FREQ=WEEKLY;BYDAY=TU,TH",
        ),
        ("jeden fÃ¼nften Montag im Monat", "FREQ=MONTHLY;BYDAY=5MO"),
        ("Anmeldung bei Fr. Meier, montags 18 Uhr", "FREQ=WEEKLY;BYDAY=MO"),
        ("Anmeldung bei Frau Freitag, montags 18 Uhr", "FREQ=WEEKLY;BYDAY=MO"),
        ("So treffen wir uns montags um 18 Uhr", "FREQ=WEEKLY;BYDAY=MO"),
        ("montags 18 Uhr in DO-Hörde", "FREQ=WEEKLY;BYDAY=MO"),
        ("1x wöchentl. Di. 18 Uhr", "FREQ=WEEKLY;BYDAY=TU"),
        ("jeden 2. Mittwoch, 14-tägig", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"),
        ("alle 10 bis 14 Tage", "IRREGULAR:10-14D"),
        ("15.3 um 18 Uhr", "ONCE:--03-15"),
        ("Dienstag, Treffen am 12.05.2026", "ONCE:2026-05-12"),
        ("einmal im Monat montags, am 1. Montag", "FREQ=MONTHLY;BYDAY=1MO"),
        ("Termine 2026: 12.1., 9.2.", "ONCE:2026-01-12,2026-02-09"),
        ("5. und 19. Mai, 2. und 16. Juni 2026", "ONCE:2026-05-05,2026-05-19,2026-06-02,2026-06-16"),
        ("Don. 18 Uhr", "FREQ=WEEKLY;BYDAY=TH"),
        ("Fr. Abend 19 Uhr", "FREQ=WEEKLY;BYDAY=FR"),
        ("am 2. Dienstag im Monat, Raum 3, 2. Stock, Tel. 030 23125 001", "FREQ=MONTHLY;BYDAY=2TU"),
        ("Straße des 17. Juni 135, jeden Montag", "FREQ=WEEKLY;BYDAY=MO"),
        ("seit dem 3. März 2019 jeden 2. Dienstag im Monat", "FREQ=MONTHLY;BYDAY=2TU"),
        ("montags, Fragen an gruppe@example.org oder www.example.org/2", "FREQ=WEEKLY;BYDAY=MO"),
    ],
)
def test_what_stands_around_the_time_does_not_hide_it(text, expected):
    assert notation(read(text)) == expected


def test_a_time_without_a_day_is_kept_and_promises_nothing():
    assert read("14 Uhr im Fachklinikum") == Rhythm(start="14:00")


def test_json_holds_exactly_what_the_record_stores():
    assert read("jeden 1. Montag im Monat, 18-19.30 Uhr, nicht in den Ferien").as_json() == {
        "understood": True,
        "rules": ["FREQ=MONTHLY;BYDAY=1MO"],
        "dates": [],
        "frequency": None,
        "anchored": True,
        "start": "18:00",
        "end": "19:30",
        "exceptions": ["school-holidays"],
        "text": "jeden 1. Montag im Monat, 18 bis 19:30 Uhr, nicht in den Schulferien",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "montag " * 1500,
        "1" * 10_000,
        "1" * 500,
        "1. " * 190,
        "12.05." * 99,
        "0" * 300 + " montags",
        "montags\x00 18 Uhr",
        "montags \x1b[31m",
        "(" * 500,
        "- " * 290,
        "1-" * 290,
        "<" * 590,
        "<br" * 190,
        "a@" * 290,
        "🙂" * 500,
        "99999999999999999999999999 Uhr",
        "alle 99999999999999999999 Wochen",
    ],
)
def test_hostile_input_is_answered_quickly_and_not_believed(text):
    began = time.process_time()

    assert not read(text).understood
    assert time.process_time() - began < 0.25


SAID_ABOUT_TIME = """jeden jede 1. 2. 3. ersten zweiten letzten und oder , ; ( ) - bis Montag Dienstag dienstags mittwochs Mo. Fr
im Monat Monate Woche Wochen Jahr alle zwei 14-tägig monatlich wöchentlich einmal zweimal nicht außer kein in den Ferien
Feiertagen geraden ungeraden KW Januar Juli August 12.05. 2026 31.02. 16. Mai 18 Uhr 19.30 20:00 um ab von gegen ca.
abends nach Absprache Treffen erstes Gründung im Wechsel mal online mit seit statt Sommerpause 2 17 18.10 für 2 Stunden
halb acht Quartal vor auch Pause zwischen : / + Raum 5 Sommer"""


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(SAID_ABOUT_TIME.split()), max_size=14).map(" ".join) | st.text(max_size=80))
def test_no_text_whatever_breaks_the_page(text):
    reading = read(text)

    assert reading.understood == bool(reading.rules or reading.dates or reading.frequency)
    assert bool(reading.text) == reading.understood
    if reading.understood:
        assert read(reading.text) == reading


def test_importing_a_thousand_groups_takes_less_than_a_breath():
    texts = [line.split("\t")[0] for line in OWN.read_text(encoding="utf-8").splitlines()]
    began = time.process_time()

    for text in texts:
        read(text)

    assert (time.process_time() - began) / len(texts) < 0.001


def test_the_public_door_is_small():
    assert sorted(rhythm.__all__) == [
        "EXCEPTIONS",
        "Report",
        "Rhythm",
        "all_day",
        "from_json",
        "measure",
        "notation",
        "read",
        "upcoming",
        "wording",
    ]
