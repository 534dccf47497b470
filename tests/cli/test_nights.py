"""`nightly`: what goes tomorrow is said beforehand, in numbers only; a part that fails ends nothing else."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from kontaktstelle.organisation.models import Traeger
from kontaktstelle.privacy import retention
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, register_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_days(office):
    """Two people: one goes today, one tomorrow."""
    today = timezone.localdate()
    for days in (0, 1):
        register_party(
            Address("Karla Kanarienvogel"),
            contact_point=office.pk,
            on=today,
            erase_on=today + timedelta(days=days),
        )


@pytest.mark.usefixtures("two_days")
def test_the_preview_counts_and_takes_nothing(run):
    told = run("nightly", "--preview")
    assert "2 × Name und Wege zu einer Person, versiegelt: wird gelöscht" in told.out
    assert "Karla" not in told.out
    (found,) = run("nightly", "--preview", "--json").values
    assert found["rows"] == [
        {
            "model": "relay.party",
            "what": "Name und Wege zu einer Person, versiegelt",
            "count": 2,
            "then": "erase",
        }
    ]
    assert Party.unscoped.count() == 2


@pytest.mark.usefixtures("two_days")
def test_by_hand_it_takes_what_is_due_today(run):
    told = run("nightly")
    assert told.status == 0
    assert "1 × Name und Wege" in told.out
    assert Party.unscoped.count() == 1
    assert run("nightly").out == "Es war nichts fällig.\n"
    (found,) = run("nightly", "--json").values
    assert found == {"rows": [], "failed": []}


@pytest.mark.usefixtures("office")
def test_a_rule_that_is_stuck_is_named_and_ends_with_another_status(run, monkeypatch):
    def fails(rows, *, at):
        raise ZeroDivisionError

    broken = retention.Rule(
        Traeger,
        retention.Then.ERASE,
        what="x",
        ground="x",
        since="x",
        period=retention.Period(0),
        due=lambda _: Q(),
        act=fails,
    )
    monkeypatch.setattr(retention, "_RULES", [broken])
    told = run("nightly")
    assert told.status == 1
    assert "Nicht gelungen: Löschfrist bei organisation.traeger. Alles andere ist getan." in told.out
