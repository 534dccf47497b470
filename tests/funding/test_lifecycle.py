"""Every move between statuses: allowed, or refused with a German sentence, and nothing moved."""

from itertools import product

import pytest

from kontaktstelle.funding import lifecycle
from kontaktstelle.funding.lifecycle import ApplicationStatus, TellingStatus
from kontaktstelle.groups import lifecycle as groups
from kontaktstelle.groups.lifecycle import YearlyStatus

# Written out by hand: a mistake in a table must not excuse itself.
ALLOWED = {
    ApplicationStatus: {
        "informed": "wants declined submitted", "wants": "declined submitted", "declined": "wants submitted",
        "submitted": "more-wanted granted refused", "more-wanted": "submitted granted refused",
        "granted": "proof-due proof-submitted", "refused": "", "proof-due": "proof-submitted",
        "proof-submitted": "proof-due repayment settled", "repayment": "settled", "settled": "",
    },
    TellingStatus: {
        "on-its-way": "told failed stopped", "to-call": "told not-reached stopped", "told": "failed", "failed": "",
        "not-reached": "told", "stopped": "",
    },
    YearlyStatus: {
        "asking": "confirmed to-decide ended", "to-decide": "confirmed left taken-out ended",
        "confirmed": "", "left": "", "taken-out": "", "ended": "",
    },
}  # fmt: skip
TABLES = {
    ApplicationStatus: lifecycle.APPLICATION_STEPS, TellingStatus: lifecycle.TELLING_STEPS, YearlyStatus: groups.YEARLY_STEPS,
}  # fmt: skip
PAIRS = [(kind, now, to) for kind in TABLES for now, to in product(kind, kind)]


def check(kind, now, to):
    if kind is YearlyStatus:
        groups.check_yearly_step(now, to)
    else:
        lifecycle.check_step(TABLES[kind], now, to)


@pytest.mark.parametrize(("kind", "now", "to"), PAIRS)
def test_the_table_is_the_field_s_own(kind, now, to):
    assert (to in TABLES[kind][now]) == (to.value in ALLOWED[kind][now.value].split())


@pytest.mark.parametrize(
    ("kind", "now", "to"),
    [each for each in PAIRS if each[2].value not in ALLOWED[each[0]][each[1].value].split()],
)
def test_a_move_that_makes_no_sense_is_refused_in_words(kind, now, to):
    refusal = groups.WrongStage if kind is YearlyStatus else lifecycle.WrongStatus
    with pytest.raises(refusal) as refused:
        check(kind, now, to)
    assert refused.value.sentence == f"Von „{now.label}“ führt kein Schritt zu „{to.label}“."
