from datetime import UTC, datetime, time

import pytest

from kontaktstelle.funding import programmes
from kontaktstelle.funding.models import FundingRound, Programme
from kontaktstelle.organisation.tenancy import acting_for
from support.people import A_MOMENT, make_member


@pytest.fixture(autouse=True)
def post_stays_here(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.SMTP_URL = settings.SMTP_CA = settings.MAIL_FROM = settings.PUBLIC_ADDRESS = ""


@pytest.fixture
def counsellor(office):
    return make_member(office, "counsels", second_factor=False)


@pytest.fixture
def make_round(office, counsellor):
    """A programme of the Land with one deadline, checked unless told otherwise."""

    def made(due_on, *, checked=True, year=None, at=A_MOMENT, **fields):
        rounds = {name: fields.pop(name) for name in ("purpose", "delivery", "is_final") if name in fields}
        number = Programme.objects.count()
        values = {
            "key": f"p-{number}",
            "name": f"Programm {number}",
            "kind": "gkv-flat",
            "land": "NW",
            "source": "Beispiel",
        }
        programme = Programme.objects.create(**(values | fields))
        with acting_for(office):
            made = programmes.add_round(
                programme, {"year": year or due_on.year, "due_on": due_on, "source": "Beispiel", **rounds},
                by=counsellor, at=at,
            )  # fmt: skip
            if checked:
                programmes.check_round(made.pk, by=counsellor, at=at, has_no_date=due_on is None)
        return FundingRound.objects.get(pk=made.pk)

    return made


def morning(day):
    """Two o'clock at night is when the nightly work runs."""
    return datetime.combine(day, time(1), UTC)
