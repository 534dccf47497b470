import pytest

from kontaktstelle.organisation.tenancy import acting_for
from support.desk import make_staff


@pytest.fixture
def counsellor(office):
    return make_staff(office)


@pytest.fixture
def lead(office):
    """Who leads and does not counsel."""
    return make_staff(office, "leitung", roles=("leads",))


@pytest.fixture
def reception(office):
    return make_staff(office, "empfang", roles=("reception",))


@pytest.fixture
def counsellor_elsewhere(office_elsewhere):
    return make_staff(office_elsewhere)


@pytest.fixture
def here(office):
    """Act for the office for the whole test."""
    with acting_for(office):
        yield office
