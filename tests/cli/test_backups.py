"""`backup` and the night: what is refused, and what a night without its folder does not end."""

import pytest

from kontaktstelle.cli import backups, nights
from kontaktstelle.privacy.backup.making import WrongPlace
from support.people import A_MOMENT

from .conftest import refused

pytestmark = pytest.mark.django_db


def test_a_backup_beside_the_keys_or_in_the_data_is_refused(run, settings):
    for folder, what in ((settings.KEYS_DIR, "der Schlüssel"), (settings.DATA_DIR, "der Daten")):
        assert f"liegt im Ordner {what}" in refused(run("backup", "--to", folder / "b"))


def test_restoring_over_something_is_refused_before_anything_is_read(run, tmp_path):
    (tmp_path / "x.sicherung").write_bytes(b"x")
    assert "keine Datei dieser Software" in refused(run("restore", tmp_path / "x.sicherung"))


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.usefixtures("office")
def test_a_night_without_the_folder_of_backups_ends_nothing_else(settings, monkeypatch, tmp_path, wanted):
    tried = []

    def fails():
        tried.append(1)
        raise WrongPlace

    settings.BACKUPS_ARE_MADE, settings.DATA_DIR = wanted, tmp_path
    settings.BACKUPS_DIR = tmp_path / "b"
    monkeypatch.setattr(backups, "back_up", fails)
    assert nights.nightly(A_MOMENT).failed == (("Sicherung",) if wanted else ())
    assert len(tried) == wanted
    assert (tmp_path / "notfallmappe" / "index.html").exists()
