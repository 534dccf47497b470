"""The database is away or its disk is full: what somebody wrote is still there, and how to reach the office."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.test import Client

from kontaktstelle.enquiries import intake
from kontaktstelle.enquiries.models import Enquiry
from kontaktstelle.ui import chrome, spare
from support.enquiring import HERE, code_in, form_with
from support.visiting import text_of

pytestmark = pytest.mark.django_db
WORDS = "Ich weiß nicht weiter.\nSeit dem Winter <b>schlafe</b> ich kaum & grüble nur."


def readable(page):
    """Return a page with ordinary blanks."""
    return re.sub(r"[\xa0\u202f]|&nbsp;", " ", text_of(page))


@pytest.fixture
def site(office):
    """The site, its office there on Tuesdays; errors become pages."""
    chrome.forget()
    yield Client(raise_request_exception=False)
    chrome.forget()


@pytest.fixture
def database_away(monkeypatch):
    """A way to let the database be away, in this process's memory or from its start."""

    def go_away(fault, *, from_the_start=False):
        def fail(*_, **__):
            raise fault

        if from_the_start:
            chrome.forget()
        monkeypatch.setattr(intake, "receive", fail)
        monkeypatch.setattr(chrome, "_source", [fail])

    return go_away


FAULTS = [
    OperationalError("connection refused"),
    InterfaceError("the connection is closed"),
    OperationalError("database or disk is full"),
    OSError(28, "No space left on device"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("from_the_start", [False, True])
def test_a_message_that_cannot_be_stored_stays_on_the_page_with_another_way_to_the_office(
    site, office, database_away, fault, from_the_start
):
    form = form_with(site.get("/nachricht/"), "nachricht")
    typed = form["fields"] | {"nachricht": WORDS, "rueckweg": "karla@example.org"}
    database_away(fault, from_the_start=from_the_start)
    page = site.post(form["action"], typed, headers=HERE)

    said = readable(page)
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "120"
    assert page.headers["Cache-Control"] == "no-store"
    assert "030 23125100" in said, "the telephone"
    assert "Dienstag" in said, "the Sprechzeiten"
    assert "112" in said
    assert "&lt;b&gt;schlafe&lt;/b&gt;" in said
    again = form_with(page, "nachricht")["fields"]
    assert again | {"nachricht": again["nachricht"].replace("\r\n", "\n")} == typed, "nothing typed is lost"


def test_sent_again_it_counts_once(site, monkeypatch):
    """The answer was lost on its way, not the message."""
    form = form_with(site.get("/nachricht/"), "nachricht")
    receive, codes = intake.receive, []

    def receive_and_fail(*given, **named):
        codes.append(receive(*given, **named).code)
        raise OperationalError

    monkeypatch.setattr(intake, "receive", receive_and_fail)
    page = site.post(form["action"], form["fields"] | {"nachricht": WORDS}, headers=HERE)
    monkeypatch.setattr(intake, "receive", receive)
    again = form_with(page, "nachricht")
    thanks = site.post(again["action"], again["fields"], headers=HERE)

    assert [code_in(thanks)] == codes
    assert Enquiry.unscoped.count() == 1


def test_a_page_that_was_only_opened_offers_nothing_to_send(site, monkeypatch):
    site.get("/")
    monkeypatch.setattr(
        "kontaktstelle.enquiries.pages.writing._offices", lambda: (_ for _ in ()).throw(FAULTS[0])
    )
    page = site.get("/nachricht/")

    assert page.status_code == 503
    assert "<form" not in text_of(page)
    assert "030 23125100" in readable(page)


def test_what_was_typed_at_the_desk_is_not_printed_again(site, monkeypatch):
    """Passwords are typed there."""
    site.get("/")
    page = site.post("/schreibtisch/anmelden/", {"login": "x", "password": "Kanarienvogel"}, headers=HERE)
    assert "Kanarienvogel" not in text_of(page)


def test_where_only_another_page_was_shown_its_office_is_named_rather_than_nobody(site, office):
    (Path(settings.DATA_DIR) / spare.NAME).unlink(missing_ok=True)
    chrome.forget()
    site.get("/nachricht/an/hier/")
    chrome.forget()

    assert chrome.last_known().phone == office.phone


def test_the_spare_file_holds_public_words_only_and_may_be_missing_or_broken(site, office):
    site.get("/")
    file = Path(settings.DATA_DIR) / spare.NAME
    [kept] = [value for key, value in json.loads(file.read_text()).items() if key == "de:"]
    assert kept["name"] == office.name
    assert set(kept) == set(chrome.Office.__dataclass_fields__) - {"there", "next"}
    file.write_text("{")
    assert spare.kept("", "de") is None
    file.unlink()
    chrome.forget()
    assert chrome.last_known() == chrome.NOBODY


def test_a_fault_of_the_program_is_no_disturbance_of_the_database(site, monkeypatch):
    site.get("/")
    monkeypatch.setattr("kontaktstelle.enquiries.pages.writing._offices", lambda: 1 / 0)
    assert site.get("/nachricht/").status_code == 500
