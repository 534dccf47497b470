"""The whole way from an idea to a listed group with nobody who has e-mail: calls and letters count equally."""

import pytest

from kontaktstelle.foundings import coming, interested, meeting, starting, staying
from kontaktstelle.foundings.lifecycle import FoundingStatus, InvitationStatus
from kontaktstelle.foundings.models import Founding, Interest
from kontaktstelle.mailroom.letters import letters_to_print, print_run
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.relay.parties import Address
from support.desk import AT, days_later
from support.foundings import LATER, appointed, brought_to, enter, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
CALLED = [Address(f"Ruf {number}", f"030 23125 4{number}") for number in range(10, 13)]
WRITTEN = [Address(f"Brief {number}", None, None, f"Federweg {number}, 59423 Unna") for number in range(1, 3)]


def test_nobody_without_e_mail_is_left_out(counsellor, reception):
    founding = brought_to(FoundingStatus.GATHERING, counsellor, person=CALLED[0])
    for person in (*CALLED[1:], *WRITTEN):
        listed(founding, reception, person)
    waits = interested.wish_to_be_told(
        ["tinnitus"], WRITTEN[0], text_version="1", how="telephone", by=reception, at=AT
    )
    first = appointed(founding, counsellor, on=LATER)
    meeting.invite(first, by=counsellor, at=AT)

    assert coming.next_of(Founding.objects.get(), on=LATER).what == "2 Personen zum Gründungstreffen anrufen."
    for each in meeting.to_call(first, by=counsellor):
        assert interested.person_of(each.interest, by=counsellor, at=AT).phone
        meeting.answer(each.pk, coming=True, by=reception, at=AT)
    assert len(letters_to_print(at=AT)) == 2
    assert print_run(by=str(counsellor.pk), at=AT).pdf.startswith(b"%PDF")
    by_letter = meeting.answers(first)[InvitationStatus.SENT]
    assert (by_letter, meeting.answers(first)[InvitationStatus.COMING]) == (2, 2)

    at = days_later(14)
    meeting.hold(first, attended=4, minutes=meeting.Minutes(decided="Wir treffen uns"), by=counsellor, at=at)
    for week in range(3):
        starting.count_meeting(
            founding,
            on=days_later(21 + 7 * week).date(),
            attended=4,
            by=counsellor,
            at=days_later(21 + 7 * week),
        )
    group = enter(founding, counsellor, at=days_later(60))

    assert group.listed
    assert Interest.objects.get(pk=waits.pk).told_on is not None
    assert set(Dispatch.objects.values_list("way", flat=True)) == {"letter"}
    assert starting.talk_later(founding, by=counsellor, at=days_later(250)).status == FoundingStatus.SETTLED


def test_who_is_called_stays_on_the_list_as_well_as_who_clicks(counsellor, reception):
    row = listed(brought_to(FoundingStatus.GATHERING, counsellor), reception, CALLED[0])
    due = days_later(170)
    assert staying.ask_due(at=due) == 0
    assert (
        "1 auf der Liste fragen, ob sie bleiben möchten." in coming.next_of(row.founding, on=due.date()).also
    )
    staying.renew(row, by=reception, at=due, text_version="liste-1", how="telephone")
    assert coming.next_of(row.founding, on=due.date()).also == ()
