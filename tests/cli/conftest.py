import json

import pytest

from kontaktstelle.cli import main
from support.visiting import forget


class Told:
    """What a command printed and how it ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def values(self):
        return [json.loads(each) for each in self.out.splitlines()]


@pytest.fixture
def run(capfd):
    """Run a command as an operator does; usage errors end a program, so they are caught here."""
    forget()

    def run(*arguments):
        capfd.readouterr()
        try:
            status = main([str(each) for each in arguments])
        except SystemExit as ended:
            status = ended.code
        return Told(status, *capfd.readouterr())

    return run


def refused(told):
    """Say whether a command refused in a German sentence, without a traceback and without half an answer."""
    lines = told.err.strip().splitlines()
    assert told.status == 2, (told.status, told.err)
    assert told.out == ""
    assert 1 <= len(lines) <= 2, told.err
    assert "Traceback" not in told.err
    assert "Error:" not in told.err
    return lines[0]
