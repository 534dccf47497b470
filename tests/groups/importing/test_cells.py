"""Single cells: what a spreadsheet did to them, and what is private in them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.groups.importing import cells, choices, persons


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12.03.2019", date(2019, 3, 12)),
        ("1.3.19", date(2019, 3, 1)),
        ("1.3.85", date(1985, 3, 1)),
        ("2019-03-12", date(2019, 3, 12)),
        ("2019-03-12 00:00:00", date(2019, 3, 12)),
        ("12/03/2019", date(2019, 3, 12)),
        ("12. März 2019", date(2019, 3, 12)),
        ("43536", date(2019, 3, 12)),
        ("31.11.2024", None),
        ("29.02.2023", None),
        ("12. Quark 2019", None),
        ("2019", None),
        ("01. Mrz", None),
        ("demnächst", None),
    ],
)
def test_a_date_is_read_as_germans_write_it_or_not_at_all(text, day):
    assert cells.day(text) == day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("59423", ("59423", False)),
        ("D-59423", ("59423", False)),
        ("4600", ("04600", True)),
        ("1067.0", ("01067", True)),
        ("1067,0", ("01067", True)),
        ("59423.0", ("59423", False)),
        ("460", None),
        ("Unna", None),
        ("594233", None),
    ],
)
def test_a_postcode_gets_its_lost_zero_back(text, found):
    assert cells.postcode(text) == found


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("19:30", "19:30 Uhr"),
        ("9:00:00", "9:00 Uhr"),
        ("0,8125", "19:30 Uhr"),
        ("0.75", "18:00 Uhr"),
        ("0,33", None),
        ("25:00", None),
        ("abends", None),
    ],
)
def test_a_fraction_of_a_day_is_a_time_only_if_somebody_would_meet_then(text, time):
    assert cells.clock(text) == time


@given(st.text())
def test_no_text_breaks_the_reading_of_cells(text):
    plain = cells.cleaned(text)
    assert cells.cleaned(cells.neutral(plain)) == plain
    for read in (
        cells.day,
        cells.postcode,
        cells.clock,
        cells.whole_number,
        cells.yes_or_no,
        cells.phone,
        cells.is_error,
        cells.is_mangled_day,
    ):
        read(plain)
    for choose in (
        choices.read_audience,
        choices.read_stage,
        choices.read_languages,
        choices.read_forms,
        choices.read_conditions,
        choices.read_basis,
        choices.read_visibility,
    ):
        choose(plain)
    persons.read_person(plain)


@given(st.text(max_size=300))
def test_what_is_cut_out_stays_out(text):
    once = persons.cut(text, names=True)
    assert len(once.text) <= len(text)
    if not once.taken:
        assert once.text == text


@pytest.mark.parametrize(
    "text",
    [
        "Ansprechpartnerin ist Erika Muster.",
        "Bitte rufen Sie 030 23125001 an.",
        "Tel.: 23125001",
        "Kontakt: erika.muster@example.org",
        "Mail an erika (at) example (punkt) org",
        "Herr Muster freut sich.",
        "Renate Muster (54) hat die Gruppe gegründet.",
        "Anmeldung bei Familie Muster.",
        "Infos unter +49 (0) 30 / 23 12 50 01.",
        "Handy 0163/5551234",
    ],
)
def test_persons_and_their_numbers_are_cut_out_of_prose(text):
    found = persons.cut(f"Wir reden über alles. {text} Neue sind willkommen.", names=True)
    assert found.taken
    for private in ("Muster", "23125001", "23 12 50 01", "example", "5551234"):
        assert private not in found.text
    assert found.text.startswith("Wir reden über alles.")
    assert found.text.endswith("Neue sind willkommen.")


@pytest.mark.parametrize(
    "text",
    [
        "Von Frau zu Frau reden wir über alles.",
        "Treffen im Albert-Schweitzer-Haus, am 01.03.2024 um 19.30 Uhr.",
        "Für Menschen mit Morbus Crohn und Multipler Sklerose.",
        "Wir treffen uns jeden 1. und 3. Dienstag, 18-20 Uhr, 04600 Altenburg.",
        "Seit 1998, mehr als 200 Treffen, 12 bis 15 Personen.",
        "Peter und Paul ist der Name unserer Kirche.",
    ],
)
def test_what_is_no_person_stays(text):
    assert persons.cut(text, names=True).text == text


def test_looking_for_persons_in_hostile_prose_stays_quick():
    import time

    started = time.monotonic()
    for text in (
        "a" * 9_000 + "@" + "1 " * 5_000,
        "0123 " * 3_900,
        ("A" * 100 + " ") * 190,
        "Aa-" * 6_000,
        "(" * 10_000,
        "Tel. " * 4_000,
        "Anna " * 4_000,
    ):
        persons.cut(text, names=True)
        persons.read_person(text)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("text", "name", "phone", "email"),
    [
        (
            "Erika Muster, Tel. 030 23125001, erika@example.org",
            "Erika Muster",
            "030 23125001",
            "erika@example.org",
        ),
        ("Erika Muster 030/23125001", "Erika Muster", "030/23125001", None),
        ("Muster, Erika", "Muster, Erika", None, None),
        ("030 23125001", "", "030 23125001", None),
        ("Erika Muster\nerika@example.org", "Erika Muster", None, "erika@example.org"),
    ],
)
def test_a_cell_of_a_contact_person_is_taken_apart(text, name, phone, email):
    person, _ = persons.read_person(text)
    assert (person.name, person.phone, person.email) == (name, phone, email)
