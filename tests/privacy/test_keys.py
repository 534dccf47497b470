"""Keys: made once, never replaced, readable by their owner alone, and never inside the data."""

import stat
import subprocess
import sys

from kontaktstelle.privacy import checks, keys


def test_setup_repeated_never_replaces_a_key():
    before = keys.kek_file().read_bytes()
    assert keys.create_missing() is False
    assert keys.kek_file().read_bytes() == before


def test_only_the_owner_reads_the_key():
    assert stat.S_IMODE(keys.kek_file().stat().st_mode) == 0o400
    assert checks.keys_are_kept_safely() == []


def test_a_key_readable_by_others_is_reported():
    keys.kek_file().chmod(0o444)
    try:
        assert [message.id for message in checks.keys_are_kept_safely()] == ["privacy.E003"]
    finally:
        keys.kek_file().chmod(0o400)


def test_keys_inside_the_data_stop_the_start_with_a_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "kontaktstelle", "check"],
        env={"KONTAKTSTELLE_DATA": str(tmp_path), "KONTAKTSTELLE_KEYS": str(tmp_path / "keys"), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "neben die Daten" in done.stderr
    assert "Traceback" not in done.stderr
