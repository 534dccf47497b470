"""Twelve damaged lists, made here with the traps offices' files really have, each with the report they must get."""

from datetime import date, time

import openpyxl
import pytest
from openpyxl.styles import numbers

pytestmark = pytest.mark.django_db


def outcomes(report):
    return {line.number: str(line.outcome) for line in report.lines}


def hints(report):
    return {line.number: " ".join(line.hints) for line in report.lines if line.hints}


def test_1_umlauts_of_an_old_windows_file_and_titles_above_the_header(bring_in, groups_of, listing):
    text = "Selbsthilfegruppen im Kreis;;\r\nStand: März 2024;;\r\n\r\nGruppe;Stichwort;Ort\r\nGruppe Ängste, Beispiel;Angst und Panik;Lünen\r\n"
    report = bring_in(listing(text.encode("cp1252")))
    assert outcomes(report) == {5: "new"}
    assert groups_of()["Gruppe Ängste, Beispiel"].town == "Lünen"
    assert any("Überschriften (Zeile 4)" in note for note in report.notes)


def test_2_utf16_with_tabs_as_excel_calls_unicode_text(bring_in, groups_of, listing):
    text = "Gruppenname\tThemen\tPLZ\nGruppe Trauer, Beispiel\tTrauer allgemein\t59423\n"
    report = bring_in(listing(text.encode("utf-16")))
    assert outcomes(report) == {2: "new"}
    assert groups_of()["Gruppe Trauer, Beispiel"].postcode == "59423"


def test_3_nul_bytes_a_twice_encoded_umlaut_and_a_repeated_header(bring_in, groups_of, listing):
    twice = "Gruppe MÃ¼de, Beispiel;SchlafstÃ¶rungen;Unna"
    raw = f"Name;Thema;Ort\n{twice}\nName;Thema;Ort\n;;\nGruppe Zwei\0, Beispiel;Depression;Unna\n".encode()
    report = bring_in(listing(raw))
    assert outcomes(report) == {2: "new", 3: "empty", 4: "empty", 5: "new"}
    assert set(groups_of()) == {"Gruppe Müde, Beispiel", "Gruppe Zwei, Beispiel"}
    assert any("doppelt kodiert" in note for note in report.notes)
    assert any("NUL" in note for note in report.notes)


def test_4_line_breaks_and_separators_inside_quotes(bring_in, groups_of, listing):
    report = bring_in(
        listing(
            'Name,Beschreibung,Ort\n"Gruppe ""Mut"", Beispiel","Wir reden.\nWir hören zu, ohne Eile.",Unna\nGruppe B,,Unna\n'.encode(
                "utf-8-sig"
            )
        )
    )
    assert outcomes(report) == {2: "new", 4: "new"}  # the number is the line on which the row begins
    assert groups_of()['Gruppe "Mut", Beispiel'].description == "Wir reden.\nWir hören zu, ohne Eile."


def test_5_a_shifted_row_stops_the_file_and_all_problems_are_said_at_once(bring_in, groups_of, listing):
    path = listing(
        "Name;Thema;PLZ;Status;Zuletzt bestätigt",
        "Gruppe A;Angst und Panik;59423;offen;01.03.2024",
        "Gruppe B;Angst; und Panik;59423;offen;01.03.2024",
        ";Depression;59423;offen;01.03.2024",
        "Gruppe D;Depression;Unna;offen;01.03.2024",
        "Gruppe E;Depression;59423;vielleicht;31.11.2024",
    )
    report = bring_in(path)
    assert outcomes(report) == {2: "new", 3: "refused", 4: "refused", 5: "refused", 6: "refused"}
    said = {line.number: line.sentence for line in report.lines}
    assert "6 Zellen" in said[3]
    assert "Name der Gruppe fehlt" in said[4]
    assert "„Unna“ ist keine Postleitzahl" in said[5]
    assert "„vielleicht“" in said[6]
    assert "„31.11.2024“ ist kein Datum" in said[6]
    assert not report.written
    assert groups_of() == {}


def test_6_what_excel_did_to_postcodes_times_phones_and_fractions_of_text(
    bring_in, groups_of, persons_of, listing
):
    path = listing(
        "Name;PLZ;Treffen;Ansprechpartner;Telefon;Mitglieder;Beschreibung",
        "Gruppe A;4600;01. Mrz;Erika Muster;30231250001;08. Okt;#NV",
        "Gruppe B;1067.0;0,8125;;4,92302E+11;12.0;#####",
        "Gruppe C;59423;19:30:00;;+49 30 23125002;ca. 9;Wir reden.",
    )
    report = bring_in(path)
    assert outcomes(report) == {2: "new", 3: "new", 4: "new"}
    found = groups_of()
    assert [group.postcode for group in found.values()] == ["04600", "01067", "59423"]
    assert found["Gruppe A"].meeting_text == "01. Mrz"
    assert found["Gruppe A"].rhythm == {}  # never a date somebody did not mean
    assert found["Gruppe B"].meeting_text == "19:30 Uhr"
    assert found["Gruppe C"].meeting_text == "19:30 Uhr"
    assert [group.members for group in found.values()] == [None, 12, 9]
    assert [group.description for group in found.values()] == ["", "", "Wir reden."]
    assert persons_of(found["Gruppe A"])[0].phone == "030231250001"
    assert persons_of(found["Gruppe C"])[0].phone == "+49 30 23125002"
    said = hints(report)
    assert "Null am Anfang" in said[2]
    assert "Datum gemacht" in said[2]
    assert "„#NV“" in said[2]
    assert "gerundet" in said[3]


def test_7_several_topics_in_a_cell_and_unknown_ones(bring_in, groups_of, listing):
    path = listing(
        "Name;Thema",
        ["Gruppe A", "Angst und Panik; Depression"],
        ["Gruppe B", "Amphetamine, Kokain, Crystal Meth, Cannabis"],
        ["Gruppe C", "Depression / Quastenflosserkunde"],
        ["Gruppe D", "Trauer allgemein\nalcohol"],
        ["Gruppe E", "Depression und Burnout"],
    )
    report = bring_in(path)
    found = groups_of()
    assert found["Gruppe A"].topics == ["anxiety-panic", "depression"]
    assert len(found["Gruppe B"].topics) == 2
    assert found["Gruppe C"].topics == []
    assert found["Gruppe C"].unknown_topics == ["Depression / Quastenflosserkunde"]
    assert len(found["Gruppe D"].topics) == 2
    assert "alcohol" in found["Gruppe D"].topics
    assert len(found["Gruppe E"].topics) == 2
    (unknown,) = report.unknown_topics
    assert (unknown.word, unknown.lines) == ("Depression / Quastenflosserkunde", [4])
    assert "depression" in unknown.proposals  # proposed, not stored


def test_8_doubles_identical_ones_count_once_contradictions_stop(bring_in, groups_of, listing):
    same = "Gruppe A;Depression;Unna"
    report = bring_in(listing("Name;Thema;Ort", same, "gruppe a ;Depression;Unna", same))
    assert outcomes(report) == {
        2: "new",
        3: "refused",
        4: "double",
    }  # spelled differently: somebody has to look
    report = bring_in(listing("Name;Thema;Ort", same, same))
    assert outcomes(report) == {2: "new", 3: "double"}
    assert len(groups_of()) == 1
    report = bring_in(listing("Name;Thema;Ort", same, "Gruppe A;Trauer allgemein;Unna"))
    assert outcomes(report) == {2: "unchanged", 3: "refused"}
    assert "Zeile 2" in report.lines[1].sentence
    assert "Themen" in report.lines[1].sentence


def test_9_persons_hidden_in_prose_never_reach_a_description(bring_in, groups_of, persons_of, listing):
    path = listing(
        "Name;Infos;Treffen;Kontakt",
        [
            "Gruppe A",
            "Wir reden offen. Ansprechpartnerin ist Erika Muster, Tel. 030 23125001. Alle sind willkommen.",
            "jeden 1. Dienstag im Monat, 19 Uhr, Anmeldung unter 0221 4710123",
            "Max Muster, max@example.org",
        ],
    )
    report = bring_in(path)
    group = groups_of()["Gruppe A"]
    assert group.description == "Wir reden offen. Alle sind willkommen."
    assert group.meeting_text == "jeden 1. Dienstag im Monat, 19 Uhr"
    first, second = persons_of(group)
    assert (first.name, first.email) == ("Max Muster", "max@example.org")
    assert "Erika Muster, Tel. 030 23125001" in second.note
    assert "0221 4710123" in second.note
    assert "herausgenommen" in hints(report)[2]
    assert "23125001" not in repr(report.as_json())


def test_10_a_workbook_with_merged_cells_dates_hidden_sheets_and_formulas(
    bring_in, groups_of, persons_of, tmp_path
):
    book = openpyxl.Workbook()
    book.active.title = "Deckblatt"
    book.active["A1"] = "Selbsthilfegruppen 2024"
    hidden = book.create_sheet("Alt")
    hidden.append(["Name", "Thema", "Ort"])
    hidden.append(["Gruppe Geheim", "Depression", "Unna"])
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("Liste")
    sheet.append(["Unsere Gruppen"])
    sheet.append(["Ort", "Name", "Ansprechpartner", None, "Treffen", "Uhrzeit", "PLZ", "Stand", "Mitglieder"])
    sheet.append([None, None, "Name", "Telefon", None, None, None, None, None])
    sheet.append(
        [
            "Unna",
            "Gruppe A",
            "Erika Muster",
            30231250001,
            date(2026, 3, 1),
            time(19, 30),
            4600,
            date(2024, 1, 31),
            "=2+3",
        ]
    )
    sheet.append([None, "Gruppe B", None, None, "jeden 1. Montag im Monat", 0.75, 59423, date(2024, 2, 1), 8])
    sheet.merge_cells("A1:I1")
    sheet.merge_cells("C2:D2")
    sheet.merge_cells("A4:A5")
    for column in "ABEFGHI":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet["E4"].number_format = "d-mmm"
    sheet["H4"].number_format = numbers.FORMAT_DATE_DDMMYY
    path = tmp_path / "liste.xlsx"
    book.save(path)
    report = bring_in(path)
    assert outcomes(report) == {4: "new", 5: "new"}
    found = groups_of()
    assert [group.town for group in found.values()] == ["Unna", "Unna"]  # the merged town counts for both
    assert found["Gruppe A"].postcode == "04600"
    assert found["Gruppe A"].confirmed_on == date(2024, 1, 31)
    assert found["Gruppe A"].meeting_text.startswith("01. Mrz")
    assert found["Gruppe A"].members is None
    assert found["Gruppe B"].meeting_text == "jeden 1. Montag im Monat, 18:00 Uhr"
    assert (persons_of(found["Gruppe A"])[0].name, persons_of(found["Gruppe A"])[0].phone) == (
        "Erika Muster",
        "030231250001",
    )
    assert any("„Alt“" in note for note in report.notes)
    assert any("„Deckblatt“" in note for note in report.notes)
    assert "Formel ohne gespeichertes Ergebnis" in hints(report)[4]
    assert "Verbundene Zelle" in hints(report)[5]


def test_11_places_that_are_ambiguous_contradictory_unknown_or_prose(bring_in, groups_of, listing):
    path = listing(
        "Name;PLZ;Ort;Kreis",
        ["Gruppe A", "", "Gemeindehaus, Beispielstraße 5, 59423 Unna", ""],
        ["Gruppe B", "80331", "Unna", ""],
        ["Gruppe C", "", "Xyzhausen-Nirgendwo", ""],
        ["Gruppe D", "", "", "Landkreis Stade"],
        ["Gruppe E", "", "Neukirchen", ""],
    )
    report = bring_in(path)
    found = groups_of()
    assert (
        found["Gruppe A"].town,
        found["Gruppe A"].postcode,
        found["Gruppe A"].venue.name,
        found["Gruppe A"].venue.street,
    ) == ("Unna", "59423", "Gemeindehaus", "Beispielstraße 5")
    assert found["Gruppe A"].kreis_key == "05978"
    assert found["Gruppe B"].lat is None
    assert "passen nicht zusammen" in hints(report)[3]
    assert found["Gruppe C"].lat is None
    assert "kennen wir nicht" in hints(report)[4]
    assert (found["Gruppe D"].kreis_key, found["Gruppe D"].lat) == ("03359", None)
    assert found["Gruppe E"].lat is None
    assert "mehrmals" in hints(report)[6]


def test_12_ragged_short_rows_unknown_columns_and_misspelt_headings(bring_in, groups_of, listing):
    path = listing(
        "Name;Beschreibng;Treffpunckt;Lieblingsfarbe;Thema 1;Thema 2",
        "Gruppe A;Wir reden.",
        "Gruppe B;;Rathaus;blau;Depression;Burnout",
    )
    report = bring_in(path)
    assert outcomes(report) == {2: "new", 3: "new"}
    assert report.unknown_columns == ["Lieblingsfarbe"]
    found = groups_of()
    assert found["Gruppe A"].description == "Wir reden."
    assert found["Gruppe B"].venue.name == "Rathaus"
    assert len(found["Gruppe B"].topics) == 2
    assert "kürzer" in hints(report)[2]
    assert any("„Treffpunckt“ lesen wir als „Treffpunkt“" in note for note in report.notes)


def test_a_group_far_below_the_list_is_not_lost(bring_in, groups_of, tmp_path):
    book = openpyxl.Workbook()
    for row in (["Name", "Ort"], ["Gruppe A", "Unna"]):
        book.active.append(row)
    book.active["A90000"] = "Gruppe Z"
    book.save(tmp_path / "liste.xlsx")
    assert outcomes(bring_in(tmp_path / "liste.xlsx")) == {2: "new", 90_000: "new"}


def test_a_telephone_column_belongs_to_the_person_on_its_left(bring_in, groups_of, persons_of, listing):
    bring_in(
        listing(
            "Gruppe;Ansprechpartner;Telefon;Ansprechpartner;Telefon",
            "Gruppe A;Erika Muster;030 23125001;Max Muster;030 23125002",
        )
    )
    assert [(person.name, person.phone) for person in persons_of(groups_of()["Gruppe A"])] == [
        ("Erika Muster", "030 23125001"),
        ("Max Muster", "030 23125002"),
    ]
