"""Every move between stages: allowed or refused with a German sentence."""

from datetime import date
from itertools import product

import pytest

from kontaktstelle.groups import lifecycle, listing
from kontaktstelle.groups.lifecycle import STEPS, Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.tenancy import acting_for
from support.people import A_DAY, A_MOMENT, make_group

# Written out by hand: a mistake in the table must not excuse itself.
REFUSED = {
    ("founding", "founding"), ("founding", "full"), ("founding", "intake-stop"),
    ("open", "open"), ("open", "founding"),
    ("full", "full"), ("full", "founding"),
    ("intake-stop", "intake-stop"), ("intake-stop", "founding"),
    ("paused", "paused"),
    *(("dissolved", to) for to in ("founding", "open", "full", "intake-stop", "paused", "dissolved")),
}  # fmt: skip
PAIRS = list(product(Stage, Stage))


@pytest.mark.parametrize(("now", "to"), PAIRS)
def test_the_table_is_the_field_s_own(now, to):
    assert (to in STEPS[now]) == ((now.value, to.value) not in REFUSED)


@pytest.mark.parametrize(("now", "to"), [pair for pair in PAIRS if (pair[0].value, pair[1].value) in REFUSED])
def test_a_move_that_makes_no_sense_is_refused_in_words_of_the_office(now, to):
    with pytest.raises(lifecycle.WrongStage) as refused:
        lifecycle.check_step(now, to)

    assert refused.value.sentence == f"Eine Gruppe „{now.label}“ kann nicht auf „{to.label}“ gesetzt werden."


@pytest.mark.parametrize(("now", "to"), PAIRS)
def test_a_step_moves_the_saved_group_or_leaves_it_where_it_stood(office, now, to):
    group = make_group(office, stage=now, dissolved_on=A_DAY if now == Stage.DISSOLVED else None)
    with acting_for(office):
        if (now.value, to.value) in REFUSED:
            with pytest.raises(lifecycle.WrongStage):
                listing.move(group, to, by="test", at=A_MOMENT)
            assert Group.objects.get().stage == now
        else:
            listing.move(group, to, by="test", at=A_MOMENT)
            assert Group.objects.get().stage == to


def test_an_intake_stop_ends_by_its_date_and_not_a_day_sooner(office):
    group = make_group(office)
    with acting_for(office):
        listing.move(group, Stage.INTAKE_STOP, until=date(2026, 4, 30), by="test", at=A_MOMENT)

    def takes(on):
        return lifecycle.takes_newcomers(group.stage, group.intake_stop_until, on)

    assert [takes(date(2026, 4, 29)), takes(date(2026, 4, 30)), takes(date(2026, 5, 1))] == [
        False,
        False,
        True,
    ]


def test_an_intake_stop_without_a_date_does_not_end_by_itself():
    assert not lifecycle.takes_newcomers(Stage.INTAKE_STOP, None, date(2099, 1, 1))


@pytest.mark.parametrize("stage", ["full", "paused", "dissolved"])
def test_an_old_date_of_an_intake_stop_opens_no_other_stage(stage):
    assert not lifecycle.takes_newcomers(stage, date(2020, 1, 1), A_DAY)


def test_the_date_of_an_intake_stop_does_not_survive_it(office):
    group = make_group(office)
    with acting_for(office):
        listing.move(group, Stage.INTAKE_STOP, until=date(2026, 4, 30), by="test", at=A_MOMENT)
        listing.move(group, Stage.FULL, by="test", at=A_MOMENT)

    assert group.intake_stop_until is None
