"""A way back to a person: sealed, opened only by its own office, gone when erased."""

from datetime import date

import pytest
from django.db import connection

from kontaktstelle.organisation.tenancy import TenantNotSet, across_offices, acting_for
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of, forget_party, register_party

pytestmark = pytest.mark.django_db
KARLA = Address("Karla Kanarienvogel", "030 23125 778", "karla@example.org", "Beispielallee 3", "nur abends")
A_DAY = date(2026, 3, 10)


def test_what_was_registered_is_opened_again_by_its_own_office(office):
    number = register_party(KARLA, contact_point=office.pk, on=A_DAY)

    with acting_for(office):
        assert address_of(number) == KARLA


def test_another_office_an_unknown_number_and_an_erased_person_look_alike(office, office_elsewhere):
    number = register_party(KARLA, contact_point=office.pk, on=A_DAY)
    with acting_for(office_elsewhere), pytest.raises(Party.DoesNotExist):
        address_of(number)
    with acting_for(office):
        forget_party(number)
        with pytest.raises(Party.DoesNotExist):
            address_of(number)


def test_without_an_office_nothing_opens_and_nothing_is_erased(office):
    number = register_party(KARLA, contact_point=office.pk, on=A_DAY)
    for step in (address_of, forget_party):
        with pytest.raises(TenantNotSet):
            step(number)
    assert Party.unscoped.filter(pk=number).exists()


def test_another_office_cannot_erase(office, office_elsewhere):
    number = register_party(KARLA, contact_point=office.pk, on=A_DAY)
    with acting_for(office_elsewhere):
        forget_party(number)
    with acting_for(office):
        assert address_of(number) == KARLA


def test_no_word_of_a_person_lies_in_the_database_in_clear(office):
    register_party(KARLA, contact_point=office.pk, on=A_DAY)
    with across_offices(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM relay_party")
        stored = b" ".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for row in cursor.fetchall()
            for value in row
        )

    assert b"cp" in stored
    for word in (b"Karla", b"Kanarien", b"23125", b"karla@", b"Beispielallee", b"abends"):
        assert word not in stored


def test_what_is_not_known_is_not_stored_as_an_empty_secret(office):
    number = register_party(Address(phone="030 23125 778"), contact_point=office.pk, on=A_DAY)
    with acting_for(office):
        party = Party.objects.get(pk=number)
        assert party.name_sealed is party.email_sealed is None
        assert address_of(number) == Address(phone="030 23125 778")


def test_a_person_shows_as_a_number_wherever_somebody_prints_them(office):
    number = register_party(KARLA, contact_point=office.pk, on=A_DAY)
    party = Party.unscoped.get(pk=number)

    assert str(party) == str(number)
    assert "Karla" not in repr(party)


@pytest.mark.parametrize(
    ("address", "empty"), [(Address(), True), (Address("", None, ""), True), (Address(note="x"), False)]
)
def test_an_address_knows_whether_anything_is_known(address, empty):
    assert address.is_empty() == empty
