"""Übergabe: notes for whoever comes next, who is away and who stands in, everything to somebody new."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import duties, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take
from kontaktstelle.enquiries import access, hand_over
from kontaktstelle.enquiries.lifecycle import OPEN_ENQUIRY, CallBackStatus
from kontaktstelle.enquiries.models import Absence, CallBack, Enquiry
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused


class UntilWhen(StepRefused):
    """No last day."""

    sentence = "Bis wann? Bitte geben Sie den letzten Tag an."


class WhomUnknown(StepRefused):
    """Nobody named, or nobody of this office."""

    sentence = "Bitte wählen Sie jemanden aus."


@door(Right.HAND_OVER)
def overview(request: HttpRequest) -> HttpResponse:
    """Show the notes left for one, who is away, and what somebody covers."""
    return _page(request)


@door(Right.HAND_OVER)
def leave_note(request: HttpRequest) -> HttpResponse:
    """Leave a note for the team or one colleague."""
    return _taken(
        request,
        "note",
        lambda: hand_over.leave_note(
            request.POST.get("text", ""), for_staff=_named(request.POST.get("for_staff", "")), **common(request)
        ),
        "Die Notiz liegt bereit.",
    )  # fmt: skip


@door(Right.HAND_OVER)
def mark_read(request: HttpRequest, note: UUID) -> HttpResponse:
    """Mark a note as read."""
    if not any(number == note for number, _ in hand_over.unread_notes(by=staff_of(request), at=timezone.now())):
        # Already read looks like never there; nothing is told about others' notes.
        raise Http404
    return _taken(
        request,
        "note",
        lambda: hand_over.mark_read(note, by=staff_of(request), at=timezone.now()),
        "Gelesen.",
    )


@door(Right.HAND_OVER)
def go_away(request: HttpRequest) -> HttpResponse:
    """Say until when somebody is away, and who stands in; never why."""

    def step() -> None:
        post = request.POST
        who = _named(post.get("staff", "")) or staff_of(request)
        until = typed.day(post.get("until", ""))
        if until is None:
            raise UntilWhen
        hand_over.go_away(
            staff=who, until=until, since=typed.day(post.get("since", "")), deputy=_named(post.get("deputy", "")), **common(request)
        )  # fmt: skip

    return _taken(request, "away", step, "Eingetragen. Was fällig wird, sieht die Vertretung.")


@door(Right.HAND_OVER)
def come_back(request: HttpRequest, absence: int) -> HttpResponse:
    """Say that somebody is back earlier."""
    row = Absence.objects.filter(pk=absence).first()
    if row is None:
        raise Http404
    return _taken(
        request,
        "away",
        lambda: hand_over.come_back(row, by=staff_of(request), at=timezone.now()),
        "Wieder da.",
    )


@door(Right.HAND_OVER)
def hand_all(request: HttpRequest) -> HttpResponse:
    """Stellenübergabe: everything somebody covers to somebody else, or to whoever is there."""
    went: list[tuple[int, int]] = []

    def step() -> None:
        of = _named(request.POST.get("of", ""))
        if of is None:
            raise WhomUnknown
        went.append(
            hand_over.hand_all(of=of, to=_named(request.POST.get("to", "")), by=staff_of(request), at=timezone.now())
        )  # fmt: skip

    answer = _taken(request, "all", step, "")
    for enquiries, call_backs in went:
        say(request, f"Übergeben: {_count(enquiries, 'Anfrage', 'Anfragen')} und {_count(call_backs, 'Rückruf', 'Rückrufe')}.")  # fmt: skip
    return answer


def _taken(request: HttpRequest, where: str, step: Any, said: str) -> HttpResponse:
    return take(
        request,
        step,
        back=reverse("desk:hand_over"),
        said=said,
        again=lambda refused: _page(request, wrong=refused.sentence, where=where, status=REFUSED),
    )


def _page(request: HttpRequest, *, wrong: str = "", where: str = "", status: int = 200) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    today: date = timezone.localdate()
    away = Absence.objects.filter(last_day__gte=today).select_related("staff", "deputy")
    everybody = [(str(each.pk), duties.called(each)) for each in _colleagues()]
    context: dict[str, Any] = {
        "notes": hand_over.unread_notes(by=staff, at=now), "wrong": wrong, "where": where, "typed": request.POST, "today": today,
        "away": [(row, duties.called(row.staff), duties.called(row.deputy)) for row in away.order_by("first_day")],
        "everybody": everybody, "others": [each for each in everybody if each[0] != str(staff.pk)], "me": str(staff.pk),
        "covering": _covering(),
    }  # fmt: skip
    return page(request, "desk/hand_over.html", context, status=status)


def _colleagues() -> list[Staff]:
    found = Staff.objects.filter(
        posts__contact_point_id=current(), posts__role__in=rights.TABLE[Right.HAND_OVER], is_active=True
    )
    return list(found.distinct().order_by("name", "email"))


def _covering() -> list[tuple[str, str, str]]:
    """Return who covers something open, also who has left, with how much it is."""
    counts: dict[Any, list[int]] = {}
    for number in Enquiry.objects.filter(status__in=OPEN_ENQUIRY, covered_by__isnull=False).values_list("covered_by", flat=True):  # fmt: skip
        counts.setdefault(number, [0, 0])[0] += 1
    for number in CallBack.objects.filter(status=CallBackStatus.PROMISED, covered_by__isnull=False).values_list("covered_by", flat=True):  # fmt: skip
        counts.setdefault(number, [0, 0])[1] += 1
    people = Staff.objects.in_bulk(list(counts))
    return [
        (
            str(number),
            duties.called(people.get(number)),
            f"{_count(enquiries, 'Anfrage', 'Anfragen')}, {_count(call_backs, 'Rückruf', 'Rückrufe')}",
        )
        for number, (enquiries, call_backs) in counts.items()
    ]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _named(number: str) -> Staff | None:
    """Return who is named; "" is nobody. The step refuses whoever does not work here.

    Raises:
        WhomUnknown: no such person.
    """
    if not number:
        return None
    try:
        found = Staff.objects.filter(pk=UUID(number)).first()
    except ValueError as error:
        raise WhomUnknown from error
    if found is None:
        raise WhomUnknown
    return found
