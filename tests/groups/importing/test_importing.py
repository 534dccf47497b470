"""Import into an office: again without doubles, nothing wiped, nothing public without its ground, nothing half done."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kontaktstelle.groups import importing
from kontaktstelle.groups import listing as steps
from kontaktstelle.groups.importing.refusals import (
    BasisIncomplete,
    ChangedSince,
    MappingUnusable,
    RunTakenBack,
    UnknownRun,
)
from kontaktstelle.groups.models import ContactPerson, Group, ImportMapping, ImportRun, Venue
from kontaktstelle.organisation.tenancy import across_offices, acting_for
from kontaktstelle.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db
A_MOMENT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
PAPER = {"basis": Group.Basis.EXISTING_PAPER, "basis_on": date(2024, 1, 2), "basis_by": "Leitung"}
HEADER = "Name;Thema;Ort;PLZ;Treffen;Beschreibung"
ANGST = "Gruppe Angst, Beispiel;Angst und Panik;Unna;59423;jeden 1. Dienstag im Monat, 19 Uhr;Wir reden."
TRAUER = "Gruppe Trauer, Beispiel;Trauer allgemein;Schwerte;58239;;In Gründung."


def test_importing_the_same_file_again_changes_nothing(bring_in, listing, stored):
    path = listing(HEADER, ANGST, TRAUER)
    assert bring_in(path, **PAPER).summary() == "2 neu, 0 geändert"
    before = stored()
    again = bring_in(path, **PAPER)
    assert again.summary() == "0 neu, 0 geändert, 2 unverändert"
    assert not again.written
    assert stored() == before
    assert ImportRun.objects.everywhere().count() == 1


def test_a_dry_run_says_the_same_and_writes_nothing(bring_in, listing, stored):
    path = listing(HEADER, ANGST, TRAUER)
    before = stored()
    trial = bring_in(path, dry_run=True, mapping={"columns": {}, "topics": {"Angst": "depression"}}, **PAPER)
    assert stored() == before
    assert not TrailEntry.objects.exists()
    assert not ImportMapping.objects.everywhere().exists()
    real = bring_in(path, **PAPER)
    assert [line.as_json() for line in trial.lines] == [line.as_json() for line in real.lines]


def test_one_refused_line_leaves_everything_as_it_was(bring_in, listing, stored):
    bring_in(listing(HEADER, ANGST), **PAPER)
    before = stored()
    report = bring_in(
        listing(HEADER, ANGST.replace("Wir reden", "Wir hören"), TRAUER, ";;;;;ohne Namen"), **PAPER
    )
    assert report.is_refused
    assert not report.written
    assert stored() == before


def test_a_column_the_file_does_not_have_is_never_wiped(bring_in, listing, groups_of):
    bring_in(listing(HEADER, ANGST), **PAPER)
    report = bring_in(listing("Name;Ort;Mitglieder", "Gruppe Angst, Beispiel;Unna;12"))
    assert report.lines[0].fields == ("Mitglieder",)
    group = groups_of()["Gruppe Angst, Beispiel"]
    assert (group.members, group.description, group.postcode, group.topics, group.listed) == (
        12,
        "Wir reden.",
        "59423",
        ["anxiety-panic"],
        True,
    )


def test_an_empty_cell_of_a_column_the_file_has_empties_the_field(bring_in, listing, groups_of):
    bring_in(listing(HEADER, ANGST), **PAPER)
    bring_in(listing("Name;Ort;Beschreibung", "Gruppe Angst, Beispiel;Unna;"))
    assert groups_of()["Gruppe Angst, Beispiel"].description == ""


def test_a_group_staff_renamed_is_known_again_and_keeps_its_address(bring_in, listing, groups_of, office):
    bring_in(listing(HEADER, ANGST), **PAPER)
    group = groups_of()["Gruppe Angst, Beispiel"]
    with acting_for(office):
        steps.change(group, {"name": "Mut statt Angst"}, by="test", at=A_MOMENT)
    report = bring_in(listing(HEADER, ANGST))
    assert (report.lines[0].outcome, report.lines[0].fields) == ("changed", ("Name",))
    assert groups_of()["Gruppe Angst, Beispiel"].slug == group.slug


def test_a_list_that_gets_keys_later_makes_no_doubles(bring_in, listing, groups_of):
    bring_in(listing(HEADER, ANGST))
    report = bring_in(listing(f"Nr;{HEADER}", f"17;{ANGST}", f"18;{TRAUER}"))
    assert [line.outcome for line in report.lines] == ["changed", "new"]
    renamed = bring_in(listing(f"Nr;{HEADER}", "17;Gruppe Mut;Angst und Panik;Unna;59423;;"))
    assert renamed.lines[0].outcome == "changed"
    assert {group.key for group in groups_of().values()} == {"17", "18"}


def test_two_groups_of_one_name_and_town_need_a_key(bring_in, listing, groups_of, office):
    from support.people import make_group

    make_group(office, name="Gruppe A")
    make_group(office, name="Gruppe A")
    report = bring_in(listing("Name;Ort;Mitglieder", "Gruppe A;Unna;5"))
    assert report.lines[0].outcome == "refused"
    assert "ohne Schlüssel" in report.lines[0].sentence


def test_another_office_s_group_of_the_same_name_is_left_alone(
    bring_in, listing, office_elsewhere, groups_of
):
    path = listing(HEADER, ANGST)
    bring_in(path, contact_point=office_elsewhere, **PAPER)
    bring_in(path, **PAPER)
    ours, theirs = (
        groups_of()["Gruppe Angst, Beispiel"],
        groups_of(office_elsewhere)["Gruppe Angst, Beispiel"],
    )
    assert ours.pk != theirs.pk
    assert ours.slug != theirs.slug


def test_without_a_ground_a_group_is_known_but_not_public(bring_in, listing, groups_of, office):
    from kontaktstelle.directory.models import Entry

    report = bring_in(listing(f"{HEADER};Ansprechpartner", f"{ANGST};Erika Muster"))
    group = groups_of()["Gruppe Angst, Beispiel"]
    assert (group.listed, group.basis, group.visibility) == (False, "none", {})
    assert not Entry.objects.exists()
    assert any("keine Grundlage" in note for note in report.notes)
    with acting_for(office):
        assert ContactPerson.objects.get().consent == ContactPerson.Consent.UNCLEAR


def test_with_a_ground_it_stands_in_the_directory_with_what_the_list_showed(bring_in, listing, groups_of):
    from kontaktstelle.directory.entries import public_entry

    bring_in(listing(HEADER, ANGST), **PAPER)
    group = groups_of()["Gruppe Angst, Beispiel"]
    assert (group.basis, group.basis_on, group.basis_by) == ("existing-paper", date(2024, 1, 2), "Leitung")
    assert set(group.visibility) == {"description", "town", "meeting"}
    entry = public_entry(group.slug)
    assert (entry.town, entry.description) == ("Unna", "Wir reden.")


@pytest.mark.parametrize(
    ("cell", "day", "basis", "listed"),
    [
        ("ja", "01.02.2023", "consent-form", True),
        ("schriftlich vom 1.2.2023", "", "consent-form", True),
        ("1.2.2023", "", "consent-form", True),
        ("telefonisch", "01.02.2023", "consent-phone", True),
        ("Bestand, Einwilligung auf Papier", "01.02.2023", "existing-paper", True),
        ("ja", "", "none", False),
        ("nein", "01.02.2023", "none", False),
        ("widerrufen", "", "none", False),
        ("hm", "", "none", False),
        ("", "", "none", False),
    ],
)
def test_a_row_names_its_own_ground(bring_in, listing, groups_of, *, cell, day, basis, listed):
    bring_in(listing("Name;Ort;Einwilligung;Datum der Einwilligung", f"Gruppe A;Unna;{cell};{day}"))
    group = groups_of()["Gruppe A"]
    assert (group.basis, group.listed) == (basis, listed)
    assert group.basis_on == (date(2023, 2, 1) if listed else None)


def test_a_withdrawn_consent_takes_the_group_out_of_the_directory(bring_in, listing, groups_of):
    from kontaktstelle.directory.models import Entry

    bring_in(listing(HEADER, ANGST), **PAPER)
    assert Entry.objects.count() == 1
    bring_in(listing("Name;Ort;Einwilligung", "Gruppe Angst, Beispiel;Unna;widerrufen"), **PAPER)
    group = groups_of()["Gruppe Angst, Beispiel"]
    assert (group.listed, group.basis) == (False, "none")
    assert not Entry.objects.exists()


def test_a_list_never_lists_again_what_staff_took_out(bring_in, listing, groups_of, office):
    path = listing(HEADER, ANGST)
    bring_in(path, **PAPER)
    with acting_for(office):
        steps.unlist_group(groups_of()["Gruppe Angst, Beispiel"], by="test", at=A_MOMENT)
    assert bring_in(path, **PAPER).summary() == "0 neu, 0 geändert, 1 unverändert"


def test_groups_of_protected_topics_are_protected_unless_the_list_says_otherwise(
    bring_in, listing, groups_of
):
    from kontaktstelle.directory.entries import public_entry

    path = listing(
        "Name;Thema;Ort;Treffen;Geschützt",
        "Gruppe A;Häusliche Gewalt;Unna;montags 19 Uhr",
        "Gruppe B;Häusliche Gewalt;Unna;;nein",
        "Gruppe C;Depression;Unna;;",
    )
    report = bring_in(path, **PAPER)
    found = groups_of()
    assert [group.protected for group in found.values()] == [True, False, False]
    assert "geschützt" in " ".join(report.lines[0].hints)
    entry = public_entry(found["Gruppe A"].slug)
    assert (entry.town, entry.meeting, entry.withheld) == ("", "", True)


def test_stages_are_concluded_from_words_only_for_new_groups(bring_in, listing, groups_of, office):
    rows = (
        "Gruppe A (in Gründung);Unna;",
        "Gruppe B;Unna;Zurzeit Aufnahmestopp bis 30.06.2026.",
        "Gruppe C;Unna;Die Gruppe ist voll.",
        "Gruppe D;Unna;Wir sind voll Freude.",
    )
    path = listing("Name;Ort;Beschreibung", *rows)
    bring_in(path)
    assert [group.stage for group in groups_of().values()] == ["founding", "intake-stop", "full", "open"]
    assert groups_of()["Gruppe B"].intake_stop_until == date(2026, 6, 30)
    with acting_for(office):
        steps.move(groups_of()["Gruppe A (in Gründung)"], "open", by="test", at=A_MOMENT)
    assert bring_in(path).summary() == "0 neu, 0 geändert, 4 unverändert"


def test_a_status_moves_a_group_only_where_the_table_of_stages_allows(bring_in, listing, groups_of):
    bring_in(listing("Name;Ort;Status", "Gruppe A;Unna;offen", "Gruppe B;Unna;aufgelöst"))
    assert groups_of()["Gruppe B"].dissolved_on == A_MOMENT.date()
    report = bring_in(listing("Name;Ort;Status", "Gruppe A;Unna;pausiert", "Gruppe B;Unna;offen"))
    assert [line.outcome for line in report.lines] == ["changed", "refused"]
    assert "aufgelöst" in report.lines[1].sentence
    bring_in(listing("Name;Ort;Status", "Gruppe A;Unna;pausiert"))
    assert (groups_of()["Gruppe A"].stage, groups_of()["Gruppe A"].stage_before_pause) == ("paused", "open")


def test_venues_are_shared_and_found_again(bring_in, listing, groups_of, office):
    path = listing(
        "Name;Ort;Treffpunkt;Adresse des Treffpunkts",
        "Gruppe A;Unna;Rathaus;Beispielplatz 1",
        "Gruppe B;Unna;rathaus;Beispielplatz 1",
        "Gruppe C;Lünen;Rathaus;",
    )
    bring_in(path)
    found = groups_of()
    assert found["Gruppe A"].venue == found["Gruppe B"].venue
    assert found["Gruppe C"].venue != found["Gruppe A"].venue
    assert bring_in(path).summary() == "0 neu, 0 geändert, 3 unverändert"
    assert (
        bring_in(listing("Name;Ort;Treffpunkt", "Gruppe A;Unna;Rathaus")).summary()
        == "0 neu, 0 geändert, 1 unverändert"
    )
    with acting_for(office):
        steps.close_venue(found["Gruppe A"].venue, note="Umbau", by="test", at=A_MOMENT)
    bring_in(
        listing(
            "Name;Ort;Treffpunkt;Adresse des Treffpunkts",
            "Gruppe D;Unna;Rathaus;Beispielplatz 1",
            "Gruppe A;Unna;Bücherei;Beispielweg 2",
        )
    )
    found = groups_of()
    assert (found["Gruppe D"].stage, found["Gruppe D"].paused_by_venue) == ("paused", True)
    assert (found["Gruppe A"].stage, found["Gruppe A"].venue.name) == ("open", "Bücherei")


def test_contact_persons_are_sealed_changed_and_never_deleted_by_a_list(
    bring_in, listing, groups_of, persons_of, office
):
    header = "Name;Ort;Ansprechpartner 1;Telefon 1;Ansprechpartner 2;Telefon 2;Adresse"
    bring_in(listing(header, "Gruppe A;Unna;Erika Muster;030 23125001;Max Muster;030 23125002;Beispielweg 3"))
    group = groups_of()["Gruppe A"]
    first, second = persons_of(group)
    assert (first.name, first.phone, second.name, second.phone, second.address) == (
        "Erika Muster",
        "030 23125001",
        "Max Muster",
        "030 23125002",
        "Beispielweg 3",
    )
    assert (
        bring_in(
            listing(header, "Gruppe A;Unna;Erika Muster;030 23125001;Max Muster;030 23125002;Beispielweg 3")
        ).summary()
        == "0 neu, 0 geändert, 1 unverändert"
    )
    report = bring_in(
        listing(
            "Name;Ort;Ansprechpartner 1;Telefon 1;Ansprechpartner 2",
            "Gruppe A;Unna;Erika Muster;030 23125009;",
        )
    )
    assert report.lines[0].fields == ("Ansprechpersonen",)
    assert "steht nicht mehr in der Liste" in " ".join(report.lines[0].hints)
    assert [person.phone for person in persons_of(group)] == ["030 23125009", "030 23125002"]


def test_nothing_private_is_stored_in_clear(bring_in, listing, office):
    from django.db import connection

    secret = ("Zaubermann", "030 23125077", "geheim@example.org", "Beispielgasse 77", "interner Vermerk")
    path = listing(
        "Name;Ort;Ansprechpartner;Telefon;E-Mail;Adresse;Bemerkung;Infos",
        [
            "Gruppe A",
            "Unna",
            "Erika Zaubermann",
            *secret[1:],
            f"Wir reden. Bitte Frau Zaubermann anrufen, {secret[1]}.",
        ],
    )
    bring_in(path, **PAPER)
    bring_in(listing("Name;Ort;Telefon", "Gruppe A;Unna;030 23125088"))
    with across_offices(), connection.cursor() as cursor:
        everything = []
        for table in connection.introspection.table_names():
            if table.startswith(("groups_", "relay_", "directory_", "privacy_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                everything += [
                    bytes(value) if isinstance(value, memoryview) else value
                    for row in cursor.fetchall()
                    for value in row
                ]
    stored = repr(everything)
    assert "Gruppe A" in stored  # there is something to leak from
    for text in (*secret, "030 23125088"):
        assert text not in stored


def test_a_text_staff_entered_on_purpose_is_not_cut_by_a_list_that_repeats_it(
    bring_in, listing, groups_of, office
):
    text = "Bitte rufen Sie die Kontaktstelle an, 030 23125100."
    bring_in(listing("Name;Ort", "Gruppe A;Unna"))
    with acting_for(office):
        steps.change(groups_of()["Gruppe A"], {"description": text}, by="test", at=A_MOMENT)
    assert (
        bring_in(listing("Name;Ort;Infos", ["Gruppe A", "Unna", text])).summary()
        == "0 neu, 0 geändert, 1 unverändert"
    )
    assert groups_of()["Gruppe A"].description == text


def test_an_office_s_mapping_counts_and_is_kept(bring_in, listing, groups_of, office):
    path = listing("Bez.;Krankheit;Kürzel;Farbe", "Gruppe A;Seelentief;A1;blau")
    report = bring_in(
        path,
        mapping={
            "columns": {"Bez.": "name", "Kürzel": "key", "Farbe": "-"},
            "topics": {"Seelentief": ["depression", "Burnout"]},
        },
    )
    assert report.written
    assert report.unknown_columns == []
    assert groups_of()["Gruppe A"].topics[0] == "depression"
    assert len(groups_of()["Gruppe A"].topics) == 2
    assert bring_in(path).summary() == "0 neu, 0 geändert, 1 unverändert"


@pytest.mark.parametrize(
    "mapping",
    [
        {"columns": {"Name": "farbe"}},
        {"topics": {"Angst": "gibtsnicht"}},
        {"spalten": {}},
        {"columns": ["Name"]},
        {"topics": {"Angst": 7}},
    ],
)
def test_a_mapping_that_names_what_does_not_exist_is_refused(bring_in, listing, mapping):
    with pytest.raises(MappingUnusable):
        bring_in(listing(HEADER, ANGST), mapping=mapping)


@pytest.mark.parametrize(
    "options",
    [
        {"basis": Group.Basis.CONSENT_FORM},
        {"basis": Group.Basis.CONSENT_FORM, "basis_on": date(2024, 1, 1)},
        {"basis_on": date(2024, 1, 1)},
    ],
)
def test_a_ground_without_date_or_name_is_refused(bring_in, listing, options):
    with pytest.raises(BasisIncomplete):
        bring_in(listing(HEADER, ANGST), **options)


def test_the_trail_gets_one_line_with_the_count(bring_in, listing):
    bring_in(listing(HEADER, ANGST, TRAUER), **PAPER)
    (entry,) = TrailEntry.objects.all()
    assert (entry.action, entry.fields) == ("groups.imported", "changed:0 new:2")


def test_progress_reaches_its_end(bring_in, listing):
    told = []
    bring_in(listing(HEADER, ANGST, TRAUER), progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


# --- undo -------------------------------------------------------------------------------------------------
def _undo(office, report):
    with acting_for(office):
        return importing.undo(report.run, by="test", at=A_MOMENT + timedelta(hours=1))


FULL = "Name;Thema;Ort;PLZ;Treffen;Beschreibung;Treffpunkt;Ansprechpartner;Telefon;Bemerkung;Status"


def test_undo_restores_exactly(bring_in, listing, stored, office):
    first = [
        "Gruppe A;Depression;Unna;59423;montags 19 Uhr;Wir reden.;Rathaus;Erika Muster;030 23125001;Vermerk;offen",
        "Gruppe B;Trauer allgemein;Unna;59423;;;;;;;offen",
    ]
    bring_in(listing(FULL, *first), **PAPER)
    before = stored()
    second = [
        "Gruppe A;Burnout;Schwerte;58239;dienstags 18 Uhr;Wir schweigen.;Bücherei;Max Muster;030 23125002;anders;pausiert",
        "Gruppe B;Trauer allgemein;Unna;59423;;;Rathaus;Ute Muster;;;voll",
        "Gruppe C;Depression;Unna;;;;Neues Haus;Ida Muster;;;",
    ]
    report = bring_in(
        listing(FULL.replace("Name;", "Nr;Name;"), *(f"{number};{row}" for number, row in enumerate(second)))
    )
    assert [line.outcome for line in report.lines] == [
        "new",
        "changed",
        "new",
    ]  # Gruppe A moved to Schwerte: another group
    report_2 = bring_in(
        listing(
            FULL,
            first[0]
            .replace("Wir reden.", "Wir schweigen. Frau Muster leitet.")
            .replace("030 23125001", "030 23125009")
            .replace("offen", "voll"),
        )
    )
    assert report_2.lines[0].outcome == "changed"
    assert stored() != before
    _undo(office, report_2)
    _undo(office, report)
    assert stored() == before


def test_undo_is_refused_once_a_group_was_changed_and_nothing_is_half_undone(
    bring_in, listing, stored, groups_of, office
):
    report = bring_in(listing(HEADER, ANGST, TRAUER), **PAPER)
    with acting_for(office):
        steps.change(
            groups_of()["Gruppe Trauer, Beispiel"], {"description": "anders"}, by="test", at=A_MOMENT
        )
    before = stored()
    with pytest.raises(ChangedSince, match="Gruppe Trauer"):
        _undo(office, report)
    assert stored() == before


def test_undo_is_refused_once_a_contact_person_was_changed(bring_in, listing, office):
    from kontaktstelle.relay.models import Party

    report = bring_in(listing("Name;Ort;Ansprechpartner", "Gruppe A;Unna;Erika Muster"))
    with acting_for(office):
        party = Party.objects.get()
        party.phone = "030 23125001"
        party.save()
    with pytest.raises(ChangedSince, match="Ansprechperson"):
        _undo(office, report)


def test_undo_works_once_and_only_at_the_own_office(bring_in, listing, office, office_elsewhere, groups_of):
    from kontaktstelle.directory.models import Entry

    report = bring_in(listing(HEADER, ANGST), **PAPER)
    with pytest.raises(UnknownRun), acting_for(office_elsewhere):
        importing.undo(report.run, by="test", at=A_MOMENT)
    with acting_for(office):
        assert importing.last_run().pk == report.run
    _undo(office, report)
    assert groups_of() == {}
    assert not Entry.objects.exists()
    with pytest.raises(RunTakenBack):
        _undo(office, report)
    with pytest.raises(UnknownRun), acting_for(office):
        importing.last_run()
    assert [entry.action for entry in TrailEntry.objects.order_by("number")] == [
        "groups.imported",
        "groups.import-undone",
    ]
    assert not Venue.objects.everywhere().exists()


def test_a_failure_in_the_middle_of_writing_leaves_nothing(bring_in, listing, stored, monkeypatch):
    from kontaktstelle.groups.importing import writing

    before = stored()
    monkeypatch.setattr(writing.trail, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bring_in(listing(HEADER, ANGST, TRAUER), **PAPER)
    monkeypatch.undo()
    assert stored() == before
