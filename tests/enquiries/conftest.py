import pytest

from kontaktstelle.organisation.tenancy import acting_for
from support.desk import make_staff
from support.people import make_group


@pytest.fixture
def counsellor(office):
    return make_staff(office)


@pytest.fixture
def colleague(office):
    return make_staff(office, "kollegin")


@pytest.fixture
def counsellor_elsewhere(office_elsewhere):
    return make_staff(office_elsewhere)


@pytest.fixture
def here(office):
    """Act for the office for the whole test."""
    with acting_for(office):
        yield office


@pytest.fixture
def group(office):
    return make_group(office)


@pytest.fixture
def group_elsewhere(office_elsewhere):
    return make_group(office_elsewhere, "Gruppe Trauer, Beispiel", ["grief"])
