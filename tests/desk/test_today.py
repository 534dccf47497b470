"""Heute: what is promised and due stands there, is opened with a trace, and is kept with one click."""

import pytest

from kontaktstelle.enquiries import call_backs
from kontaktstelle.enquiries.call_backs import NoWayBack
from kontaktstelle.enquiries.models import CallBack
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.models import Party
from support.desk import KARLA, make_enquiry
from support.visiting import text_of

pytestmark = pytest.mark.django_db
TODAY, FORM = "/schreibtisch/", "/schreibtisch/rueckruf/"


@pytest.fixture
def counsellor(at_the_desk):
    return at_the_desk("counsels")


def promised(office):
    with acting_for(office):
        return list(CallBack.objects.all())


def test_an_empty_day_says_so(counsellor):
    assert "Nichts ist offen." in text_of(counsellor[0].get(TODAY))


def test_a_call_back_is_promised_opened_with_a_trace_and_kept(counsellor, office):
    browser, _ = counsellor
    answer = browser.post(
        FORM,
        {"kind": "call", "name": KARLA.name, "phone": KARLA.phone, "wish": KARLA.note, "from": "10", "until": "12:30", "machine": "neutral"},
    )  # fmt: skip
    assert answer.status_code == 302
    (row,) = promised(office)
    assert (row.window_from.hour, row.window_to.minute, row.machine) == (10, 30, "neutral")

    shown = text_of(browser.get(f"{FORM}{row.pk}/"))
    assert KARLA.name in shown
    assert "nur neutral" in shown
    assert TrailEntry.objects.filter(action="person.opened").count() == 1
    browser.post(f"{FORM}{row.pk}/versuch/", {"what": "reached"})
    (row,) = promised(office)
    assert row.status == "done"


def test_heute_shows_what_is_due_and_no_name(counsellor, office):
    browser, member = counsellor
    make_enquiry(office, member, person=KARLA)
    shown = text_of(browser.get(TODAY))

    assert "Überfällig" in shown
    assert KARLA.name not in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "call"}, NoWayBack.sentence),
        ({"phone": "030 23125 778", "from": "halb drei"}, "Diese Uhrzeit lesen wir nicht"),
        ({"phone": "030 23125 778", "from": "14", "until": "9"}, "vor seinem Beginn"),
        ({"phone": "030 23125 778", "due_on": "32.13.2026"}, "Dieses Datum lesen wir nicht"),
    ],
)
def test_what_cannot_be_promised_is_said_and_nothing_typed_is_lost(counsellor, office, typed, sentence):
    browser, _ = counsellor
    answer = browser.post(FORM, {"name": KARLA.name, **typed})

    assert answer.status_code == 409
    assert sentence in text_of(answer)
    assert KARLA.name in text_of(answer)
    assert promised(office) == []


def test_nothing_is_said_to_a_machine_that_may_not_hear_it(counsellor, office):
    browser, _ = counsellor
    browser.post(FORM, {"kind": "call", "phone": KARLA.phone})
    (row,) = promised(office)
    answer = browser.post(f"{FORM}{row.pk}/versuch/", {"what": "machine"})

    assert answer.status_code == 409
    with acting_for(office):
        assert call_backs.asks_to_close(row) is False
        assert Party.objects.count() == 1


def test_reception_promises_and_sees_no_enquiries(at_the_desk, office):
    _, member = at_the_desk("counsels")
    make_enquiry(office, member)
    browser, _ = at_the_desk("reception")

    assert browser.get(FORM).status_code == 200
    assert "Nichts ist offen." in text_of(browser.get(TODAY))
