"""Four eyes: two people, or one with patience, a call-back and a reason; each part is needed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.organisation import four_eyes
from kontaktstelle.organisation.models import DelicateStep, Post
from kontaktstelle.organisation.rights import NotAllowed, Right
from kontaktstelle.organisation.tenancy import across_offices, acting_for
from support.people import A_MOMENT, make_member

pytestmark = pytest.mark.django_db
RIGHT = Right.RELEASE_PROTECTED
WHY = "Frau Kanarienvogel hat angerufen und darum gebeten."


@pytest.fixture
def people(office):
    return make_member(office, "leads", email="eins@example.org"), make_member(
        office, "leads", email="zwei@example.org"
    )


@pytest.fixture(autouse=True)
def here(office):
    with acting_for(office):
        yield


def ask(office, by, at=A_MOMENT, reason=WHY, object_id="7"):
    return four_eyes.ask(
        "group.released", object_id, right=RIGHT, reason=reason, contact_point=office, by=by, at=at
    )


def carry_out(step, by, at, act=lambda: "getan"):
    return four_eyes.carry_out(step, act, right=RIGHT, by=by, at=at)


def test_two_people_may_at_once(office, people):
    one, two = people
    step = ask(office, one)
    four_eyes.confirm(step, right=RIGHT, by=two, at=A_MOMENT)

    assert carry_out(step, one, A_MOMENT) == "getan"
    with pytest.raises(four_eyes.NoLongerOpen):
        carry_out(step, one, A_MOMENT)


def test_one_person_is_not_two(office, people):
    one, _ = people
    step = ask(office, one)
    with pytest.raises(four_eyes.SecondPersonNeeded):
        four_eyes.confirm(step, right=RIGHT, by=one, at=A_MOMENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        DelicateStep.objects.filter(pk=step.pk).update(confirmed_by=one)


@pytest.mark.parametrize(
    ("hours", "called", "done"), [(47, True, False), (48, False, False), (49, True, True), (0, True, False)]
)
def test_alone_it_takes_two_days_and_a_call_back(office, people, hours, called, done):
    one, _ = people
    step = ask(office, one)
    if called:
        four_eyes.called_back(step, right=RIGHT, by=one, at=A_MOMENT)
    at = A_MOMENT + timedelta(hours=hours)
    if done:
        assert carry_out(step, one, at) == "getan"
    else:
        with pytest.raises(four_eyes.StillWaiting):
            carry_out(step, one, at)


@pytest.mark.parametrize("reason", ["", "   ", "weil", "\n\n\n\n\n\n\n\n\n\n\n\n"])
def test_without_a_reason_it_is_not_asked(office, people, reason):
    with pytest.raises(four_eyes.ReasonMissing):
        ask(office, people[0], reason=reason)


def test_the_reason_is_kept_sealed(office, people):
    step = ask(office, people[0])
    with across_offices(), connection.cursor() as cursor:
        cursor.execute("SELECT reason_sealed FROM organisation_delicatestep")
        stored = b"".join(bytes(row[0]) for row in cursor.fetchall())

    assert DelicateStep.objects.get(pk=step.pk).reason == WHY
    assert b"Kanarienvogel" not in stored


def test_the_same_step_waits_once_and_can_be_asked_again_when_taken_back(office, people):
    one, two = people
    step = ask(office, one)
    with pytest.raises(four_eyes.AskedAlready):
        ask(office, two)
    four_eyes.withdraw(step, right=RIGHT, by=two, at=A_MOMENT)
    with pytest.raises(four_eyes.NoLongerOpen):
        four_eyes.confirm(step, right=RIGHT, by=two, at=A_MOMENT)

    assert ask(office, two).pk != step.pk


def test_after_two_weeks_it_is_asked_anew(office, people):
    one, two = people
    step = ask(office, one)
    late = A_MOMENT + timedelta(days=15)
    with pytest.raises(four_eyes.NoLongerOpen):
        four_eyes.confirm(step, right=RIGHT, by=two, at=late)

    assert four_eyes.waiting(at=late) == []
    assert ask(office, one, at=late)


def test_if_the_step_refuses_it_stays_open(office, people):
    one, two = people
    step = ask(office, one)
    four_eyes.confirm(step, right=RIGHT, by=two, at=A_MOMENT)
    with pytest.raises(ZeroDivisionError):
        carry_out(step, one, A_MOMENT, lambda: 1 / 0)

    assert carry_out(step, one, A_MOMENT) == "getan"


def test_without_the_right_nothing_goes(office, people):
    one, _ = people
    counsels = make_member(office, "counsels")
    step = ask(office, one)
    for act in (four_eyes.confirm, four_eyes.called_back, four_eyes.withdraw):
        with pytest.raises(NotAllowed):
            act(step, right=RIGHT, by=counsels, at=A_MOMENT)
    with pytest.raises(NotAllowed):
        ask(office, counsels, object_id="8")


def test_another_office_does_not_see_it(office, office_elsewhere, people):
    step = ask(office, people[0])
    stranger = make_member(office_elsewhere, "leads")
    with acting_for(office_elsewhere):
        assert four_eyes.waiting(at=A_MOMENT) == []
        with pytest.raises(four_eyes.NoLongerOpen):
            four_eyes.confirm(step, right=RIGHT, by=stranger, at=A_MOMENT)


@given(confirmed=st.booleans(), called=st.booleans(), hours=st.integers(0, 24 * 13))
def test_ready_is_confirmed_or_called_and_waited(confirmed, called, hours):
    step = DelicateStep(asked_at=A_MOMENT)
    step.confirmed_at = A_MOMENT if confirmed else None
    step.called_back_at = A_MOMENT if called else None

    assert four_eyes.is_ready(step, A_MOMENT + timedelta(hours=hours)) == (
        confirmed or (called and hours >= 48)
    )


def test_nobody_invites_the_second_pair_of_eyes_and_is_it(office, people):
    one, _ = people
    step = ask(office, one)
    puppet = make_member(office, "leads", email="puppe@example.org")
    Post.objects.filter(staff=puppet).update(given_at=A_MOMENT)

    with pytest.raises(four_eyes.TooNewToConfirm):
        four_eyes.confirm(step, right=RIGHT, by=puppet, at=A_MOMENT + timedelta(hours=47))
    four_eyes.confirm(step, right=RIGHT, by=puppet, at=A_MOMENT + timedelta(hours=48))


def test_whom_a_step_is_about_is_told_does_not_confirm_it_and_may_take_it_back(office, people):
    one, two = people
    counsels = make_member(office, "counsels", email="drei@example.org")
    step = ask(office, one, object_id=str(counsels.pk))

    assert four_eyes.about(counsels, at=A_MOMENT) == [step]
    assert four_eyes.about(two, at=A_MOMENT) == []
    four_eyes.withdraw(step, right=RIGHT, by=counsels, at=A_MOMENT)
    with pytest.raises(four_eyes.NoLongerOpen):
        four_eyes.confirm(step, right=RIGHT, by=two, at=A_MOMENT)
    about_two = ask(office, one, object_id=str(two.pk))
    with pytest.raises(four_eyes.SecondPersonNeeded):
        four_eyes.confirm(about_two, right=RIGHT, by=two, at=A_MOMENT)
