"""What is sealed stays sealed: on disk, moved, changed, with the wrong key."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from kontaktstelle.organisation.tenancy import across_offices, acting_for
from kontaktstelle.privacy import fields, keys
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of, register_party

MARCH = date(2026, 3, 10)
BOUND = "relay.party/phone/1"
CANARY = "030 23125 777 Kanarienvogel"


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=400))
def test_every_text_comes_back_as_it_was(text):
    sealed = fields.seal(text, contact_point=3, bound_to=BOUND, on=MARCH)
    assert fields.unseal(sealed, contact_point=3, bound_to=BOUND) == text


def test_a_value_moved_to_another_row_field_or_office_does_not_open():
    sealed = fields.seal(CANARY, contact_point=3, bound_to=BOUND, on=MARCH)
    for contact_point, bound_to in ((3, "relay.party/phone/2"), (3, "relay.party/email/1"), (4, BOUND)):
        with pytest.raises(fields.SealBroken):
            fields.unseal(sealed, contact_point=contact_point, bound_to=bound_to)


def test_no_flipped_bit_goes_unnoticed():
    sealed = fields.seal(CANARY, contact_point=3, bound_to=BOUND, on=MARCH)
    for position in range(len(sealed)):
        for bit in range(8):
            broken = bytearray(sealed)
            broken[position] ^= 1 << bit
            with pytest.raises((fields.SealBroken, keys.KeyUnavailable)):
                fields.unseal(bytes(broken), contact_point=3, bound_to=BOUND)


def test_without_its_month_key_a_value_is_lost_for_good_and_never_empty(settings):
    sealed = fields.seal(CANARY, contact_point=901, bound_to=BOUND, on=date(2025, 7, 1))
    key = settings.KEYS_DIR / "data" / "cp901" / "2025-07.key"
    assert key.exists()
    key.unlink()
    keys.forget_cached()
    with pytest.raises(keys.KeyUnavailable):
        fields.unseal(sealed, contact_point=901, bound_to=BOUND)


def test_a_wrong_main_key_opens_nothing(settings, tmp_path):
    sealed = fields.seal(CANARY, contact_point=902, bound_to=BOUND, on=MARCH)
    kek = settings.KEYS_DIR / "kek"
    original = kek.read_bytes()
    kek.chmod(0o600)
    try:
        kek.write_bytes(bytes(32))
        keys.forget_cached()
        with pytest.raises(keys.KeyUnavailable):
            fields.unseal(sealed, contact_point=902, bound_to=BOUND)
    finally:
        kek.write_bytes(original)
        kek.chmod(0o400)
        keys.forget_cached()


def test_two_offices_and_two_months_have_keys_of_their_own():
    ids = {
        fields.seal("x", contact_point=point, bound_to=BOUND, on=on)[2:].split(b"/")[0]
        for point in (3, 4)
        for on in (MARCH, date(2026, 4, 1))
    }
    assert (
        len({keys.data_key(keys.key_id(point, on)) for point in (3, 4) for on in (MARCH, date(2026, 4, 1))})
        == 4
    )
    assert len(ids) == 2


def test_a_contact_persons_number_is_readable_by_the_office_and_nowhere_in_the_database(office):
    number = register_party(Address(name="Erika Beispiel", phone=CANARY), contact_point=office.pk, on=MARCH)
    with acting_for(office):
        assert address_of(number).phone == CANARY
    table = Party._meta.db_table
    with across_offices(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        row = cursor.fetchone()
    stored = b"|".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row
    )
    assert CANARY.encode() not in stored
    assert b"Erika" not in stored


def test_another_office_finds_no_such_party(office, office_elsewhere):
    number = register_party(Address(phone=CANARY), contact_point=office.pk, on=MARCH)
    with acting_for(office_elsewhere), pytest.raises(Party.DoesNotExist):
        address_of(number)
