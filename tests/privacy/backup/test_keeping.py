"""Which backups stay: seven days and four weeks, never older than the ledger can answer for."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontaktstelle.privacy import keys, ledger
from kontaktstelle.privacy.backup import making

START = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)


def put(folder, moment, name=None):
    file = folder / f"kontaktstelle-{name or keys.installation_name()}-{moment:%Y-%m-%d-%H%M%S}.sicherung"
    file.write_bytes(b"x")
    return file


def days(folder):
    return [moment.date() for _, moment in making.backups_in(folder)]


def test_after_a_quarter_of_nights_seven_days_and_three_more_weeks_are_there(tmp_path):
    for night in range(90):
        at = START + timedelta(days=night)
        put(tmp_path, at)
        making.remove_old(tmp_path, at=at)
    today = (START + timedelta(days=89)).date()

    kept = days(tmp_path)
    assert kept[-7:] == [today - timedelta(days=6 - number) for number in range(7)]
    assert len({day.isocalendar()[:2] for day in kept}) == 4
    assert 9 <= len(kept) <= 11


@settings(max_examples=60, deadline=None)
@given(hours=st.lists(st.integers(1, 200), min_size=1, max_size=60))
def test_however_often_it_is_done_the_newest_stays_and_none_is_too_old(tmp_path_factory, hours):
    folder, at = tmp_path_factory.mktemp("b"), START
    made = set()
    for each in hours:
        at += timedelta(hours=each)
        made.add(put(folder, at))
        removed = making.remove_old(folder, at=at)
        there = {file for file, _ in making.backups_in(folder)}
        assert max(made) in there
        assert not set(removed) & there
        for file, moment in making.backups_in(folder):
            assert at - moment <= timedelta(days=ledger.OLDEST_BACKUP_DAYS), file
        for day in range(7):
            of_day = [file for file in made if f"{(at - timedelta(days=day)).date()}" in file.name]
            assert not of_day or max(of_day) in there


def test_what_is_not_ours_stays(tmp_path):
    ours = put(tmp_path, START)
    foreign = put(tmp_path, START, "ZZZZZZZZ")
    strange = tmp_path / "urlaub.sicherung"
    strange.write_bytes(b"x")
    assert making.remove_old(tmp_path, at=START + timedelta(days=100)) == [ours]
    assert foreign.exists()
    assert strange.exists()


def test_a_backup_from_the_future_does_not_push_others_out(tmp_path):
    put(tmp_path, START + timedelta(days=400))
    ours = put(tmp_path, START)
    assert making.remove_old(tmp_path, at=START + timedelta(days=1)) == []
    assert ours.exists()


@pytest.mark.parametrize("inside", ["KEYS_DIR", "DATA_DIR"])
def test_beside_the_keys_or_in_the_data_no_backup_is_made(tmp_path, settings, inside):
    setattr(settings, inside, tmp_path / "x")
    (tmp_path / "x").mkdir()
    for folder in (tmp_path / "x", tmp_path / "x" / "y"):
        with pytest.raises(making.WrongPlace):
            making._check(folder)
        with pytest.raises(making.WrongPlace):
            making._check(tmp_path / "z", folder)
    making._check(tmp_path / "z")
