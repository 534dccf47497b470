"""Logs say what happened to things, never what anybody typed or who they are."""

import json
import logging

from kontaktstelle.privacy.logs import AllowListFormatter

CANARY = "mein Mann trinkt"


def _line(logger, message, *arguments, exception=None, **extra):
    record = logging.LogRecord(logger, logging.ERROR, __file__, 1, message, arguments, exception)
    record.__dict__.update(extra)
    return AllowListFormatter().format(record)


def test_words_in_a_message_of_a_library_are_not_written():
    assert CANARY not in _line("django.request", "Internal Server Error: %s", f"/suche?worte={CANARY}")
    assert CANARY not in _line("gunicorn.error", CANARY)


def test_the_text_of_an_exception_is_not_written_but_its_class_and_place_are():
    try:
        int(CANARY)
    except ValueError as error:
        line = _line(
            "kontaktstelle.directory", "page.failed", exception=(type(error), error, error.__traceback__)
        )
    assert CANARY not in line
    assert json.loads(line)["exception"] == "ValueError"
    assert json.loads(line)["event"] == "page.failed"


def test_only_numbers_and_plain_names_pass_the_allow_list():
    line = json.loads(
        _line(
            "kontaktstelle.cli",
            "import.done",
            count=40,
            route="directory:search",
            status=CANARY,
            words=CANARY,
        )
    )
    assert line["count"] == 40
    assert line["route"] == "directory:search"
    assert "status" not in line
    assert "words" not in line
