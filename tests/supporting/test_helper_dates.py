"""A helper sees one date and place, and nothing of the topic or the people."""

from datetime import date, time, timedelta

import pytest
from django.test import Client

from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.support import helper_dates, log
from kontaktstelle.support.log import Facts
from kontaktstelle.support.models import SupportKind
from support.desk import AT
from support.people import make_group
from support.visiting import forget, text_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


@pytest.fixture
def now(monkeypatch):
    from django.utils import timezone

    forget()
    monkeypatch.setattr(timezone, "now", lambda: AT)


def page_of(made):
    return Client().get(f"/termin/{helper_dates.token(made)}/")


def told(office, by, **fields):
    with acting_for(office):
        group = make_group(
            office,
            "Gruppe Mittwochskreis, Beispiel",
            ["anxiety-panic"],
            description="Kanarienkrankheit",
            **fields,
        )
        log.note(group, Facts(SupportKind.CONFLICT, TODAY, note="Kanariennotiz"), by=by, at=AT)
        return helper_dates.tell(group, TODAY, "Kanarienhaus, Raum 2", begins=time(18, 30), by=by, at=AT)


def test_the_link_shows_date_and_place_and_nothing_else_of_the_group(office, counsellor, now):
    answer = page_of(told(office, counsellor))
    text = text_of(answer)
    assert answer.status_code == 200
    assert "Di, 10. März 2026, 18:30 Uhr" in text
    assert "Kanarienhaus, Raum 2" in text
    assert "Gruppe Mittwochskreis" in text
    for hidden in ("Kanarienkrankheit", "Kanariennotiz", "Angst", "Panik", "Konflikt"):
        assert hidden not in text
    assert not answer.cookies


def test_a_group_not_in_the_directory_is_not_named(office, counsellor, now):
    text = text_of(page_of(told(office, counsellor, listed=False)))
    assert "Kanarienhaus" in text
    assert "Mittwochskreis" not in text


def test_of_a_protected_group_the_link_says_only_that_one_calls(office, counsellor, now):
    text = text_of(page_of(told(office, counsellor, protected=True)))
    assert "Bitte rufen Sie uns an" in text
    for hidden in ("Kanarienhaus", "Mittwochskreis", "10. März", "18:30"):
        assert hidden not in text


def test_the_link_ends_with_the_day_and_when_it_is_withdrawn(office, counsellor, monkeypatch):
    from django.utils import timezone

    forget()
    made = told(office, counsellor)
    monkeypatch.setattr(timezone, "now", lambda: AT)
    assert page_of(made).status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: AT + timedelta(1))
    assert page_of(made).status_code == 410
    monkeypatch.setattr(timezone, "now", lambda: AT)
    with acting_for(office):
        helper_dates.withdraw(made, by=counsellor, at=AT)
    answer = page_of(made)
    assert answer.status_code == 410
    assert "Kanarienhaus" not in text_of(answer)


def test_a_forged_link_looks_like_one_that_is_over(office, now):
    assert Client().get("/termin/gibt-es-nicht/").status_code == 410


def test_a_link_made_for_something_else_opens_no_date(office, counsellor, now):
    from kontaktstelle.enquiries import links

    made = told(office, counsellor)
    other = links.made("meeting-invitation", made.pk, contact_point=office.pk, until=made.on)
    assert Client().get(f"/termin/{other}/").status_code == 410


@pytest.mark.parametrize(
    ("on", "place", "refusal"),
    [
        (None, "Haus", helper_dates.DateUnfit),
        (TODAY - timedelta(1), "Haus", helper_dates.DateUnfit),
        (TODAY + timedelta(300), "Haus", helper_dates.DateUnfit),
        (TODAY, " ", helper_dates.PlaceMissing),
    ],
)
def test_a_date_that_helps_nobody_is_refused(here, counsellor, on, place, refusal):
    with pytest.raises(refusal):
        helper_dates.tell(make_group(here), on, place, by=counsellor, at=AT)
