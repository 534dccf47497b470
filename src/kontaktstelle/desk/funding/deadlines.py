"""Förderung: the calendar of deadlines, a round and its check, a programme and who sits where its money is awarded."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import typed
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import take, told
from kontaktstelle.funding import applications, programmes, seats, subscribing, telling
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

from . import calendar_page, forms


@door(Right.FUNDING)
def overview(request: HttpRequest) -> HttpResponse:
    """Show this year's deadlines and the next's; what nobody has checked is striped."""
    return _overview(request)


@door(Right.FUNDING)
def carry_over(request: HttpRequest) -> HttpResponse:
    """Carry last year's deadlines into a year, unchecked."""
    year = typed.whole_number(request.POST.get("jahr", ""))
    return take(
        request,
        lambda: programmes.carry_over(year, **told(request)),
        back=reverse("desk:funding"),
        said=f"Was es für {year} noch nicht gab, ist aus dem Vorjahr übernommen: ungeprüft.",
        again=lambda refused: _overview(request, refused.sentence),
    )


@door(Right.FUNDING)
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """Make the secret address of the office's calendar, or a new one that ends the old."""
    return take(
        request,
        lambda: subscribing.renew(**told(request)),
        back=reverse("desk:funding") + "#kalender",
        said="Der Kalender hat eine neue Adresse. Eine frühere öffnet nichts mehr.",
        again=lambda refused: _overview(request, refused.sentence),
    )


@door(Right.FUNDING)
def new_programme(request: HttpRequest) -> HttpResponse:
    """Enter a programme of the office's own place."""

    def form(refused: StepRefused | None = None) -> HttpResponse:
        context = calendar_page.new_programme_context() | {
            "typed": request.POST,
            "whom": request.POST.getlist("whom") if request.method == "POST" else ["groups"],
            "wrong": refused.sentence if refused else "",
        }
        return page(request, "desk/funding/programme_new.html", context)

    if request.method != "POST":
        return form()
    made: list[int] = []

    def step() -> None:
        facts = forms.facts_of_programme(request.POST)
        made.append(
            _in_german(
                lambda: programmes.add_own_programme(facts, form_key=typed.key(request.POST), **told(request))
            ).pk
        )

    return take(
        request,
        step,
        back=lambda: reverse("desk:funding_programme", args=made),
        said="Das Programm steht im Kalender. Tragen Sie jetzt seine Frist ein.",
        again=form,
    )


@door(Right.FUNDING)
def programme(request: HttpRequest, programme: int) -> HttpResponse:
    """Show a programme, its deadlines and who sits in its awarding round; enter a deadline, a seat, its end."""
    row = calendar_page.programme_of(programme)
    said = request.POST
    here = reverse("desk:funding_programme", args=[programme])
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "frist": (
            lambda: _in_german(
                lambda: programmes.add_round(
                    row, forms.facts_of_new_round(said), form_key=typed.key(said), **told(request)
                )
            ),
            "Die Frist ist eingetragen, ungeprüft. Verschickt wird erst, was geprüft ist.",
        ),
        "sitz": (
            lambda: seats.seat(
                row,
                calendar_page.capacity_of(said.get("als", "")),
                since=typed.day(said.get("seit", "")) or timezone.localdate(),
                staff=calendar_page.colleague(said.get("kollegin", "") if typed.is_number(said.get("kollegin", "")) else ""),
                person=said.get("person", ""),
                **told(request),
            ),
            "Der Sitz ist eingetragen.",
        ),
        "sitz-endet": (
            lambda: seats.leave(
                typed.number(said.get("sitz", "")) or UUID(int=0),
                until=typed.day(said.get("bis", "")) or timezone.localdate(),
                **told(request),
            ),
            "Das Ende des Sitzes ist eingetragen.",
        ),
    }  # fmt: skip
    if request.method != "POST" or said.get("schritt") not in steps:
        return _programme(request, programme)
    if said["schritt"] == "sitz-endet":
        calendar_page.check_seat(row, typed.number(said.get("sitz", "")))
    step, done = steps[said["schritt"]]
    return take(
        request,
        step,
        back=here,
        said=done,
        again=lambda refused: _programme(request, programme, refused.sentence),
    )


@door(Right.FUNDING)
def one_round(request: HttpRequest, round: int) -> HttpResponse:  # noqa: A002 - the address names it
    """Show a deadline; check it, change it, begin the office's own application."""
    row = calendar_page.round_of(round)
    said = request.POST
    here, seen = reverse("desk:funding_round", args=[round]), said.get("seen", "")
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "pruefen": (
            lambda: _in_german(
                lambda: programmes.confirm_round(
                    round, forms.facts_of_round(said), seen=seen, **told(request)
                )
            ),
            "Geprüft. Gruppen bekommen diese Frist jetzt rechtzeitig gesagt.",
        ),
        "aendern": (
            lambda: _in_german(
                lambda: programmes.change_round(round, forms.facts_of_round(said), seen=seen, **told(request))
            ),
            "Gespeichert, ungeprüft: Diese Frist wird nicht verschickt.",
        ),
        "antrag": (
            lambda: applications.begin(round, group=None, **told(request)),
            "Der Antrag Ihrer Stelle ist begonnen und steht im Kalender.",
        ),
    }
    if request.method != "POST" or said.get("schritt") not in steps:
        return _round(request, row.pk)
    step, done = steps[said["schritt"]]
    return take(
        request, step, back=here, said=done, again=lambda refused: _round(request, round, refused.sentence)
    )


def _overview(request: HttpRequest, wrong: str = "") -> HttpResponse:
    on = _today()
    office = request.contact_point  # type: ignore[attr-defined]
    path = calendar_page.feed_path()
    context = {
        "years": calendar_page.years(office, on=on),
        "calls": len(telling.calls_to_make()),
        "feed": request.build_absolute_uri(path) if path else "",
        "today": on,
        "wrong": wrong,
    }
    return page(request, "desk/funding/calendar.html", context)


def _programme(request: HttpRequest, number: int, wrong: str = "") -> HttpResponse:
    row = calendar_page.programme_of(number)
    context = calendar_page.programme_context(row, on=_today())
    return page(
        request,
        "desk/funding/programme.html",
        context | {"wrong": wrong, "typed": calendar_page.BLANK | request.POST.dict()},
    )


def _round(request: HttpRequest, number: int, wrong: str = "") -> HttpResponse:
    row = calendar_page.round_of(number)
    context: dict[str, Any] = calendar_page.round_context(row, on=_today())
    if wrong:
        context["entered"] = {name: request.POST.get(name, "") for name in context["entered"]}
    return page(request, "desk/funding/round.html", context | {"wrong": wrong})


def _in_german(step: Callable[[], Any]) -> Any:
    try:
        return step()
    except ValidationError as unfit:
        raise forms.said_in_german(unfit) from unfit


def _today() -> date:
    return timezone.localdate()
