"""`search` and `rhythm`: what a script can rely on, and what somebody reads who mistyped."""

import json

import pytest

from support.people import make_group
from support.visiting import alarms

from .conftest import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(office):
    return make_group(office)


@pytest.fixture
def lines(tmp_path):
    def write(*each, ending="\n"):
        file = tmp_path / "zeilen.txt"
        file.write_bytes((ending.join(each) + ending).encode("utf-8", "surrogateescape"))
        return file

    return write


class TestSearch:
    def test_the_answer_has_the_shape_that_was_promised(self, group, run):
        (answer,) = run("search", "Panik", "und", "Angst", "--near", "59423", "--json").values

        assert set(answer) >= {"danger", "need", "helplines", "understood", "results"}
        assert (answer["danger"], answer["need"], answer["helplines"]) == (False, False, [])
        assert set(answer["understood"]) >= {"topics", "audience", "place"}
        assert answer["understood"]["topics"][0]["id"] == "anxiety-panic"
        assert [topic["weight"] for topic in answer["understood"]["topics"]] == sorted(
            (topic["weight"] for topic in answer["understood"]["topics"]), reverse=True
        )
        assert answer["understood"]["place"] == "Unna"
        (result,) = answer["results"]
        assert set(result) >= {"name", "topics", "audience", "town", "distance_km", "url"}
        assert result["url"] == f"/gruppe/{group.slug}/"
        assert result["distance_km"] < 5

    @pytest.mark.usefixtures("group")
    def test_words_may_come_quoted_or_one_by_one(self, run):
        assert (
            run("search", "Panik und Angst", "--json").values
            == run("search", "Panik", "und", "Angst", "--json").values
        )

    @pytest.mark.usefixtures("group")
    def test_danger_puts_help_first_and_two_lines_at_least(self, run, monkeypatch):
        alarms(monkeypatch, umbringen="suicide")
        from datetime import UTC, datetime

        from kontaktstelle.network.registers import load_registers

        load_registers(at=datetime(2026, 3, 10, tzinfo=UTC))
        (answer,) = run("search", "ich will mich umbringen", "--json").values

        assert answer["danger"] is True
        assert len(answer["helplines"]) >= 2
        assert all(each["name"] and each["numbers"] for each in answer["helplines"])
        assert run("search", "ich will mich umbringen").out.startswith("Sofort Hilfe:")

    @pytest.mark.usefixtures("group")
    def test_without_json_a_person_reads_it(self, run):
        told = run("search", "Angst", "--near", "Unna")

        assert told.status == 0
        assert "Gruppe Angst, Beispiel" in told.out
        assert "{" not in told.out

    @pytest.mark.usefixtures("group")
    def test_limit_and_radius_are_kept(self, office, run):
        make_group(office, name="Zweite", lat=51.9, lon=7.6889)

        assert len(run("search", "Angst", "--limit", "1", "--json").values[0]["results"]) == 1
        assert [
            each["name"]
            for each in run("search", "Angst", "--near", "59423", "--radius", "100", "--json").values[0][
                "results"
            ]
        ] == ["Gruppe Angst, Beispiel", "Zweite"]

    @pytest.mark.usefixtures("group")
    def test_a_file_is_answered_line_by_line_in_order_the_empty_and_the_endless_too(
        self, run, lines, monkeypatch
    ):
        alarms(monkeypatch, sterben="suicide")
        asked = [
            "Angst",
            "",
            "   ",
            "ich will sterben",
            "x" * 100_000,
            "Angst " * 20_000,
            "qwrtz",
            "\x00\x01",
            "Angst\tin\tUnna",
            "<script>",
            "Angst",
        ]
        told = run("search", "--file", lines(*asked), "--json")

        assert told.status == 0
        answers = told.values
        assert len(answers) == len(asked)
        assert answers[0] == answers[-1]
        assert answers[0]["results"]
        assert answers[1] == answers[2]
        assert answers[1]["results"] == answers[1]["understood"]["topics"] == []
        assert [answer["danger"] for answer in answers] == [number == 3 for number in range(len(asked))]

    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    @pytest.mark.usefixtures("group")
    def test_a_file_from_windows_is_read_alike_with_its_mark_or_without(self, run, lines, ending):
        answers = run("search", "--file", lines("\ufeffAngst", "Trauer", ending=ending)).values

        assert [answer["understood"]["topics"][0]["id"] for answer in answers] == ["anxiety-panic", "grief"]

    @pytest.mark.usefixtures("group")
    def test_a_last_line_without_its_end_is_answered(self, run, tmp_path):
        file = tmp_path / "a.txt"
        file.write_text("Angst\nTrauer", encoding="utf-8")
        assert len(run("search", "--file", file).values) == 2
        file.write_text("", encoding="utf-8")
        told = run("search", "--file", file)
        assert (told.status, told.out) == (0, "")

    @pytest.mark.usefixtures("group")
    def test_bytes_that_are_no_text_lose_no_line(self, run, tmp_path):
        file = tmp_path / "a.txt"
        file.write_bytes(b"Angst\n\xff\xfe\xfa\nTr\xe4ume\nAngst\n")

        assert len(run("search", "--file", file, "--json").values) == 4

    @pytest.mark.usefixtures("group")
    def test_an_unknown_place_is_said_and_nothing_is_searched_elsewhere_instead(self, run):
        assert "Xyzzyhausen" in refused(run("search", "Angst", "--near", "Xyzzyhausen"))
        assert "Xyzzyhausen" in refused(run("search", "Angst", "--near", "Xyzzyhausen", "--json"))
        assert "00000" in refused(run("search", "Angst", "--near", "00000"))

    @pytest.mark.usefixtures("group")
    def test_a_name_of_many_places_is_asked_back(self, run):
        said = refused(run("search", "Angst", "--near", "Neukirchen"))

        assert "Neukirchen (Kreis Nordfriesland)" in said
        assert "Postleitzahl" in said

    @pytest.mark.usefixtures("group")
    def test_a_place_that_stands_in_for_another_is_said(self, run):
        (answer,) = run("search", "Angst", "--near", "Unnaa", "--json").values

        assert answer["understood"]["place"] == "Unna"
        assert "kennen wir nicht" in answer["notice"]

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--near", "59423"), ("Angst", "--limit", "0"), ("Angst", "--limit", "-1"), ("Angst", "--limit", "201"), ("Angst", "--limit", "x"), ("Angst", "--radius", "0"),
            ("Angst", "--radius", "nan"), ("Angst", "--radius", "inf"), ("Angst", "--radius", "-5"), ("Angst", "--radius", "weit"), ("--file", "/gibt/es/nicht.txt"), ("--file", "/proc"), ("Angst", "--unbekannt"), ("Angst", "--near"),
        ],
    )  # fmt: skip
    @pytest.mark.usefixtures("group")
    def test_a_wrong_call_is_refused_in_one_german_sentence(self, run, arguments):
        said = refused(run("search", *arguments))
        assert not any(
            english in said
            for english in ("argument", "invalid", "expected", "required", "directory", "No such")
        )

    @pytest.mark.usefixtures("group")
    def test_words_that_are_no_unicode_are_answered(self, run):
        assert run("search", "Angst \udcff", "--json").values[0]["results"]
        assert refused(run("search", "Angst", "--near", "\udcffXyzzy"))


class TestRhythm:
    KEYS = {"understood", "rules", "dates", "frequency", "anchored", "start", "end", "exceptions", "text"}

    def test_the_answer_has_the_shape_that_was_promised(self, run):
        (answer,) = run(
            "rhythm", "jeden 1. und 3. Dienstag im Monat 19 Uhr, nicht in den Schulferien", "--json"
        ).values

        assert set(answer) >= self.KEYS
        assert answer["understood"] is True
        assert answer["rules"] == ["FREQ=MONTHLY;BYDAY=1TU,3TU"]
        assert (answer["start"], answer["end"]) == ("19:00", None)
        assert answer["exceptions"]
        assert answer["anchored"] is True

    def test_what_is_not_understood_stays_text_without_a_date(self, run):
        (answer,) = run("rhythm", "nach Absprache mit Renate", "--json").values

        assert (answer["understood"], answer["rules"], answer["dates"]) == (False, [], [])
        assert run("rhythm", "nach Absprache mit Renate").out == "nicht verstanden, bleibt als Text stehen\n"

    def test_a_file_is_read_line_by_line_in_order(self, run, lines):
        answers = run(
            "rhythm",
            "--file",
            lines("montags 18 Uhr", "", "x" * 50_000, "<b>", "\x00", "montags 18 Uhr"),
            "--json",
        ).values

        assert len(answers) == 6
        assert [answer["understood"] for answer in answers] == [True, False, False, False, False, True]
        assert answers[0] == answers[5]
        assert all(set(answer) >= self.KEYS for answer in answers)

    @pytest.mark.parametrize(
        "arguments",
        [(), ("--file", "/gibt/es/nicht.txt"), ("--file", "/proc"), ("--measure", "/gibt/es/nicht.txt")],
    )
    def test_a_wrong_call_is_refused_in_one_german_sentence(self, run, arguments):
        assert refused(run("rhythm", *arguments))


class TestEvaluate:
    @pytest.mark.usefixtures("group")
    def test_it_measures_a_file_of_queries(self, run, tmp_path, monkeypatch):
        from kontaktstelle.cli import evaluation

        monkeypatch.setattr(evaluation, "_danger_set_aside", dict)
        file = tmp_path / "fragen.jsonl"
        file.write_text(
            json.dumps(
                {
                    "query": "Panikattacken",
                    "relevant": [{"topic_id": "anxiety-panic", "grade": 2, "audience": None}],
                    "crisis": False,
                }
            )
            + "\n\n",
            encoding="utf-8",
        )
        told = run("evaluate-search", file, "--json")

        assert told.status == 0
        assert told.values[0]["queries"]["right topic among the first three"] == {
            "share": 1.0,
            "right": 1,
            "of": 1,
        }
        assert "1.000" in run("evaluate-search", file).out

    @pytest.mark.parametrize(
        "content",
        [b"{kaputt", b'{"frage": "x"}', b'{"query": 5}', b"[]", b'"x"', b"\xff\xfe\x00"],
        ids=["no JSON", "no query", "a number", "a list", "a word", "no text"],
    )
    def test_a_broken_file_is_refused_in_one_german_sentence(self, run, tmp_path, content):
        file = tmp_path / "fragen.jsonl"
        file.write_bytes(content)

        assert refused(run("evaluate-search", file, "--json"))

    @pytest.mark.parametrize("file", ["/gibt/es/nicht.jsonl", "/proc"])
    def test_a_file_that_is_not_there_is_said(self, run, file):
        assert file in refused(run("evaluate-search", file))


class TestProgram:
    def test_without_a_command_it_says_what_is_missing(self, run):
        assert refused(run()).startswith("Es fehlt:")

    def test_an_unknown_command_names_those_there_are(self, run):
        said = refused(run("gibtesnicht"))
        assert "gibt es nicht" in said
        assert "search" in said

    @pytest.mark.parametrize(
        "command",
        [
            "setup",
            "serve",
            "work",
            "check",
            "search",
            "rhythm",
            "evaluate-search",
            "import-groups",
            "export-groups",
            "bench",
            "docs",
        ],
    )
    def test_every_command_has_german_help(self, run, command):
        told = run(command, "--help")
        assert told.status == 0
        assert not {"show this help message", "positional arguments"} & set(told.out.splitlines())

    @pytest.mark.usefixtures("office")
    def test_an_unknown_office_is_said_with_those_there_are(self, run, tmp_path):
        file = tmp_path / "x.csv"
        file.write_text("Name\nx\n", encoding="utf-8")
        assert "hier" in refused(run("import-groups", file, "--contact-point", "falsch"))
        assert "hier" in refused(run("export-groups", "--contact-point", "falsch"))

    @pytest.mark.usefixtures("group")
    def test_a_database_that_does_not_answer_is_said(self, run, monkeypatch):
        from django.db import OperationalError

        from kontaktstelle.directory import search

        def broken(*_, **__):
            raise OperationalError("server closed the connection unexpectedly: Karla")

        monkeypatch.setattr(search, "answer", broken)
        assert refused(run("search", "Angst")) == "Die Datenbank antwortet nicht (OperationalError)."
