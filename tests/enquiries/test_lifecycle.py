"""Every move between statuses: allowed, or refused with a German sentence, and nothing moved."""

from itertools import product

import pytest

from kontaktstelle.enquiries import lifecycle
from kontaktstelle.enquiries.lifecycle import CallBackStatus, EnquiryStatus, ReferralStatus, WrongStatus

# Written out by hand: a mistake in a table must not excuse itself.
ALLOWED = {
    EnquiryStatus: {
        "new": "open waiting closed", "open": "waiting closed", "waiting": "open closed", "closed": "open",
    },
    ReferralStatus: {
        "draft": "told consented withdrawn ended", "told": "outcome withdrawn", "consented": "asked withdrawn ended",
        "asked": "accepted declined withdrawn ended", "accepted": "in-contact declined withdrawn ended", "in-contact": "outcome withdrawn",
        "declined": "", "outcome": "", "withdrawn": "", "ended": "",
    },
    CallBackStatus: {"promised": "done given-up", "given-up": "promised done", "done": "promised"},
}  # fmt: skip
TABLES = {
    EnquiryStatus: lifecycle.ENQUIRY_STEPS, ReferralStatus: lifecycle.REFERRAL_STEPS, CallBackStatus: lifecycle.CALL_BACK_STEPS,
}  # fmt: skip
PAIRS = [(kind, now, to) for kind in TABLES for now, to in product(kind, kind)]


@pytest.mark.parametrize(("kind", "now", "to"), PAIRS)
def test_the_table_is_the_field_s_own(kind, now, to):
    assert (to in TABLES[kind][now]) == (to.value in ALLOWED[kind][now.value].split())


@pytest.mark.parametrize(
    ("kind", "now", "to"),
    [each for each in PAIRS if each[2].value not in ALLOWED[each[0]][each[1].value].split()],
)
def test_a_move_that_makes_no_sense_is_refused_in_words(kind, now, to):
    with pytest.raises(WrongStatus) as refused:
        lifecycle.check_step(TABLES[kind], now, to)
    assert refused.value.sentence == f"Von „{now.label}“ führt kein Schritt zu „{to.label}“."
