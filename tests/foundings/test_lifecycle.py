"""Every step from every wrong status is refused with a sentence and changes nothing; the tables are those of the field."""

from datetime import time
from uuid import uuid4

import pytest

from kontaktstelle.foundings import (
    advice,
    beginning,
    calling,
    exits,
    interested,
    lifecycle,
    meeting,
    starting,
    staying,
)
from kontaktstelle.foundings.lifecycle import (
    FOUNDING_STEPS,
    FoundingStatus,
    InterestStatus,
    InvitationStatus,
    MeetingStatus,
    OutreachStatus,
    WrongStatus,
)
from kontaktstelle.foundings.models import (
    Founding,
    FoundingMeeting,
    Interest,
    MeetingInvitation,
    Outreach,
    StartHelper,
)
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.refusal import StepRefused
from support.desk import AT, days_later
from support.foundings import (
    GROUP_VALUES,
    LATER,
    MEETING_ON,
    appointed,
    begun,
    brought_to,
    called,
    listed,
    make_venue,
    nth_person,
)
from support.people import make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
S = FoundingStatus
# The words of the field for its states, and which of ours each is.
OF_THE_FIELD = {
    "idee": S.IDEA, "beratung": S.ADVICE, "werbung": S.CALLING, "sammeln": S.GATHERING, "termin": S.APPOINTED, "startphase": S.STARTING,
    "selbststaendig": S.INDEPENDENT, "standort": S.SETTLED, "in_bestehende_gruppe": S.JOINED, "ruht": S.RESTING, "aufgegeben": S.GIVEN_UP,
}  # fmt: skip


def set_date(founding, by):
    venue = make_venue(founding.contact_point)
    return meeting.set_date(founding, on=MEETING_ON, starts=time(18), venue=venue, by=by, at=AT)


def on_first_meeting(step):
    def taken(founding, by):
        row = FoundingMeeting.objects.filter(founding=founding, kind="first").first() or FoundingMeeting.objects.create(
            contact_point=founding.contact_point, founding=founding, kind="first", on=MEETING_ON, starts=time(18), venue=make_venue(founding.contact_point)
        )  # fmt: skip
        return step(row, by)

    return taken


# Each step: what it does, and from where it may be taken.
STEPS = {
    "plan_talk": (lambda f, by: advice.plan_talk(f, on=LATER, by=by, at=AT), {S.IDEA}),
    "record_talk": (lambda f, by: advice.record_talk(f, about=["motives"], role=Founding.Role.LEADS, by=by, at=AT), {S.ADVICE}),
    "look_round": (lambda f, by: advice.look_round(f, by=by, at=AT), {S.ADVICE}),
    "set_threshold": (lambda f, by: advice.set_threshold(f, 3, by=by, at=AT), lifecycle.LIVE),
    "founder_left": (lambda f, by: beginning.founder_left(f, by=by, at=AT), lifecycle.LIVE),
    "begin_calling": (lambda f, by: calling.begin_calling(f, by=by, at=AT), {S.ADVICE, S.GATHERING}),
    "write_text": (lambda f, by: calling.write_text(f, "Text", by=by, at=AT), {S.ADVICE, S.CALLING, S.GATHERING}),
    "begin_gathering": (lambda f, by: calling.begin_gathering(f, by=by, at=AT), {S.CALLING}),
    "add": (lambda f, by: listed(f, by, nth_person(9)), lifecycle.TAKES_PEOPLE),
    "set_date": (set_date, {S.GATHERING}),
    "call_off": (on_first_meeting(lambda m, by: meeting.call_off(m, by=by, at=AT)), {S.APPOINTED}),
    "hold": (on_first_meeting(lambda m, by: meeting.hold(m, attended=4, minutes=meeting.Minutes(), by=by, at=AT)), {S.APPOINTED}),
    "assign": (lambda f, by: starting.assign(f, None, by=by, at=AT), {S.GATHERING, S.APPOINTED, S.STARTING}),
    "count_meeting": (lambda f, by: starting.count_meeting(f, on=MEETING_ON, attended=4, by=by, at=AT), {S.STARTING}),
    "end_accompaniment": (lambda f, by: starting.end_accompaniment(f, by=by, at=AT), {S.STARTING}),
    "enter": (
        lambda f, by: starting.enter(f, GROUP_VALUES, basis="consent-form", basis_on=MEETING_ON, number=uuid4(), by=by, at=AT),
        {S.STARTING},
    ),
    "talk_later": (lambda f, by: starting.talk_later(f, by=by, at=AT), {S.INDEPENDENT}),
    "rest": (lambda f, by: exits.rest(f, until=LATER, by=by, at=AT), {S.IDEA, S.ADVICE, S.CALLING, S.GATHERING, S.STARTING}),
    "resume": (lambda f, by: exits.resume(f, by=by, at=AT), {S.RESTING}),
    "give_up": (
        lambda f, by: exits.give_up(f, reason="too-few", by=by, at=AT),
        {S.IDEA, S.ADVICE, S.CALLING, S.GATHERING, S.STARTING, S.INDEPENDENT, S.RESTING},
    ),
    "join": (
        lambda f, by: exits.join(f, make_group(f.contact_point), by=by, at=AT),
        {S.IDEA, S.ADVICE, S.CALLING, S.GATHERING, S.STARTING, S.RESTING},
    ),
}  # fmt: skip
MOVES_TO = {
    "plan_talk": S.ADVICE, "begin_calling": S.CALLING, "begin_gathering": S.GATHERING, "set_date": S.APPOINTED, "call_off": S.GATHERING,
    "hold": S.STARTING, "enter": S.INDEPENDENT, "talk_later": S.SETTLED, "rest": S.RESTING, "give_up": S.GIVEN_UP, "join": S.JOINED,
}  # fmt: skip


@pytest.mark.parametrize(
    ("now", "step"), [(now, step) for now in S for step, (_, allowed) in STEPS.items() if now not in allowed]
)
def test_no_step_is_taken_from_a_wrong_status(counsellor, now, step):
    founding = brought_to(now, counsellor)
    people = Interest.objects.count()
    with pytest.raises(StepRefused) as refused:
        STEPS[step][0](founding, counsellor)
    assert refused.value.sentence.endswith((".", "“."))
    assert isinstance(refused.value, WrongStatus | interested.NobodyIsTaken), refused.value
    assert Founding.objects.get(pk=founding.pk).status == now
    assert Interest.objects.count() == people


@pytest.mark.parametrize("step", list(MOVES_TO))
def test_a_step_goes_only_where_the_table_leads(step):
    assert all(MOVES_TO[step] in FOUNDING_STEPS[now] for now in STEPS[step][1])


def test_every_move_of_the_table_has_its_step():
    taken = {(now, to) for step, to in MOVES_TO.items() for now in STEPS[step][1]}
    resumed = {(S.RESTING, to) for to in FOUNDING_STEPS[S.RESTING]}
    assert taken | resumed == {(now, to) for now, moves in FOUNDING_STEPS.items() for to in moves}


def test_the_table_has_every_state_and_exit_of_the_field_and_no_other():
    assert set(OF_THE_FIELD.values()) == set(S)


@pytest.mark.parametrize("step", list(STEPS))
def test_every_step_works_where_it_may_be_taken(counsellor, step):
    act, allowed = STEPS[step]
    founding = brought_to(min(allowed, key=list(S).index), counsellor)
    if step == "begin_calling":
        from support.foundings import all_clear

        all_clear(founding, counsellor)
    if step == "begin_gathering":
        called(founding, counsellor)
    if step == "set_date":
        for number in range(2):
            listed(founding, counsellor, nth_person(number))
    if step == "enter":
        starting.end_accompaniment(founding, by=counsellor, at=AT)
    act(founding, counsellor)
    after = Founding.objects.get(pk=founding.pk)
    if step in MOVES_TO:
        assert after.status == MOVES_TO[step]
    assert after.next_on is not None or after.status in {S.SETTLED, S.JOINED, S.GIVEN_UP}


@pytest.mark.parametrize("step", list(STEPS))
def test_whoever_works_elsewhere_takes_no_step(counsellor, counsellor_elsewhere, step):
    founding = brought_to(min(STEPS[step][1], key=list(S).index), counsellor)
    with pytest.raises(NotAllowed):
        STEPS[step][0](founding, counsellor_elsewhere)


@pytest.mark.parametrize("now", [S.IDEA, S.ADVICE, S.CALLING, S.GATHERING, S.STARTING])
def test_what_rested_goes_on_where_it_stood(counsellor, now):
    founding = brought_to(now, counsellor)
    exits.rest(founding, until=LATER, by=counsellor, at=AT)
    assert exits.resume(founding, by=counsellor, at=days_later(14)).status == now


OUTREACH = {
    "came_out": (lambda o, by: calling.came_out(o, by=by, at=AT), OutreachStatus.OUT),
    "drop": (lambda o, by: calling.drop(o, by=by, at=AT), OutreachStatus.DROPPED),
}


@pytest.mark.parametrize("step", list(OUTREACH))
@pytest.mark.parametrize("now", [each for each in OutreachStatus if each != OutreachStatus.PLANNED])
def test_a_call_appears_or_is_dropped_once(counsellor, now, step):
    founding = brought_to(S.CALLING, counsellor)
    out = called(founding, counsellor)
    planned = calling.plan_outreach(founding, out.text, Outreach.Way.POSTER, by=counsellor, at=AT)
    row = out if now == OutreachStatus.OUT else calling.drop(planned, by=counsellor, at=AT)
    with pytest.raises(WrongStatus):
        OUTREACH[step][0](row, counsellor)
    assert Outreach.objects.get(pk=row.pk).status == now


def test_an_answer_may_change_and_none_is_taken_once_it_is_called_off(counsellor):
    founding = brought_to(S.GATHERING, counsellor)
    for number in range(2):
        listed(founding, counsellor, nth_person(number))
    first = appointed(founding, counsellor, on=LATER)
    one, two = meeting.invite(first, by=counsellor, at=AT)
    assert meeting.answer(one.pk, coming=True, by=counsellor, at=AT).status == InvitationStatus.COMING
    assert meeting.answer(one.pk, coming=False, by=counsellor, at=AT).status == InvitationStatus.NOT_COMING
    with pytest.raises(WrongStatus):
        meeting.told_by_phone(one, by=counsellor, at=AT)
    meeting.call_off(first, by=counsellor, at=AT)
    for row in (one, two):
        with pytest.raises(meeting.TooLateToAnswer):
            meeting.answer(row.pk, coming=True, by=counsellor, at=AT)
        assert MeetingInvitation.objects.get(pk=row.pk).status == InvitationStatus.CALLED_OFF


@pytest.mark.parametrize("now", [each for each in MeetingStatus if each != MeetingStatus.PLANNED])
def test_a_meeting_that_was_or_fell_out_is_not_held_called_off_or_invited_to_again(counsellor, now):
    founding = brought_to(S.APPOINTED, counsellor)
    first = FoundingMeeting.objects.get(founding=founding)
    if now == MeetingStatus.HELD:
        meeting.hold(first, attended=3, minutes=meeting.Minutes(), by=counsellor, at=AT)
    else:
        meeting.call_off(first, by=counsellor, at=AT)
    for step in (
        lambda: meeting.hold(first, attended=3, minutes=meeting.Minutes(), by=counsellor, at=AT),
        lambda: meeting.call_off(first, by=counsellor, at=AT),
        lambda: meeting.invite(first, by=counsellor, at=AT),
    ):
        with pytest.raises(WrongStatus):
            step()
    assert FoundingMeeting.objects.get(pk=first.pk).status == now


@pytest.mark.parametrize("now", [InterestStatus.WITHDRAWN, InterestStatus.LAPSED, InterestStatus.ENDED])
def test_who_went_from_a_list_is_neither_asked_nor_renewed_nor_told(counsellor, now):
    row = listed(brought_to(S.GATHERING, counsellor), counsellor, nth_person(1))
    if now == InterestStatus.WITHDRAWN:
        interested.withdraw(row, by=counsellor, at=AT)
    elif now == InterestStatus.ENDED:
        interested.told(row, by=counsellor, at=AT)
    else:
        from kontaktstelle.foundings import erasure

        erasure.interested([row], at=AT)
    for step in (
        lambda: staying.renew(row, by=counsellor, at=AT, text_version="liste-1", how="telephone"),
        lambda: staying.ask_again(row, by=counsellor, at=AT),
        lambda: interested.told(row, by=counsellor, at=AT),
    ):
        with pytest.raises((WrongStatus, interested.NotAnyMore)):
            step()
    assert Interest.objects.get(pk=row.pk).status == now


def test_the_database_refuses_a_live_founding_without_a_day(counsellor):
    from django.db import IntegrityError, transaction

    founding = begun(counsellor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Founding.objects.filter(pk=founding.pk).update(next_on=None)
    assert StartHelper.objects.count() == 0
