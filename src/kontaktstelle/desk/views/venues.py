"""Treffpunkte: the list, a venue and its groups, the steps on it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import typed, venue_pages
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, staff_of, take
from kontaktstelle.groups import venues as steps
from kontaktstelle.groups.checking import ValuesUnfit
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused


@door(Right.EDIT_GROUP)
def venues(request: HttpRequest) -> HttpResponse:
    """List the office's venues."""
    return page(request, "desk/venues.html", {"rows": venue_pages.rows()})


@door(Right.EDIT_GROUP)
def create(request: HttpRequest) -> HttpResponse:
    """Make a venue; one that is there is shown before it is made twice."""
    if request.method != "POST":
        return _form(request, venue_pages.texts(None))
    said = venue_pages.read(request.POST)
    alike = venue_pages.like(None, said)
    asked = {str(each.pk) for each in alike}
    if alike and asked != set(request.POST.getlist("alike")):
        return _form(request, said, alike=alike)
    try:
        row = steps.create(said, by=staff_of(request), at=timezone.now())
    except StepRefused as refused:
        return _form(request, said, refused=refused)
    say(request, "Der Treffpunkt ist eingetragen.")
    return HttpResponseRedirect(reverse("desk:venue", args=[row.pk]))


@door(Right.EDIT_GROUP)
def venue(request: HttpRequest, venue: int) -> HttpResponse:
    """Show a venue and the groups that meet there, or change it."""
    row = venue_pages.venue_of(venue)
    if request.method != "POST":
        return _page(request, venue, venue_pages.texts(row))
    said = venue_pages.read(request.POST)
    try:
        steps.change(row, said, by=staff_of(request), at=timezone.now(), seen=typed.moment(request.POST))
    except StepRefused as refused:
        return _page(request, venue, said, refused=refused)
    say(request, "Der Treffpunkt ist gespeichert, auch bei seinen Gruppen.")
    return HttpResponseRedirect(reverse("desk:venue", args=[venue]))


@door(Right.EDIT_GROUP)
def close(request: HttpRequest, venue: int) -> HttpResponse:
    """Close a venue; its groups pause."""
    row = venue_pages.venue_of(venue)
    note = " ".join(request.POST.get("note", "").split())
    return _taken(
        request,
        venue,
        lambda: steps.close(row, note, by=staff_of(request), at=timezone.now()),
        "Der Treffpunkt ist geschlossen, seine Gruppen pausieren.",
    )


@door(Right.EDIT_GROUP)
def reopen(request: HttpRequest, venue: int) -> HttpResponse:
    """Open a venue again."""
    row = venue_pages.venue_of(venue)
    return _taken(
        request,
        venue,
        lambda: steps.reopen(row, by=staff_of(request), at=timezone.now()),
        "Der Treffpunkt ist wieder offen, seine Gruppen stehen, wo sie standen.",
    )


@door(Right.EDIT_GROUP)
def delete(request: HttpRequest, venue: int) -> HttpResponse:
    """Delete a venue nobody meets at."""
    row = venue_pages.venue_of(venue)
    return _taken(
        request,
        venue,
        lambda: steps.delete(row, by=staff_of(request), at=timezone.now()),
        f"Der Treffpunkt „{row.name}“ ist gelöscht.",
        back=reverse("desk:venues"),
    )


def _taken(
    request: HttpRequest, number: int, step: Callable[[], object], said: str, *, back: str = ""
) -> HttpResponse:
    return take(
        request,
        step,
        back=back or reverse("desk:venue", args=[number]),
        said=said,
        again=lambda refused: _page(
            request, number, venue_pages.texts(venue_pages.venue_of(number)), refused=refused
        ),
    )


def _page(
    request: HttpRequest, number: int, said: dict[str, str], *, refused: StepRefused | None = None
) -> HttpResponse:
    row = venue_pages.venue_of(number)
    stored = venue_pages.texts(row)
    context = venue_pages.context(row) | _wrong(refused) | {"entered": said, "answers": venue_pages.ANSWERS}
    context["theirs"] = stored if isinstance(refused, steps.VenueChangedMeanwhile) else None
    context["note"] = request.POST.get("note", "")
    return page(request, "desk/venue.html", context, status=REFUSED if refused else 200)


def _form(
    request: HttpRequest, said: dict[str, str], *, refused: StepRefused | None = None, alike: object = ()
) -> HttpResponse:
    context = _wrong(refused) | {
        "venue": None,
        "entered": said,
        "answers": venue_pages.ANSWERS,
        "alike": alike,
        "theirs": None,
    }
    return page(request, "desk/venue_new.html", context, status=REFUSED if refused else 200)


def _wrong(refused: StepRefused | None) -> dict[str, object]:
    problems = refused.problems if isinstance(refused, ValuesUnfit) else {}
    return {"problems": problems, "wrong": refused.sentence if refused and not problems else ""}
