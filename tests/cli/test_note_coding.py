"""`code-note`: one proposal per note, in order; a line that is no note is refused without repeating it."""

import json

import pytest

from .conftest import refused


@pytest.fixture
def notes(tmp_path):
    def write(*lines, ending="\n"):
        file = tmp_path / "notizen.jsonl"
        file.write_text(ending.join(lines) + ending, encoding="utf-8", newline="")
        return file

    return write


def note(number, words):
    return json.dumps({"id": number, "note": words}, ensure_ascii=False)


class TestCodeNote:
    def test_the_proposal_has_the_shape_that_was_promised(self, notes, run):
        (proposal,) = run(
            "code-note", "--file", notes(note("a", "tel. Anfr., w 50, MS. An 2 Gr. verw.")), "--json"
        ).values

        assert proposal == {
            "id": "a",
            "channel": "telefon",
            "person_type": "betroffen",
            "person_detail": "",
            "topic": ["ms"],
            "outcome": ["vermittelt_gruppe"],
            "concern": ["gruppensuche"],
            "direction": "eingehend",
            "first_contact": "unbekannt",
            "reached": None,
            "guessed": ["direction", "first_contact", "concern"],
        }

    def test_no_note_is_lost_and_the_order_stays(self, notes, run):
        told = run(
            "code-note",
            "--file",
            notes(*(note(n, words) for n, words in enumerate(["", "MS", "??", "MS"]))),
            "--json",
        )

        assert [each["id"] for each in told.values] == [0, 1, 2, 3]
        assert told.values[1] == told.values[3] | {"id": 1}

    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\n\n"])
    def test_lines_may_end_as_any_system_ends_them(self, notes, run, ending):
        words = "w 30, MS\u2028Zeile zwei"
        told = run("code-note", "--file", notes(note(1, words), note(2, "MS"), ending=ending), "--json")

        assert [each["id"] for each in told.values] == [1, 2]

    def test_a_person_reads_german_and_sees_what_is_guessed(self, notes, run):
        told = run("code-note", "--file", notes(note("a", "w 47, Fibromyalgie")))

        assert "Fibromyalgie" in told.out
        assert "telefon (vermutet)" in told.out

    @pytest.mark.parametrize(
        "line",
        [
            "Frau Zwetschgenbaum, MS",
            '{"id": 1, "note": 3}',
            '{"note": "Zwetschgenbaum"}',
            "[]",
            "[" * 100_000,
        ],
    )
    def test_a_line_that_is_no_note_is_refused_with_its_number_only(self, notes, run, line):
        told = run("code-note", "--file", notes(note(1, "MS"), line), "--json")

        assert "Zeile 2" in refused(told)
        assert "Zwetschgenbaum" not in told.err

    def test_a_file_that_is_not_there_is_refused(self, run, tmp_path):
        assert "gibt es nicht" in refused(run("code-note", "--file", tmp_path / "keine.jsonl", "--json"))

    def test_a_note_may_come_from_the_pipe(self, run, monkeypatch):
        import io
        import sys

        monkeypatch.setattr(sys, "stdin", io.StringIO(note("p", "MS") + "\n"))

        assert [each["id"] for each in run("code-note", "--file", "-", "--json").values] == ["p"]
