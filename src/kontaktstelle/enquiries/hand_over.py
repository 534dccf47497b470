"""Übergabe: who is away until when and who stands in, notes for the team, everything handed to somebody new."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused

from . import access, days, periods
from .keeping import once, traced
from .lifecycle import OPEN_ENQUIRY, CallBackStatus
from .models import Absence, CallBack, Enquiry, HandOverNote


class WrongDays(StepRefused):
    """The absence ends before it begins."""

    sentence = "Das Ende der Abwesenheit liegt vor ihrem Beginn."


class DeputyIsAway(StepRefused):
    """The deputy is away on one of these days too, or is the same person, or may not do what the other does here."""

    sentence = "Diese Person kann dann nicht vertreten. Bitte wählen Sie jemand anderen oder „wer da ist“."


class NeedsSomebody(StepRefused):
    """An enquiry marked "nur ich" cannot go to the whole team by itself."""

    sentence = "Anfragen mit „nur ich“ brauchen eine Person, die sie übernimmt."


class NotYours(StepRefused):
    """What is marked "nur ich" by somebody else would go over, or would come to whoever hands it over."""

    sentence = (
        "Anfragen mit „nur ich“ übergibt, wer zuständig ist, oder die Leitung, und nicht an sich selbst. "
        "Andere Anfragen können Sie einzeln auf ihrer Seite übernehmen."
    )


class NothingWritten(StepRefused):
    """An empty note."""

    sentence = "Bitte schreiben Sie, was die anderen wissen sollen."


@once(Absence)
def go_away(
    *,
    staff: Staff,
    until: date,
    by: Staff,
    at: datetime,
    since: date | None = None,
    deputy: Staff | None = None,
    form_key: UUID | None = None,
) -> Absence:
    """Say that somebody is away until a day, the last one included, and who stands in. No reason is asked or stored.

    Raises:
        WrongDays, DeputyIsAway: as their sentences say.
    """
    access.check_can_hand_over(by)
    access.check_can_log(staff)
    may_do_the_same = access.may_refer if access.may_refer(staff) else access.may_log
    first = since or days.local_day(at)
    if until < first:
        raise WrongDays
    if deputy is not None and (
        deputy.pk == staff.pk
        or not may_do_the_same(deputy)
        or Absence.objects.filter(staff=deputy, first_day__lte=until, last_day__gte=first).exists()
    ):
        raise DeputyIsAway
    row: Absence = Absence.objects.create(
        contact_point_id=current(), staff=staff, first_day=first, last_day=until, deputy=deputy
    )
    traced(by, "absence.entered", row, at=at)
    return row


@transaction.atomic
def come_back(absence: Absence, *, by: Staff, at: datetime) -> None:
    """Say that somebody is back earlier."""
    access.check_can_hand_over(by)
    traced(by, "absence.ended", absence, at=at)
    yesterday = days.local_day(at) - timedelta(days=1)
    if absence.first_day > yesterday:
        absence.delete()
    else:
        absence.last_day = min(absence.last_day, yesterday)
        absence.save()


@once(HandOverNote)
def leave_note(
    text: str, *, by: Staff, at: datetime, for_staff: Staff | None = None, form_key: UUID | None = None
) -> HandOverNote:
    """Leave a note for the team, or for one colleague; it is gone after its period.

    Raises:
        NothingWritten: as its sentence says.
    """
    access.check_can_hand_over(by)
    if not text.strip():
        raise NothingWritten
    if for_staff is not None:
        access.check_can_hand_over(for_staff)
    row = HandOverNote(
        contact_point_id=current(), written_at=at, written_by=by, for_staff=for_staff,
        erase_on=days.local_day(at) + timedelta(days=periods.days_of(periods.HAND_OVER)),
    )  # fmt: skip
    row.text = text.strip()
    row.save(force_insert=True)
    traced(by, "hand-over.noted", row, at=at)
    return row


@transaction.atomic
def unread_notes(*, by: Staff, at: datetime) -> list[tuple[UUID, str]]:
    """Open the notes left for somebody that they have not marked as read, oldest first."""
    access.check_can_hand_over(by)
    rows = HandOverNote.objects.filter(Q(for_staff=None) | Q(for_staff=by)).order_by("written_at", "pk")
    unread = [row for row in rows if str(by.pk) not in row.read_by]
    for row in unread:
        traced(by, "hand-over.read", row, at=at)
    return [(row.pk, row.text or "") for row in unread]


def unread_count(*, by: Staff) -> int:
    """Return how many notes wait for somebody, without opening one."""
    access.check_can_hand_over(by)
    rows = HandOverNote.objects.filter(Q(for_staff=None) | Q(for_staff=by)).values_list("read_by", flat=True)
    return sum(str(by.pk) not in read_by for read_by in rows)


@transaction.atomic
def mark_read(note: UUID, *, by: Staff, at: datetime) -> None:
    """Mark a note as read by oneself. Safe to do twice."""
    access.check_can_hand_over(by)
    row = (
        HandOverNote.objects.select_for_update().filter(Q(for_staff=None) | Q(for_staff=by), pk=note).first()
    )
    if row is not None and str(by.pk) not in row.read_by:
        row.read_by = [*row.read_by, str(by.pk)]
        row.save()
        traced(by, "hand-over.marked-read", row, at=at)


@transaction.atomic
def hand_all(*, of: Staff, to: Staff | None, by: Staff, at: datetime) -> tuple[int, int]:
    """Stellenübergabe: give everything open that somebody covers to somebody else, or to whoever is there.

    Returns:
        How many enquiries and call-backs went over.

    Raises:
        NeedsSomebody: "nur ich" and nobody named.
        NotYours: "nur ich", and neither they themselves nor the Leitung hands it to somebody else.
        NotAllowed: the successor works elsewhere, or may not do what is handed to them.
    """
    access.check_can_hand_over(by)
    going = list(
        Enquiry.objects.select_for_update().filter(covered_by=of, de_identified=False).order_by("pk")
    )
    if to is not None:
        # Who only leads reads no notes: what went to them would be nobody's.
        (access.check_can_refer if going else access.check_can_log)(to)
    if any(enquiry.only_me for enquiry in going):
        if to is None:
            raise NeedsSomebody
        _check_passes_on(of, to, by)
    for enquiry in going:
        traced(by, "enquiry.handed-over", enquiry, at=at, fields=["covered_by"])
    moved = sum(enquiry.status in OPEN_ENQUIRY for enquiry in going)
    Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in going]).update(
        covered_by=to, version=F("version") + 1
    )
    call_backs = CallBack.objects.filter(covered_by=of, status=CallBackStatus.PROMISED)
    return moved, call_backs.update(covered_by=to, version=F("version") + 1)


def _check_passes_on(of: Staff, to: Staff, by: Staff) -> None:
    """Refuse whoever may not pass on what somebody keeps to themselves."""
    if by.pk == of.pk:
        return
    # In an office of one the Leitung takes over from who has left: nobody else is there, and the person still waits.
    if not access.may_lead(by) or (by.pk == to.pk and access.may_refer(of)):
        raise NotYours


def away_on(day: date) -> dict[UUID, UUID | None]:
    """Return who is away on a day, with their deputy or None for whoever is there."""
    rows = Absence.objects.filter(first_day__lte=day, last_day__gte=day).order_by("pk")
    return dict(rows.values_list("staff_id", "deputy_id"))
