"""Lists longer than what is held at once: planned row by row, packed while they wait, written in batches; rows said twice."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.groups import importing
from kontaktstelle.groups.importing import delimited, waiting
from kontaktstelle.groups.importing import importing as steps
from kontaktstelle.groups.models import Group, Venue
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.models import Party

A_MOMENT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
PAPER = {"basis": Group.Basis.EXISTING_PAPER, "basis_on": date(2024, 1, 2), "basis_by": "Leitung"}
HEADER = "Name;Thema;Ort;PLZ;Treffen;Beschreibung;Treffpunkt;Ansprechpartner;Telefon;Bemerkung;Status"
HOUSES = ("Rathaus", "Bücherei", "")


def rows(count, *, describe="Wir reden.", phone="030 23125 00{}"):
    return [
        f"Gruppe {number};Depression;Unna;59423;jeden {number % 4 + 1}. Dienstag im Monat, 19 Uhr;{describe};"
        f"{HOUSES[number % 3]};Erika Muster {number};{phone.format(number)};Vermerk {number};offen"
        for number in range(count)
    ]


@pytest.fixture
def two_at_a_time(monkeypatch):
    monkeypatch.setattr(waiting, "BATCH", 2)
    monkeypatch.setattr(steps, "BATCH", 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("two_at_a_time")
class TestInBatches:
    def test_all_of_a_list_arrives_with_persons_notes_and_shared_venues(
        self, bring_in, listing, groups_of, persons_of, office
    ):
        told = []
        report = bring_in(
            listing(HEADER, *rows(7)), progress=lambda done, total: told.append((done, total)), **PAPER
        )
        groups = groups_of()

        assert report.summary() == "7 neu, 0 geändert"
        assert [line.number for line in report.lines] == list(range(2, 9))
        assert sorted(groups) == [f"Gruppe {number}" for number in range(7)]
        assert groups["Gruppe 4"].venue.name == "Bücherei"
        assert groups["Gruppe 1"].venue_id == groups["Gruppe 4"].venue_id
        assert groups["Gruppe 5"].venue is None
        assert groups["Gruppe 6"].note == "Vermerk 6"
        assert groups["Gruppe 6"].stage == "open"
        assert [person.name for person in persons_of(groups["Gruppe 3"])] == ["Erika Muster 3"]
        with acting_for(office):
            assert Venue.objects.count() == 2
        assert told[-1] == (14, 14)
        assert sorted(told) == told

    def test_new_and_changed_rows_mixed_are_undone_to_the_bit(
        self, bring_in, listing, stored, groups_of, office
    ):
        bring_in(listing(HEADER, *rows(5)), **PAPER)
        before = stored()
        report = bring_in(
            listing(HEADER, *rows(9, describe="Wir schweigen.", phone="030 23125 10{}")), **PAPER
        )
        assert report.summary() == "4 neu, 5 geändert"
        assert {group.description for group in groups_of().values()} == {"Wir schweigen."}
        with acting_for(office):
            assert {party.phone[:12] for party in Party.objects.all()} == {"030 23125 10"}

        with acting_for(office):
            importing.undo(report.run, by="test", at=A_MOMENT + timedelta(hours=1))
        assert stored() == before

    def test_a_refused_last_line_leaves_everything_as_it_was(self, bring_in, listing, stored):
        bring_in(listing(HEADER, *rows(5)), **PAPER)
        before = stored()
        report = bring_in(listing(HEADER, *rows(9, describe="Wir schweigen."), ";;;;;ohne Namen"), **PAPER)

        assert report.summary() == "4 neu, 5 geändert, 1 abgelehnt"
        assert not report.written
        assert stored() == before

    def test_groups_without_a_ground_are_counted(self, bring_in, listing):
        (note,) = bring_in(listing(HEADER, *rows(5))).notes

        assert note.startswith("5 neue Gruppen haben keine Grundlage")


@pytest.mark.django_db
class TestRowsSaidTwice:
    def said(self, bring_in, listing, *rows):
        report = bring_in(listing("Nr;Name;Thema;Ort;Treffen;Beschreibung", *rows), dry_run=True)
        return [(str(line.outcome), line.sentence) for line in report.lines]

    def test_a_plain_double_is_passed_over(self, bring_in, listing):
        row = ";Gruppe A;Depression;Unna;montags 19 Uhr;Wir reden."

        assert self.said(bring_in, listing, row, ";Gruppe B;Depression;Unna;;", row) == [
            ("new", ""),
            ("new", ""),
            ("double", "Die Gruppe steht genauso schon in Zeile 2."),
        ]

    def test_a_contradiction_names_the_headings(self, bring_in, listing):
        _, second = self.said(
            bring_in,
            listing,
            ";Gruppe A;Depression;Unna;montags 19 Uhr;Wir reden.",
            ";Gruppe A;Depression;Unna;montags 19 Uhr;Wir schweigen.",
        )
        assert second == (
            "refused",
            "Derselbe Name und Ort steht schon in Zeile 2 mit anderen Angaben (Beschreibung). Bitte lassen Sie eine der Zeilen stehen.",
        )

    def test_the_same_key_is_the_same_group(self, bring_in, listing):
        _, second = self.said(bring_in, listing, "7;Gruppe A;Trauer allgemein;Unna;;", "7;Gruppe B;;Unna;;")

        assert second[0] == "refused"
        assert second[1].startswith("Derselbe Schlüssel steht schon in Zeile 2 mit anderen Angaben (Name, ")

    def test_one_group_under_two_names_is_hinted_at(self, bring_in, listing):
        report = bring_in(
            listing(
                "Name;Thema;Ort;Treffen",
                "Gruppe A;Depression;Unna;montags 19 Uhr",
                "Gruppe B;Depression;Unna;montags 19 Uhr",
            ),
            dry_run=True,
        )
        assert any("wie in Zeile 2" in hint for hint in report.lines[1].hints)

    def test_two_rows_that_mean_one_group_that_is_there_are_refused(self, bring_in, listing, groups_of):
        bring_in(listing("Nr;Name;Ort", "7;Gruppe A;Unna"), **PAPER)
        number = groups_of()["Gruppe A"].pk
        report = bring_in(listing("Nr;Name;Ort", "7;Gruppe A;Unna", f"{number};Gruppe B;Unna"), dry_run=True)

        assert "passt zu derselben Gruppe wie Zeile 2" in report.lines[1].sentence


@given(st.text(st.sampled_from('\r\na;"\u2028\x0bü'), max_size=60))
def test_lines_of_a_file_are_those_python_reads(text):
    with io.StringIO(text, newline="") as stream:
        assert list(delimited._lines(text)) == list(stream)
    with io.StringIO(text, newline="") as stream:
        assert list(csv.reader(delimited._lines(text), delimiter=";")) == list(
            csv.reader(stream, delimiter=";")
        )
