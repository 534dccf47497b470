"""Passwords: length and not being guessed is all that is asked (R13)."""

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from kontaktstelle.organisation.models import ContactPoint, Staff
from support import cheap_passwords

MEMBER = Staff(
    email="karla.kanarienvogel@kreis-musterstadt.example",
    name="Karla Kanarienvogel",
    contact_point=ContactPoint(name="K.I.S.S. Kreis Musterstadt", short_name="KISS Musterstadt"),
)
GOOD = [
    "vier blaue Tassen im Regal", "aaaabbbbccccdddd!", "korrekt pferd batterie", "XyZ123abcDEF", "ünïcödé wörter",
    "   führende leerzeichen", "nurkleinbuchstaben", "1a2b3c4d5e6f7g8h", "Regenschirm-am-Bahnhof", "🌧🌂🚉🫖🍵🧦🪑🕰🚲🧭🎈🪴",
    "selbsthilfe ist ein grünes fahrrad", "Musterstadt hat sieben Brücken im Nebel", "a" * 60 + "bcdefgh" * 9, "karla mag dienstags lieber tee", "zwölf Zeichen", "Wort" + "Treppe" + "Garten", "abcdefghijkm", "Blau.Grau.Genau", "Tasse7Löffel9Teller", "q" * 3 + "werfdsayxcvg",
]  # fmt: skip
BAD = [
    "", "kurz", "elf Zeichen", "password1234", "123456789012", "qwertyuiop123", "passwort1234", "Selbsthilfe1", "Selbsthilfe2026!", "selbsthilfekontaktstelle",
    "KissMusterstadt1", "Kanarienvogel1", "karlakanarienvogel", "kreismusterstadt", "Kontaktstelle!!", "aaaaaaaaaaaa", "abababababab", "willkommen12", "Schreibtisch1", "a" * 257,
]  # fmt: skip


@pytest.mark.parametrize("password", GOOD)
def test_long_and_not_guessed_is_good(password):
    validate_password(password, MEMBER)


@pytest.mark.parametrize("password", BAD)
def test_short_common_or_of_the_field_is_refused_in_german(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, MEMBER)
    assert all(message.endswith(".") for message in refused.value.messages)
    assert "This password" not in str(refused.value.messages)


def test_a_stolen_password_costs_a_guesser_what_was_measured(monkeypatch):
    cheap_passwords.hash_as_measured(monkeypatch)
    hashed = make_password("vier blaue Tassen im Regal")

    assert hashed.split("$")[:4] == ["argon2", "argon2id", "v=19", "m=65536,t=2,p=1"]
    assert check_password("vier blaue Tassen im Regal", hashed)


def test_many_tries_at_once_are_hashed_two_at_a_time(monkeypatch):
    import threading
    import time

    from django.contrib.auth.hashers import Argon2PasswordHasher

    from kontaktstelle.organisation.passwords import Argon2id

    running, most, lock = [0], [0], threading.Lock()

    def slow(self, password, encoded):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.02)
        with lock:
            running[0] -= 1
        return False

    monkeypatch.setattr(Argon2PasswordHasher, "verify", slow)
    tries = [threading.Thread(target=Argon2id().verify, args=("x", "y")) for _ in range(12)]
    for each in tries:
        each.start()
    for each in tries:
        each.join()

    assert most[0] == 2
