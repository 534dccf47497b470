"""A double click on any step: the same form gives the same row, one line in the trail, however close the clicks are."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from kontaktstelle.enquiries import arrangements, call_backs, clearing, hand_over, log, referral, threads
from kontaktstelle.enquiries.lifecycle import WrongStatus
from kontaktstelle.enquiries.models import CallBack, Contact, Enquiry, Referral
from kontaktstelle.privacy.models import TrailEntry
from support.desk import AT, KARLA, make_contact, make_enquiry


def steps(office, by, group):
    """Return every step of a form with what it is taken on, in an order in which each is possible."""
    contact, enquiry = make_contact(office, by), make_enquiry(office, by, person=KARLA)
    call_back = call_backs.promise(CallBack.Kind.CALL, KARLA, by=by, at=AT)
    row = referral.draft(enquiry, to=group, route=Referral.Route.CALL_BACK, by=by, at=AT)
    yield log.recode, [contact, {"who": "press"}], {}
    yield log.date_back, [contact, date(2026, 3, 2)], {}
    yield log.only_count, [contact], {}
    yield clearing.crisis, [contact], {}
    yield call_backs.attempt, [call_back, "nobody"], {}
    yield call_backs.give_up, [call_back], {}
    yield call_backs.promise_again, [call_back], {"due_on": date(2026, 3, 12)}
    yield call_backs.done, [call_back], {}
    yield arrangements.agree, [group, {"how": "mail"}], {}
    yield referral.consent, [row], {"text_version": "1", "how": "form"}
    yield referral.ask, [row], {}
    yield referral.accept, [row], {}
    yield referral.confirm_contact, [row], {}
    yield referral.outcome, [row, "visited"], {}
    yield threads.wait_for, [enquiry, Enquiry.WaitsFor.PERSON], {"until": date(2026, 3, 12)}
    yield threads.cover, [enquiry, by], {}
    yield clearing.record, [enquiry, ["fits"]], {}
    yield threads.close, [enquiry], {}
    yield threads.take_up, [enquiry], {}
    yield hand_over.leave_note, ["Bitte Tür abschließen"], {}
    yield hand_over.go_away, [], {"staff": by, "until": date(2026, 3, 12)}


@pytest.mark.django_db
def test_a_double_click_on_any_step_takes_it_once(here, counsellor, group):
    for step, on, how in steps(here, counsellor, group):
        key = uuid4()
        first = step(*on, **how, by=counsellor, at=AT, form_key=key)
        lines = TrailEntry.objects.count()
        second = step(*on, **how, by=counsellor, at=AT, form_key=key)
        assert second.pk == first.pk, step
        assert TrailEntry.objects.count() == lines, step


@pytest.mark.django_db
def test_without_its_key_a_second_try_is_told_what_stands(here, counsellor):
    row = call_backs.promise(CallBack.Kind.CALL, KARLA, by=counsellor, at=AT)
    call_backs.done(row, by=counsellor, at=AT, form_key=uuid4())
    with pytest.raises(WrongStatus):
        call_backs.done(row, by=counsellor, at=AT, form_key=uuid4())


@pytest.mark.django_db
def test_a_colleague_s_form_is_hers_even_with_the_same_key(here, counsellor, colleague):
    key = uuid4()
    mine = log.log_contact(by=counsellor, at=AT, form_key=key)
    assert log.log_contact(by=colleague, at=AT, form_key=key).pk != mine.pk


@pytest.mark.django_db
def test_a_second_click_on_undo_does_nothing(here, counsellor):
    contact = make_contact(here, counsellor)
    for _ in range(2):
        log.undo(contact, by=counsellor, at=AT)
    assert not Contact.objects.exists()


def fresh_database(url):
    """Return the address of a new empty database on the same server."""
    import psycopg

    name, host = f"clicks_{uuid4().hex[:8]}", url.split("host=")[1]
    with psycopg.connect(host=host, user="kontaktstelle", dbname="kontaktstelle", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return f"postgres://kontaktstelle@/{name}?host={host}"


def test_ten_clicks_at_the_same_moment_count_once(tmp_path):
    """In an installation of its own, with ten connections: the database decides, not luck."""
    environment = {name: value for name, value in os.environ.items() if name != "KONTAKTSTELLE_DATABASE_URL"}
    environment |= {
        "KONTAKTSTELLE_DATA": str(tmp_path / "data"),
        "KONTAKTSTELLE_KEYS": str(tmp_path / "keys"),
    }
    environment["PYTHONPATH"] = os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])
    if url := os.environ.get("KONTAKTSTELLE_DATABASE_URL"):
        environment["KONTAKTSTELLE_DATABASE_URL"] = fresh_database(url)
    (tmp_path / "data").mkdir()
    said = subprocess.run(
        [sys.executable, "-m", "support.ten_clicks"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-2000:]
    clicks = json.loads(said.stdout)

    assert clicks == {"answers": 10, "different": 1, "contacts": 1, "lines": 1}
