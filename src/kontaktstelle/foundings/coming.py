"""What is next, for whom, until when: of one founding, and of all that an office has to do on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kontaktstelle.organisation.models import Staff

from . import advice, calling, interested, meeting, starting, staying
from .access import check_can_found
from .lifecycle import LIVE, FoundingStatus, InterestStatus, InvitationStatus, MeetingStatus, OutreachStatus
from .models import Founding, FoundingMeeting, Interest, MeetingInvitation, Outreach

S = FoundingStatus


@dataclass(frozen=True, slots=True)
class Next:
    """The next step of a founding.

    Attributes:
        founding: its number.
        what: in German, without anybody's name.
        whose: who accompanies it; None for whoever is there.
        until: the day; None when the founding is over.
        is_overdue: whether the day is past.
        also: what else waits, a sentence each.
    """

    founding: UUID
    what: str
    whose: Staff | None
    until: date | None
    is_overdue: bool
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What is under way on a topic: foundings, how many stand on their lists, how many wait to be told; no persons."""

    foundings: tuple[Founding, ...]
    interested: int
    waiting: int


def next_of(founding: Founding, *, on: date) -> Next:
    """Return what is next for a founding, for whom, until when."""
    status = S(founding.status)
    over = founding.next_on is not None and founding.next_on < on
    return Next(
        founding.pk, _what(founding, status, on), founding.covered_by, founding.next_on if status in LIVE else None, over, tuple(_also(founding, on))
    )  # fmt: skip


def beside(topics: Iterable[str], *, by: Staff) -> Beside:
    """Return what the office has under way on some topics, to be shown beside an enquiry to staff, never to the person.

    Raises:
        rights.NotAllowed: reception logs without it.
    """
    check_can_found(by)
    wanted = set(topics)
    running = [
        each
        for each in Founding.objects.filter(status__in=LIVE).order_by("begun_month", "pk")
        if wanted & set(each.topics)
    ]
    interested_in_them = Interest.objects.filter(founding__in=running, status=InterestStatus.LISTED).count()
    return Beside(tuple(running), interested_in_them, len(interested.waiting_for(wanted)))


def day(*, by: Staff, on: date) -> list[Next]:
    """Return what every live founding of the office waits for, the most urgent first.

    Raises:
        rights.NotAllowed: not for this person.
    """
    check_can_found(by)
    rows = Founding.objects.filter(status__in=LIVE).select_related("covered_by").order_by("next_on", "pk")
    return [next_of(each, on=on) for each in rows]


def _what(founding: Founding, status: FoundingStatus, on: date) -> str:
    if status == S.ADVICE:
        lacks = advice.unclear(founding)
        return lacks[0] if lacks else "Alles besprochen: Aufruf beginnen."
    if status == S.CALLING:
        return _of_calling(founding)
    if status == S.GATHERING:
        there = interested.count(founding)
        enough = there >= founding.threshold
        return f"{there} von {founding.threshold} Interessierten. " + (
            "Raum und Termin für das Gründungstreffen festlegen."
            if enough
            else "Weiter sammeln, oder noch einmal aufrufen."
        )
    if status == S.APPOINTED:
        return _of_meeting(founding, on)
    if status == S.STARTING:
        return _of_start(founding)
    return {
        S.IDEA: "Erstgespräch vereinbaren.",
        S.INDEPENDENT: "Nach einem halben Jahr mit der Gruppe sprechen.",
        S.RESTING: "Nachsehen, ob die Gründung weitergeht.",
        S.SETTLED: "Nichts mehr: Die Gruppe besteht.",
        S.JOINED: "Nichts mehr: Die Menschen sind in einer bestehenden Gruppe.",
        S.GIVEN_UP: "Nichts mehr: Die Gründung ist aufgegeben.",
    }[status]


def _of_calling(founding: Founding) -> str:
    if calling.newest_text(founding) is None:
        return "Text für den Aufruf schreiben."
    if calling.newest_text(founding, approved=True) is None:
        return "Text freigeben lassen."
    out = Outreach.objects.filter(founding=founding, status=OutreachStatus.OUT).exists()
    return (
        "Aufruf läuft: mit dem Sammeln beginnen."
        if out
        else "Aufruf veröffentlichen und vermerken, wo er steht."
    )


def _of_meeting(founding: Founding, on: date) -> str:
    ahead = FoundingMeeting.objects.filter(founding=founding, status=MeetingStatus.PLANNED).first()
    if ahead is None:
        return "Raum und Termin festlegen."
    if ahead.on < on:
        return "Das Gründungstreffen war: Zahl der Anwesenden und Protokoll eintragen."
    said = meeting.answers(ahead)
    if not sum(said.values()):
        return "Alle auf der Liste einzeln einladen."
    if calls := said[InvitationStatus.TO_CALL]:
        return f"{calls} {'Person' if calls == 1 else 'Personen'} zum Gründungstreffen anrufen."
    return f"Gründungstreffen am {ahead.on:%d.%m.%Y}: {said[InvitationStatus.COMING]} kommen."


def _of_start(founding: Founding) -> str:
    if founding.accompanied_until is not None:
        return "Begleitung beendet: Einwilligung der Gruppe holen und ins Verzeichnis eintragen."
    there = starting.meetings_counted(founding)
    if there >= founding.meetings_planned:
        return f"{there} Treffen begleitet: Begleitung beenden und ins Verzeichnis eintragen."
    return f"Begleitung: {there} von {founding.meetings_planned} Treffen."


def _also(founding: Founding, on: date) -> Iterable[str]:
    to_ask = sum(1 for each in staying.to_ask_again(on=on) if each.founding_id == founding.pk)
    if to_ask:
        yield f"{to_ask} auf der Liste fragen, ob sie bleiben möchten."
    to_tell = Interest.objects.filter(
        founding=founding, status=InterestStatus.ENDED, told_on=None, party__isnull=False
    )
    if (left := to_tell.count()) and founding.status != S.INDEPENDENT:
        yield f"{left} auf der Liste Bescheid geben, wie es ausging."
    if calls := MeetingInvitation.objects.filter(
        meeting__founding=founding, status=InvitationStatus.TO_CALL_OFF
    ).count():
        yield f"{calls} anrufen: Das Gründungstreffen fällt aus."
    whom = interested.by_whom(founding)
    if founding.status == S.GATHERING and whom and set(whom) == {Interest.Who.RELATIVE}:
        yield "Auf der Liste stehen nur Angehörige."
