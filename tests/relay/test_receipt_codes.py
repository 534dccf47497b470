"""The code a seeker copies down: readable, checked, nowhere stored, not to be guessed."""

import secrets
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import keys
from kontaktstelle.relay import receipt_codes, slow_hash, throttle
from kontaktstelle.relay.models import ReceiptCode
from support.desk import make_enquiry, make_staff
from support.people import A_MOMENT

TODAY = date(2026, 3, 10)
SIGNS = receipt_codes.SIGNS


@pytest.fixture
def matter(office):
    """Return a maker of enquiries: a code opens one of its own office."""
    staff = make_staff(office)
    return lambda: make_enquiry(office, staff).pk


def a_code():
    return receipt_codes.code_for(secrets.token_bytes(32))


@given(st.binary(min_size=16, max_size=80))
def test_a_code_is_read_back_however_it_is_written(seed):
    code = receipt_codes.code_for(seed)
    bare = code.replace("-", "")
    assert len(bare) == 20
    for written in (
        code,
        code.lower(),
        bare,
        code.replace("-", " – "),
        f"  {code}\n",
        code.replace("-", "\u2011"),
    ):
        assert receipt_codes.plain(written) == bare


@given(st.binary(min_size=16, max_size=16), st.integers(0, 19), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_noticed(seed, place, sign):
    bare = receipt_codes.plain(receipt_codes.code_for(seed))
    wrong = bare[:place] + sign + bare[place + 1 :]
    assert (receipt_codes.plain(wrong) == wrong) == (wrong == bare)


@given(st.binary(min_size=16, max_size=16), st.integers(0, 17))
def test_two_signs_that_changed_places_are_noticed(seed, place):
    bare = receipt_codes.plain(receipt_codes.code_for(seed))
    wrong = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
    assert wrong == bare or receipt_codes.plain(wrong) == ""


@given(st.text(max_size=60))
def test_anything_typed_is_a_code_or_nothing(typed):
    assert receipt_codes.plain(typed) == "" or len(receipt_codes.plain(typed)) == 20


def test_a_code_carries_more_than_eighty_bits():
    assert len(SIGNS) ** receipt_codes.CARRYING > 2**80


@pytest.mark.django_db
def test_the_code_stands_nowhere_and_one_check_finds_it(office, matter):
    code, about = a_code(), matter()
    receipt_codes.keep(code, about=about, contact_point=office.pk, on=TODAY)
    with acting_for(office):
        row = ReceiptCode.objects.get()
    stored = f"{row.lookup} {row.proof}"
    bare = receipt_codes.plain(code)
    assert not any(bare[start : start + 5] in stored.upper() for start in range(15))
    assert receipt_codes.look_up(code, on=TODAY) == receipt_codes.Opened(office.pk, about)
    assert receipt_codes.look_up(code, on=TODAY + timedelta(days=receipt_codes.LASTS_DAYS + 1)) is None


@pytest.mark.django_db
def test_right_wrong_and_unknown_codes_cost_one_slow_hash_each(office, matter, monkeypatch):
    code = a_code()
    receipt_codes.keep(code, about=matter(), contact_point=office.pk, on=TODAY)
    counted = []
    slow = slow_hash._stretched
    monkeypatch.setattr(slow_hash, "_stretched", lambda *given: counted.append(1) or slow(*given))
    bare = receipt_codes.plain(code)
    for typed in (code, a_code(), "", "kein Code", bare[:8] + a_code().replace("-", "")[8:]):
        counted.clear()
        receipt_codes.look_up(typed, on=TODAY)
        assert len(counted) == 1, typed


@pytest.mark.django_db
def test_a_hundred_thousand_guesses_open_nothing(office, matter, monkeypatch):
    """With a fast stub of the slow hash and of the query: what is tested is the chance, not the patience."""
    monkeypatch.setattr(slow_hash, "_stretched", lambda secret, _: secret.encode().ljust(32, b"0")[:32])
    known = [a_code() for _ in range(50)]
    for code in known:
        receipt_codes.keep(code, about=matter(), contact_point=office.pk, on=TODAY)
    with acting_for(office):
        rows = {row.lookup: row for row in ReceiptCode.objects.all()}
    monkeypatch.setattr(receipt_codes, "_row", rows.get)
    purposes = {}
    of_purpose = keys.purpose_key
    monkeypatch.setattr(
        keys, "purpose_key", lambda purpose: purposes.setdefault(purpose, of_purpose(purpose))
    )
    assert all(receipt_codes.look_up(code, on=TODAY) for code in known)
    chance = Random(5)  # noqa: S311 - the same guesses every time
    for tried in range(100_000):
        # Half at random, half two signs from a real one, all with a right check digit: more than a guesser could know.
        body = [chance.choice(SIGNS) for _ in range(19)]
        if tried % 2:
            body = list(receipt_codes.plain(known[tried % 50])[:19])
            for place in chance.sample(range(19), 2):
                body[place] = SIGNS[(SIGNS.index(body[place]) + chance.randrange(1, 31)) % 31]
        guess = "".join(body)
        assert receipt_codes.look_up(guess + receipt_codes._check_sign(guess), on=TODAY) is None


def test_counts_are_per_part_of_the_net_and_hold_no_address():
    throttle.forget()
    for _ in range(throttle.MOST_WRONG):
        throttle.was_wrong("203.0.113.77", at=A_MOMENT)
    assert not throttle.may_try("203.0.113.5", at=A_MOMENT), "the same part of the net"
    assert throttle.may_try("203.0.114.5", at=A_MOMENT)
    assert throttle.may_try("203.0.113.5", at=A_MOMENT + timedelta(minutes=16))
    assert "203" not in repr(throttle._wrong)
    for _ in range(throttle.MOST_WRONG):
        throttle.was_wrong("2001:db8:1:2::7", at=A_MOMENT)
    assert not throttle.may_try("2001:db8:1:99::1", at=A_MOMENT)
    assert throttle.may_try("2001:db8:2::1", at=A_MOMENT)
    assert throttle.may_try("203.0.113.5", at=A_MOMENT + timedelta(days=1)), "the key of yesterday is gone"
    throttle.forget()


def test_nonsense_instead_of_an_address_is_counted_together():
    throttle.forget()
    for number in range(throttle.MOST_WRONG):
        throttle.was_wrong(f"kein Netz {number}", at=A_MOMENT)
    assert not throttle.may_try("", at=A_MOMENT)
    throttle.forget()
