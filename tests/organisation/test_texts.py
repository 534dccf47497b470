"""An office's own words: decided, versioned, never changed behind the back of whoever agreed to them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kontaktstelle.organisation import texts
from kontaktstelle.organisation.earlier import ChangedMeanwhile
from kontaktstelle.organisation.models import OfficeText
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.people import A_DAY, A_MOMENT, make_member, make_office

pytestmark = pytest.mark.django_db
OWN = "Rufen Sie 112.\nDann Frau Kanarienvogel, 030 23125 778."
SPOKEN = "Wir geben Ihre Nummer an die Gruppe. Sie können das jederzeit widerrufen. Einverstanden?"


@pytest.fixture
def leads(office):
    member = make_member(office, "leads")
    with acting_for(office):
        yield member


def decide(by, text=OWN, key="crisis", **how):
    told = {
        "decided_on": A_DAY,
        "decided_by": "Teambesprechung",
        "seen": None,
        "by": by,
        "at": A_MOMENT,
    } | how
    return texts.decide(key, text, **told)


def test_until_an_office_decides_the_draft_stands_and_is_marked(leads):
    steps, row = texts.crisis_steps()

    assert row is None
    assert any("112" in step for step in steps)
    assert any("Schweigepflicht" in step for step in steps), "who decides about breaking secrecy is not said"


def test_what_was_decided_stands_with_who_and_when(leads):
    decide(leads)
    steps, row = texts.crisis_steps()

    assert steps == OWN.splitlines()
    assert (row.decided_on, row.decided_by) == (A_DAY, "Teambesprechung")


def test_a_new_version_leaves_the_old_one_as_it_was(leads):
    first = decide(leads, SPOKEN, "consent-call-back")
    decide(leads, SPOKEN + " Ja?", "consent-call-back")

    assert OfficeText.objects.get(pk=first.pk).text == SPOKEN
    assert [row.number for row in texts.versions("consent-call-back")] == [2, 1]


def test_going_back_is_a_version_too_and_nothing_is_lost(leads):
    decide(leads, OWN)
    decide(leads, "Nur 112.")
    texts.go_back("crisis", 1, seen=2, by=leads, at=A_MOMENT)
    assert texts.current_text("crisis").text == OWN
    texts.go_back("crisis", 0, seen=3, by=leads, at=A_MOMENT)

    assert texts.current_text("crisis") is None
    assert [row.text for row in texts.versions("crisis")] == [None, OWN, "Nur 112.", OWN]


def test_the_words_lie_sealed(leads):
    decide(leads)

    assert b"Kanarien" not in bytes(OfficeText.objects.get().text_sealed)


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("crisis", "Holen Sie jemanden.", "112"),
        ("crisis", "  \n ", "leer"),
        ("crisis", "112 " * 2000, "Zeichen"),
        ("consent-relay", "Wir fragen die Gruppe.", "widerrufen"),
        ("consent-relay", "widerrufen " * 41, "41 Wörter"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_with_the_reason(leads, key, text, said):
    with pytest.raises(texts.TextUnfit, match=said):
        decide(leads, text, key)
    assert not OfficeText.objects.exists()


@pytest.mark.parametrize(
    "how", [{"decided_on": None}, {"decided_by": " "}, {"decided_on": A_DAY + timedelta(days=1)}]
)
def test_nobody_decides_namelessly_or_tomorrow(leads, how):
    with pytest.raises(texts.DecisionUnclear):
        decide(leads, **how)


def test_two_who_write_at_once_do_not_overwrite_each_other(leads):
    decide(leads, seen=0)
    with pytest.raises(ChangedMeanwhile):
        decide(leads, OWN + "\nAnders.", seen=0)
    with pytest.raises(ChangedMeanwhile):
        texts.go_back("crisis", 0, seen=0, by=leads, at=A_MOMENT)


def test_a_double_click_makes_one_version(leads):
    assert decide(leads, seen=0) == decide(leads, seen=0)
    assert OfficeText.objects.count() == 1


@pytest.mark.parametrize("role", ["counsels", "reception", "upkeep", "operator", "dpo"])
def test_only_who_leads_decides(office, role):
    member = make_member(office, role)
    with acting_for(office), pytest.raises(NotAllowed):
        decide(member)


def test_another_office_has_its_own_words(leads, office_elsewhere):
    decide(leads)
    with acting_for(office_elsewhere):
        assert texts.current_text("crisis") is None


def test_the_trail_says_which_text_and_no_word_of_it(leads):
    decide(leads)
    entry = TrailEntry.objects.get(action="office-text.decided")

    assert entry.fields == "crisis"
    assert "Kanarien" not in str(entry.__dict__)


class TestEveryVersionStays(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.one_of(st.integers(0, 4), st.text("abc \n", min_size=1, max_size=8)), max_size=6))
    def test_whatever_is_decided_and_taken_back_every_earlier_version_reads_as_it_was(self, moves):
        office = make_office()
        by = make_member(office, "leads")
        written = {}
        with acting_for(office):
            for move in moves:
                try:
                    row = (
                        texts.go_back("crisis", move, seen=None, by=by, at=A_MOMENT)
                        if isinstance(move, int)
                        else decide(by, f"112 {move}", decided_on=date(2026, 3, 1))
                    )
                except texts.TextUnknown:
                    continue
                written.setdefault(row.number, row.text)
            assert {row.number: row.text for row in texts.versions("crisis")} == written
