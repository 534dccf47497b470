"""The commands: a German report, a sentence and status 2 where something does not go, the same as JSON."""

import json

import pytest

from kontaktstelle.cli import groups_files

pytestmark = pytest.mark.django_db
ROWS = ("Name;Thema;Ort", "Gruppe Angst, Beispiel;Angst und Panik;Unna")


def run(*words):
    import argparse

    parser = argparse.ArgumentParser()
    groups_files.add_commands(parser.add_subparsers())
    arguments = parser.parse_args([str(word) for word in words])
    return arguments.run(arguments)


def test_a_list_comes_in_again_unchanged_and_out_again(office, listing, capsys, tmp_path):
    path = listing(*ROWS)
    assert run("import-groups", path, "--contact-point", "hier", "--dry-run") == 0
    assert "Probe" in capsys.readouterr().out
    assert (
        run(
            "import-groups",
            path,
            "--contact-point",
            "hier",
            "--basis",
            "existing-paper",
            "--basis-on",
            "2.1.2024",
            "--basis-by",
            "Leitung",
            "--json",
        )
        == 0
    )
    report = json.loads(capsys.readouterr().out)
    assert (report["counts"]["new"], report["written"]) == (1, True)
    assert run("import-groups", path, "--contact-point", "hier") == 0
    assert "0 neu, 0 geändert, 1 unverändert" in capsys.readouterr().out
    for kind in ("csv", "xlsx"):
        target = tmp_path / f"aus.{kind}"
        assert run("export-groups", "--contact-point", "hier", "--format", kind, "--output", target) == 0
        assert target.stat().st_mode & 0o077 == 0
        assert run("import-groups", target, "--contact-point", "hier") == 0
        assert "1 unverändert" in capsys.readouterr().out
    assert run("import-groups", "--contact-point", "hier", "--undo") == 0
    assert "zurückgenommen" in capsys.readouterr().out


def test_a_refused_line_ends_with_status_two_and_says_why(office, listing, capsys):
    assert run("import-groups", listing(*ROWS, ";Depression;Unna"), "--contact-point", "hier") == 2
    said = capsys.readouterr()
    assert "Zeile 3: Der Name der Gruppe fehlt." in said.out
    assert "nichts geschrieben" in said.err


def test_a_mapping_comes_from_a_file(office, listing, capsys, tmp_path):
    mapping = tmp_path / "zuordnung.json"
    mapping.write_text(
        json.dumps({"columns": {"Bez.": "name"}, "topics": {"Seelentief": "depression"}}), encoding="utf-8"
    )
    assert (
        run(
            "import-groups",
            listing("Bez.;Thema;Ort", "Gruppe A;Seelentief;Unna"),
            "--contact-point",
            "hier",
            "--mapping",
            mapping,
            "--json",
        )
        == 0
    )
    assert json.loads(capsys.readouterr().out)["unknown_topics"] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["import-groups", "x.csv", "--contact-point", "nirgends"], "gibt es nicht"),
        (["import-groups", "--contact-point", "hier"], "Datei"),
        (["import-groups", "--contact-point", "hier", "--undo"], "keinen Import"),
        (["export-groups", "--contact-point", "hier", "--with-persons"], "Grund"),
        (["export-groups", "--contact-point", "hier", "--output", "/gibt/es/nicht.csv"], "schreiben"),
    ],
)
def test_what_does_not_go_is_one_german_sentence(office, words, sentence):
    from kontaktstelle.refusal import StepRefused

    with pytest.raises(StepRefused, match=sentence):
        run(*words)


def test_a_damaged_mapping_file_is_one_german_sentence(office, listing, tmp_path):
    from kontaktstelle.refusal import StepRefused

    mapping = tmp_path / "zuordnung.json"
    for content in (b"{", b"\xff\xfe\x00", b"[1]", b"[" * 100_000):
        mapping.write_bytes(content)
        with pytest.raises(StepRefused):
            run("import-groups", listing(*ROWS), "--contact-point", "hier", "--mapping", mapping)
