"""Foundings of tests, brought to any status by the steps that lead there."""

from datetime import date, time
from uuid import uuid4

from kontaktstelle.foundings import advice, beginning, calling, exits, interested, meeting, starting
from kontaktstelle.foundings.lifecycle import FoundingStatus
from kontaktstelle.foundings.models import Founding, Outreach
from kontaktstelle.groups.models import Group, Venue
from kontaktstelle.relay.parties import Address

from .desk import AT, KARLA

S = FoundingStatus
MEETING_ON = date(2026, 3, 10)
LATER = date(2026, 3, 24)
GROUP_VALUES = {
    "name": "Gruppe Neubeginn, Beispiel",
    "description": "Wir fangen an.",
    "postcode": "59423",
    "town": "Unna",
    "forms": ["in-person"],
}


def nth_person(number):
    return Address(f"Person {number}", None, f"person{number}@example.org", None)


def make_venue(office, **fields):
    values = {"name": "Haus der Beispiele", "street": "Beispielweg 2", "postcode": "59423", "town": "Unna"}
    return Venue.objects.create(contact_point=office, **(values | fields))


def begun(by, person=KARLA, at=AT, topics=("tinnitus",), **how):
    return beginning.begin(
        how.pop("origin", Founding.Origin.PERSON), title="Kanariengründung", topics=topics, kreis_key="05978", by=by, at=at, person=person, **how
    )  # fmt: skip


def all_clear(founding, by, at=AT):
    """Hold the first talk and look round: nothing is left unclear."""
    advice.record_talk(
        founding, about=["motives", "room"], role=Founding.Role.LEADS, audience=["betroffene"], place_wish="Kanariendorf", threshold=2, by=by, at=at
    )  # fmt: skip
    advice.look_round(founding, by=by, at=at)


def called(founding, by, at=AT):
    """Put an approved text into the paper."""
    text = calling.approve_text(
        calling.write_text(founding, "Wer macht mit?", by=by, at=at), how="telephone", by=by, at=at
    )
    return calling.came_out(
        calling.plan_outreach(founding, text, Outreach.Way.PRESS, where="Beispielbote", by=by, at=at),
        by=by,
        at=at,
    )


def listed(founding, by, person, at=AT, **how):
    return interested.add(founding, person, text_version="liste-1", how="telephone", by=by, at=at, **how)


def appointed(founding, by, at=AT, on=MEETING_ON):
    venue = Venue.objects.first() or make_venue(founding.contact_point)
    return meeting.set_date(founding, on=on, starts=time(18), venue=venue, by=by, at=at)


def brought_to(status, by, at=AT, **how):
    """Return a founding in a status, by the steps that lead there."""
    founding = begun(by, at=at, **how)
    way = [S.IDEA, S.ADVICE, S.CALLING, S.GATHERING, S.APPOINTED, S.STARTING, S.INDEPENDENT, S.SETTLED]
    if status == S.RESTING:
        exits.rest(founding, until=LATER, by=by, at=at)
    elif status == S.GIVEN_UP:
        exits.give_up(founding, reason="too-few", by=by, at=at)
    elif status == S.JOINED:
        from .people import make_group

        exits.join(founding, Group.objects.first() or make_group(founding.contact_point), by=by, at=at)
    else:
        for to in way[1 : way.index(status) + 1]:
            STEPS[to](founding, by, at)
    founding = Founding.objects.get(pk=founding.pk)
    assert founding.status == status
    return founding


def _calls(founding, by, at):
    all_clear(founding, by, at)
    calling.begin_calling(founding, by=by, at=at)


def _gathers(founding, by, at):
    called(founding, by, at)
    calling.begin_gathering(founding, by=by, at=at)


def _appoints(founding, by, at):
    for number in range(2):
        listed(founding, by, nth_person(number), at)
    appointed(founding, by, at)


def _starts(founding, by, at):
    from kontaktstelle.foundings.models import FoundingMeeting

    first = FoundingMeeting.objects.get(founding=founding)
    meeting.hold(first, attended=5, minutes=meeting.Minutes(decided="Wir treffen uns"), by=by, at=at)


def _enters(founding, by, at):
    starting.end_accompaniment(founding, by=by, at=at)
    enter(founding, by, at)


def enter(founding, by, at=AT, number=None):
    return starting.enter(
        founding, GROUP_VALUES, basis="consent-form", basis_on=MEETING_ON, number=number or uuid4(), by=by, at=at
    )  # fmt: skip


STEPS = {
    S.ADVICE: lambda founding, by, at: advice.plan_talk(founding, on=LATER, by=by, at=at),
    S.CALLING: _calls,
    S.GATHERING: _gathers,
    S.APPOINTED: _appoints,
    S.STARTING: _starts,
    S.INDEPENDENT: _enters,
    S.SETTLED: lambda founding, by, at: starting.talk_later(founding, by=by, at=at),
}
