"""Passwords of the tests' own people cost next to nothing: thousands of them are hashed, and none is worth guessing.

What a real one costs is looked at by `organisation/test_passwords.py`; servers started by tests hash as installations do.
"""

from kontaktstelle.organisation.passwords import Argon2id

AS_MEASURED = {name: getattr(Argon2id, name) for name in ("time_cost", "memory_cost", "parallelism")}


def hash_cheaply():
    """Let this process hash with the least Argon2 can do."""
    Argon2id.time_cost, Argon2id.memory_cost = 1, 8


def hash_as_measured(monkeypatch):
    """Let one test hash as installations do."""
    for name, value in AS_MEASURED.items():
        monkeypatch.setattr(Argon2id, name, value)
