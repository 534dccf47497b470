"""Fitting groups: with reasons in words, conditions and what is still to be cleared, never a score."""

from dataclasses import fields

import pytest

from kontaktstelle import places
from kontaktstelle.enquiries import arrangements, matching
from kontaktstelle.groups import listing
from kontaktstelle.groups.lifecycle import Stage
from support.desk import AT
from support.people import A_DAY, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
UNNA = places.find("59423").place


def names(fits):
    return [fit.entry.name for fit in fits]


def test_a_group_of_the_topic_fits_and_says_why(group, counsellor):
    arrangements.agree(group, {"how": "mail"}, by=counsellor, at=AT)
    fit = matching.fitting(["anxiety-panic"], place=UNNA, audience="betroffene", on=A_DAY)[0]

    assert (fit.group, fit.is_ours, fit.takes_new) == (group.pk, True, True)
    assert fit.reasons[0].startswith("Thema ")
    assert "für Betroffene" in fit.reasons
    assert fit.arrangement.how == "mail"


def test_nothing_about_a_fit_is_a_score():
    assert not {field.name for field in fields(matching.Fit)} & {
        "score",
        "weight",
        "rank",
        "points",
        "percent",
    }


def test_at_most_three_and_those_that_take_new_people_first(office, group):
    full = make_group(office, "Gruppe Voll, Beispiel")
    listing.move(full, Stage.FULL, by="test", at=AT)
    for letter in "ABC":
        make_group(office, f"Gruppe {letter}, Beispiel")
    assert len(matching.fitting(["anxiety-panic"], place=UNNA, on=A_DAY)) == 3
    everyone = matching.fitting(["anxiety-panic"], place=UNNA, on=A_DAY, most=10)
    assert names(everyone)[-1] == "Gruppe Voll, Beispiel"
    assert "nimmt zurzeit niemanden auf" in everyone[-1].to_clear


def test_conditions_are_what_is_to_be_cleared(office):
    make_group(office, "Gruppe Streng, Beispiel", conditions={"diagnosis": True})
    fit = matching.fitting(["anxiety-panic"], place=UNNA, on=A_DAY)[0]
    assert fit.conditions == fit.to_clear == ("Diagnose liegt vor",)


def test_a_group_for_somebody_else_comes_after_and_says_so(office, group):
    make_group(office, "Gruppe Angehörige, Beispiel", audience=["angehoerige"])
    fits = matching.fitting(["anxiety-panic"], place=UNNA, audience="angehoerige", on=A_DAY)
    assert names(fits)[0] == "Gruppe Angehörige, Beispiel"
    assert "für wen die Gruppe ist" in fits[1].to_clear


def test_groups_of_another_office_are_named_as_such_and_bring_no_arrangement(office_elsewhere):
    make_group(office_elsewhere, "Gruppe Nebenan, Beispiel")
    fit = matching.fitting(["anxiety-panic"], place=UNNA, on=A_DAY)[0]
    assert (fit.is_ours, fit.arrangement) == (False, None)
    assert fit.reasons[-1] == "Gruppe von Kontaktstelle Anderswo, Beispiel"


def test_no_topic_finds_nothing():
    assert matching.fitting([], place=UNNA, on=A_DAY) == []
    assert matching.fitting(["no-such-topic"], place=UNNA, on=A_DAY) == []
