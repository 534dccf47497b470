"""The trail is opened by two, for a reason, for some days of one office, and not for long; it never says of whom."""

from datetime import timedelta

import pytest

from kontaktstelle.enquiries import reading, threads
from kontaktstelle.organisation import four_eyes, rights, trail_opening
from kontaktstelle.organisation.models import DelicateStep, Post
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry
from support.desk import AT, KARLA, make_enquiry, make_staff

pytestmark = pytest.mark.django_db
WHY = "Eine Person fragt, wer Kanarienvogels Notizen gelesen hat."
DAY, TODAY = timedelta(days=1), AT.date()


@pytest.fixture
def dpo(office):
    return make_staff(office, "datenschutz", roles=("dpo",))


@pytest.fixture
def head(office):
    return make_staff(office, "leitung", roles=("leads",))


@pytest.fixture
def counsellor(office):
    return make_staff(office, roles=("counsels",))


@pytest.fixture
def enquiry(office, counsellor):
    """Somebody's enquiry, with a note that was read: lines that must never say whose."""
    row = make_enquiry(office, counsellor, person=KARLA)
    with acting_for(office):
        threads.write_note(row, "Kanariennotiz", by=counsellor, at=AT)
        reading.notes(row, by=counsellor, at=AT)
    return row


@pytest.fixture
def here(office):
    Post.objects.update(given_at=AT - 30 * DAY)
    with acting_for(office):
        yield office


def ask(office, dpo, first=TODAY, last=TODAY, reason=WHY):
    return trail_opening.ask(first, last, reason=reason, contact_point=office, by=dpo, at=AT)


@pytest.fixture
def opened(enquiry, dpo, head, here):
    number = ask(here, dpo).number
    trail_opening.confirm(number, by=head, at=AT)
    trail_opening.open_now(number, by=dpo, at=AT)
    return number


def test_two_people_open_it_and_it_says_who_did_what_when(opened, dpo, counsellor):
    found = trail_opening.lines(opened, by=dpo, at=AT)
    read = next(line for line in found if line.action == "enquiry.notes-read")
    assert (read.who, read.at) == (counsellor.name, AT)


def test_it_never_says_of_whom(opened, dpo, enquiry):
    told = repr(trail_opening.lines(opened, by=dpo, at=AT))
    for canary in ("Kanarien", "23125", "karla", str(enquiry.pk), enquiry.number):
        assert canary not in told


def test_nobody_opens_it_alone_not_even_after_days_and_a_call(enquiry, dpo, here):
    number = ask(here, dpo).number
    four_eyes.called_back(DelicateStep.objects.get(), right=rights.Right.SEE_TRAIL, by=dpo, at=AT)
    with pytest.raises(four_eyes.StillWaiting):
        trail_opening.open_now(number, by=dpo, at=AT + 3 * DAY)
    with pytest.raises(four_eyes.SecondPersonNeeded):
        trail_opening.confirm(number, by=dpo, at=AT)
    with pytest.raises(trail_opening.NotOpen):
        trail_opening.lines(number, by=dpo, at=AT)


def test_who_holds_both_roles_is_still_one_person(enquiry, dpo, here):
    Post.objects.create(staff=dpo, contact_point=here, role="leads", given_at=AT - 30 * DAY)
    number = ask(here, dpo).number
    with pytest.raises(four_eyes.SecondPersonNeeded):
        trail_opening.confirm(number, by=dpo, at=AT)


def test_a_second_datenschutz_may_confirm_and_one_appointed_yesterday_may_not(enquiry, dpo, here):
    second = make_staff(here, "zweite", roles=("dpo",))
    number = ask(here, dpo).number
    Post.objects.filter(staff=second).update(given_at=AT - DAY)
    with pytest.raises(four_eyes.TooNewToConfirm):
        trail_opening.confirm(number, by=second, at=AT)
    trail_opening.confirm(number, by=second, at=AT + 2 * DAY)


@pytest.mark.parametrize("roles", [("counsels",), ("reception",), ("upkeep",), ("operator",), ("leads",)])
def test_nobody_else_asks_or_looks(opened, here, roles):
    other = make_staff(here, "andere", roles=roles)
    with pytest.raises(rights.NotAllowed):
        ask(here, other)
    for look in (trail_opening.lines, trail_opening.who_acted):
        with pytest.raises(rights.NotAllowed):
            look(opened, by=other, at=AT)
    with pytest.raises(rights.NotAllowed):
        trail_opening.broken_at(by=other)


def test_who_leads_confirms_and_opens_nothing(enquiry, dpo, head, here):
    number = ask(here, dpo).number
    trail_opening.confirm(number, by=head, at=AT)
    with pytest.raises(rights.NotAllowed):
        trail_opening.open_now(number, by=head, at=AT)
    assert DelicateStep.objects.get().done_at is None


def test_after_a_day_it_is_closed(opened, dpo):
    assert trail_opening.lines(opened, by=dpo, at=AT + DAY - timedelta(minutes=1))
    with pytest.raises(trail_opening.NotOpen):
        trail_opening.lines(opened, by=dpo, at=AT + DAY)
    assert trail_opening.openings(by=dpo, at=AT + DAY) == []


def test_it_shows_the_days_that_were_asked_for_and_no_others(enquiry, dpo, head, counsellor, here):
    for days in (-2, 2):
        reading.notes(enquiry, by=counsellor, at=AT + days * DAY)
    number = ask(here, dpo).number
    trail_opening.confirm(number, by=head, at=AT + 3 * DAY)
    trail_opening.open_now(number, by=dpo, at=AT + 3 * DAY)
    found = trail_opening.lines(number, by=dpo, at=AT + 3 * DAY)
    assert {line.at.date() for line in found} == {AT.date()}


@pytest.mark.parametrize(("first", "last"), [(0, 1), (1, 1), (-1, -2), (-31, 0), (None, 0), (0, None)])
def test_a_span_ahead_upside_down_or_too_long_is_refused(office, dpo, here, first, last):
    days = [None if each is None else (AT + each * DAY).date() for each in (first, last)]
    with pytest.raises(trail_opening.SpanWrong):
        ask(here, dpo, *days)
    assert not DelicateStep.objects.exists()


def test_without_a_reason_it_is_not_asked_for(office, dpo, here):
    with pytest.raises(four_eyes.ReasonMissing):
        ask(here, dpo, reason="weil")


def test_another_offices_lines_are_not_in_it_and_its_datenschutz_does_not_see_the_opening(
    opened, office_elsewhere, dpo
):
    there = make_staff(office_elsewhere, "fremde", roles=("counsels",))
    theirs = make_enquiry(office_elsewhere, there, person=KARLA)
    elsewhere = make_staff(office_elsewhere, "datenschutz", roles=("dpo", "leads"))
    with acting_for(office_elsewhere):
        reading.notes(theirs, by=there, at=AT)
        assert trail_opening.openings(by=elsewhere, at=AT) == []
        for act in (
            lambda: trail_opening.lines(opened, by=elsewhere, at=AT),
            lambda: trail_opening.confirm(opened, by=elsewhere, at=AT),
        ):
            with pytest.raises(trail_opening.NotOpen):
                act()
    assert TrailEntry.objects.filter(actor=str(there.pk)).exists()
    assert there.name not in {line.who for line in trail_opening.lines(opened, by=dpo, at=AT)}
    ours = {line.number for line in trail_opening.lines(opened, by=dpo, at=AT)}
    assert ours <= set(
        TrailEntry.objects.filter(contact_point=dpo.contact_point_id).values_list("number", flat=True)
    )


def test_asking_confirming_opening_and_every_look_are_in_it(opened, dpo, head, here):
    trail_opening.lines(opened, by=dpo, at=AT)
    trail_opening.lines(opened, by=dpo, at=AT)
    told = [
        (line.action, line.actor)
        for line in TrailEntry.objects.filter(contact_point=here.pk).order_by("number")
    ]
    assert told[-5:] == [
        ("four_eyes.asked", str(dpo.pk)),
        ("four_eyes.confirmed", str(head.pk)),
        ("four_eyes.done", str(dpo.pk)),
        ("trail.read", str(dpo.pk)),
        ("trail.read", str(dpo.pk)),
    ]


def test_it_can_be_narrowed_to_somebody_and_to_one_enquiry(opened, dpo, counsellor, enquiry):
    of_one = trail_opening.lines(opened, by=dpo, at=AT, actor=str(counsellor.pk))
    assert {line.who for line in of_one} == {counsellor.name}
    about = trail_opening.lines(opened, by=dpo, at=AT, about=[("enquiries.enquiry", enquiry.pk)])
    assert len({line.mark for line in about}) == 1
    assert {"enquiry.opened", "enquiry.notes-read"} <= {line.action for line in about}
    assert trail_opening.lines(opened, by=dpo, at=AT, about=[]) == []


def test_the_chain_is_checked(opened, dpo, here, monkeypatch):
    assert trail_opening.broken_at(by=dpo) is None
    real = trail._mac
    monkeypatch.setattr(trail, "_mac", lambda entry: "0" * 64 if entry.number == 3 else real(entry))
    assert trail_opening.broken_at(by=dpo) == 3


def test_what_waits_can_be_refused_and_what_is_done_cannot(enquiry, dpo, head, here):
    number = ask(here, dpo).number
    trail_opening.withdraw(number, by=head, at=AT)
    with pytest.raises(four_eyes.NoLongerOpen):
        trail_opening.confirm(number, by=head, at=AT)
    assert ask(here, dpo).number != number
