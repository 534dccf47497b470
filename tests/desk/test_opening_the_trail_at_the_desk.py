"""Two people open the trail at the desk; it says who did what when, and never of whom."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kontaktstelle.desk import trail_words
from kontaktstelle.enquiries import log, reading, threads
from kontaktstelle.organisation import trail_opening
from kontaktstelle.organisation.models import DelicateStep, Post
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry
from support.desk import KARLA
from support.people import make_member
from support.visiting import text_of
from walls.test_access_matrix import be_fresh

pytestmark = pytest.mark.django_db
PAGE = "/schreibtisch/stammdaten/protokoll/"
WHY = "Eine Person fragt, wer ihre Notizen gelesen hat."


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


@pytest.fixture
def colleague(office):
    return make_member(office, "counsels", name="Berta Beratung")


@pytest.fixture
def enquiry(office, colleague):
    now = timezone.now()
    with acting_for(office):
        row = log.open_enquiry(log.log_contact(by=colleague, at=now), by=colleague, at=now, person=KARLA)
        threads.write_note(row, "Kanariennotiz", by=colleague, at=now)
        reading.notes(row, by=colleague, at=now)
        log.log_contact(by=colleague, at=now)
    return row


@pytest.fixture
def dpo(at_the_desk):
    Post.objects.update(given_at=timezone.now() - timedelta(days=30))
    browser, member = at_the_desk("dpo", name="Doris Datenschutz")
    be_fresh(browser)
    return browser, member


@pytest.fixture
def head(at_the_desk):
    browser, member = at_the_desk("leads", name="Lea Leitung")
    Post.objects.update(given_at=timezone.now() - timedelta(days=30))
    be_fresh(browser)
    return browser, member


def ask(browser, **more):
    today = timezone.localdate()
    return browser.post(PAGE + "veranlassen/", {"reason": WHY, "first": today, "last": today, **more})


@pytest.fixture
def opened(enquiry, dpo, head):
    ask(dpo[0])
    number = DelicateStep.unscoped.get().pk
    head[0].post(f"{PAGE}{number}/bestaetigen/")
    dpo[0].post(f"{PAGE}{number}/oeffnen/")
    return f"{PAGE}{number}/"


def test_from_the_reason_to_the_table(enquiry, dpo, head):
    browser, second = dpo[0], head[0]
    assert PAGE in text_of(browser.get("/schreibtisch/stammdaten/"))
    assert ask(browser).status_code == 302
    number = DelicateStep.unscoped.get().pk
    waiting = words(browser.get(PAGE))
    assert "Wartet auf eine zweite Person" in waiting
    assert "Prüfen und bestätigen" not in waiting
    assert browser.get(f"{PAGE}{number}/").status_code == 409, "before it is confirmed it shows nothing"

    assert "Prüfen und bestätigen" in words(second.get(PAGE))
    assert WHY in words(second.get(f"{PAGE}{number}/bestaetigen/"))
    second.post(f"{PAGE}{number}/bestaetigen/")
    assert "Lea Leitung" in words(browser.get(f"{PAGE}{number}/oeffnen/"))
    table = browser.post(f"{PAGE}{number}/oeffnen/", follow=True)
    shown = words(table)
    assert "Berta Beratung" in shown
    assert "Notizen gelesen" in shown
    assert "Die Kette ist lückenlos" in shown


def test_the_table_never_says_of_whom(opened, dpo, enquiry):
    shown = text_of(dpo[0].get(opened))
    for canary in ("Karla", "Kanarien", "23125 778", "karla.kanarie", str(enquiry.pk), enquiry.number):
        assert canary not in shown


def test_it_can_be_narrowed_and_a_number_that_is_none_says_so(opened, dpo, enquiry, colleague):
    browser, _ = dpo
    whole = text_of(browser.get(opened)).count("<tr>")
    of_one = text_of(browser.get(opened, {"anfrage": enquiry.number.lower()})).count("<tr>")
    assert 3 < of_one < whole
    assert "Veranlasst" in words(browser.get(opened, {"wer": str(colleague.pk)}))
    assert "gibt es hier nicht" in words(browser.get(opened, {"anfrage": "AAA-AAA"}))
    assert "gibt es hier nicht" in words(browser.get(opened, {"anfrage": "' OR 1=1 <script>" * 20}))


def test_every_look_is_in_it(opened, dpo):
    before = TrailEntry.objects.filter(action="trail.read").count()
    dpo[0].get(opened)
    assert TrailEntry.objects.filter(action="trail.read", actor=str(dpo[1].pk)).count() == before + 1


def test_after_a_day_the_page_says_that_it_is_closed(opened, dpo):
    DelicateStep.unscoped.update(done_at=timezone.now() - trail_opening.OPEN_FOR)
    answer = dpo[0].get(opened)
    assert answer.status_code == 409
    assert "schließt sich nach 24 Stunden" in words(answer)
    assert "Berta Beratung" not in words(answer)


def test_a_chain_that_was_touched_is_said_first(opened, dpo, monkeypatch):
    real = trail._mac
    monkeypatch.setattr(trail, "_mac", lambda entry: "0" * 64 if entry.number == 2 else real(entry))
    assert "bei Zeile 2 unterbrochen" in words(dpo[0].get(opened))


@pytest.mark.parametrize(
    "more",
    [{"reason": "weil"}, {"first": "gestern und morgen"}, {"last": "2099-01-01"}, {"first": "2020-01-01"}],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(dpo, more):
    answer = ask(dpo[0], **more)
    assert answer.status_code == 409
    assert 'role="alert"' in text_of(answer)
    assert more.get("reason", WHY) in text_of(answer)
    assert not DelicateStep.unscoped.exists()


def test_who_leads_refuses_and_it_stays_closed(enquiry, dpo, head):
    ask(dpo[0])
    number = DelicateStep.unscoped.get().pk
    head[0].post(f"{PAGE}{number}/zuruecknehmen/")
    head[0].post(f"{PAGE}{number}/bestaetigen/")
    dpo[0].post(f"{PAGE}{number}/oeffnen/")
    assert DelicateStep.unscoped.get().done_at is None
    assert "nichts wartet" in words(head[0].get(PAGE))


def test_an_opening_that_is_none_looks_like_a_page_that_is_none(dpo):
    for step in ("", "bestaetigen/", "oeffnen/", "zuruecknehmen/"):
        assert dpo[0].post(f"{PAGE}{uuid.uuid4()}/{step}").status_code == 404


def test_steps_about_people_stand_there_in_words():
    """A step put into code and not into words would read like a machine to whoever looks for it."""
    source = Path(trail_words.__file__).parents[1]
    written = {
        step
        for app in ("enquiries", "relay", "organisation", "mailroom")
        for path in (source / app).rglob("*.py")
        for step in re.findall(
            r"(?:traced|_told|_tell|_moved|_ended)\([^()]*?\"([a-z-]+\.[a-z_-]+)\"", path.read_text("utf-8")
        )
    }
    assert "enquiry.notes-read" in written
    assert written - set(trail_words.WORDS) == set()
