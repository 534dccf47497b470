"""`keys`: on paper and back, at the console."""

import pytest
from pypdf import PdfReader

from kontaktstelle.privacy import keys, paper
from kontaktstelle.privacy.models import TrailEntry
from support.people import make_office

from .conftest import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keys.forget_cached()
    keys.create_missing()
    yield settings.KEYS_DIR
    keys.forget_cached()


def typed(tmp_path, lines):
    file = tmp_path / "abgetippt.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_the_paper_is_printed_for_two_and_read_back(run, own_keys, tmp_path):
    make_office()
    told = run("keys", "print", "--to", tmp_path / "blatt.pdf", "--json")
    (found,) = told.values
    pages = [page.extract_text() for page in PdfReader(tmp_path / "blatt.pdf").pages]

    assert (tmp_path / "blatt.pdf").stat().st_mode & 0o777 == 0o400
    assert found["key"] in pages[0]
    assert "Kontaktstelle Hier" in pages[1]
    assert TrailEntry.objects.filter(action="keys.printed", actor="kommandozeile").count() == 1
    copy = paper.here()
    file = typed(tmp_path, pages[0].splitlines())
    assert run("keys", "restore", file, "--check").status == 0
    keys.kek_file().unlink()
    keys.signing_file().unlink()
    assert run("keys", "restore", file, "--check").status == 1
    assert run("keys", "restore", file).status == 0
    assert paper.here() == copy


def test_no_key_is_printed_to_the_screen_or_into_the_data(run, own_keys, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    told = run("keys", "print", "--to", settings.DATA_DIR / "blatt.pdf")
    assert "Ordner der Daten" in refused(told)
    told = run("keys", "print")
    assert (settings.KEYS_DIR / f"papierkopie-{paper.here().name}.pdf").exists()
    for line in paper.lines(paper.here()):
        assert line[3:8] not in told.out + told.err


def test_a_file_that_is_there_is_not_overwritten(run, own_keys, tmp_path):
    (tmp_path / "brief.pdf").write_bytes(b"wichtig")
    assert "gibt es schon" in refused(run("keys", "print", "--to", tmp_path / "brief.pdf"))
    assert (tmp_path / "brief.pdf").read_bytes() == b"wichtig"


def test_a_typing_error_is_named_by_its_line(run, own_keys, tmp_path):
    lines = paper.lines(paper.here())
    lines[2] = lines[2][:5] + ("B" if lines[2][5] != "B" else "C") + lines[2][6:]
    assert refused(run("keys", "restore", typed(tmp_path, lines))).startswith(
        "Zeile 3: Tippfehler (1. Gruppe, 3. Zeichen)"
    )


def test_typed_line_by_line_a_wrong_line_is_asked_again(run, own_keys, monkeypatch):
    lines = [line.split("  ", 1)[1] for line in paper.lines(paper.here())]
    typed = iter([lines[0], lines[1][:-1], lines[1].lower(), *lines[2:]])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    told = run("keys", "restore", "--check")
    assert told.status == 0
    assert "Zeile 2: Hier fehlen Zeichen (22 statt 23)." in told.err
    assert not list(typed)


def test_other_keys_are_refused_and_a_wrong_paper_is_told(run, own_keys, tmp_path):
    file = typed(tmp_path, paper.lines(paper.Copy(bytes(32), b"x")))
    assert "Überschrieben wird nichts" in refused(run("keys", "restore", file))
    told = run("keys", "restore", file, "--check")
    assert told.status == 1
    assert "auf der Papierkopie steht" in told.out


def test_a_new_main_key_comes_with_its_paper(run, own_keys, tmp_path):
    old = paper.here()
    (found,) = run("keys", "rotate", "--to", tmp_path / "neu.pdf", "--json").values
    page = PdfReader(tmp_path / "neu.pdf").pages[0].extract_text()

    assert paper.here().name == found["key"] != old.name
    assert paper.read(page.splitlines()) == paper.here()
    assert paper.here().signing == old.signing


def test_months_are_listed_and_one_that_is_unknown_is_not_destroyed(run, own_keys):
    keys.data_key("cp3/2025-03", create=True)
    (found,) = run("keys", "list", "--json").values
    assert found == {"key": paper.here().name, "months": {"cp3/2025-03": 0}}
    assert "gibt es nicht" in refused(run("keys", "destroy", "cp3/2025-04"))
    assert "vernichtet" in run("keys", "destroy", "cp3/2025-03").out
    assert run("keys", "list", "--json").values[0]["months"] == {}


def test_a_missing_main_key_is_said_in_a_sentence(run, own_keys):
    keys.kek_file().unlink()
    keys.forget_cached()
    assert "Papierkopie" in refused(run("keys", "print"))
