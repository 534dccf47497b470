"""`emergency` and `trail`: what survives the server is written, opened on another machine, and a changed trail is named."""

import pytest

from kontaktstelle.privacy import anchor, keys, paper, trail
from support.canaries import make_canary
from support.people import A_MOMENT

from .conftest import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_keys(settings, tmp_path):
    settings.KEYS_DIR, settings.DATA_DIR = tmp_path / "keys", tmp_path / "data"
    settings.BACKUPS_ARE_MADE = False
    (tmp_path / "data").mkdir()
    keys.forget_cached()
    keys.create_missing()
    yield settings
    keys.forget_cached()


def test_written_here_and_opened_on_a_machine_without_keys_by_the_paper(run, office, own_keys, tmp_path):
    make_canary(office, name="Gruppe <b>Beispiel</b>")
    (told,) = run("emergency", "write", "--to", tmp_path / "ort", "--json").values
    sheet = tmp_path / "abgetippt.txt"
    sheet.write_text("\n".join(paper.lines(paper.here())), encoding="utf-8")
    own_keys.KEYS_DIR = tmp_path / "leer"
    keys.forget_cached()
    (found,) = run(
        "emergency", "open", told["sealed"], "--keys", sheet, "--to", tmp_path / "neu", "--json"
    ).values

    page = tmp_path / "neu" / "telefonliste.html"
    assert (found["groups"], found["page"]) == (1, str(page))
    text = page.read_text(encoding="utf-8")
    assert "Karla Kanarienvogel" in text
    assert "030 23125 778" in text
    assert "Gruppe &lt;b&gt;Beispiel" in text
    assert page.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data" / "notfallmappe" / "index.html").exists()
    assert not (tmp_path / "leer").exists()


@pytest.mark.usefixtures("office")
def test_without_a_place_or_a_key_it_says_what_is_missing(run, own_keys, tmp_path):
    assert "--to" in refused(run("emergency", "write"))
    run("emergency", "write", "--to", tmp_path)
    (file,) = tmp_path.glob("*.telefonliste")
    own_keys.KEYS_DIR = tmp_path / "leer"
    assert "--keys" in refused(run("emergency", "open", file))


@pytest.mark.usefixtures("own_keys")
def test_a_trail_is_checked_and_what_was_changed_is_named(run, office):
    for number in range(3):
        trail.record("t", "x.y", object_type="x", object_id=number, at=A_MOMENT, contact_point=office.pk)
    anchor.write(at=A_MOMENT)
    assert run("trail", "check").out.startswith("Das Zugriffsprotokoll ist unverändert")
    anchor.file().write_text(anchor.text().replace("anchored", "restored"))
    told = run("trail", "check")
    assert told.status == 1
    assert "der Anker wurde verändert" in told.out
    (found,) = run("trail", "check", "--json").values
    assert found["ok"] is False
    assert found["findings"][0]["what"] == "anchor-changed"
