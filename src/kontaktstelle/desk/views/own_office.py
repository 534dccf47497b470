"""The office's own record: what it says of itself, its sites and Sprechzeiten, the days on which it is closed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import own_office, typed
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import REFUSED, staff_of, take, told
from kontaktstelle.organisation import closings, own_record
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

PREVIEW = "vorschau"


class DayMissing(StepRefused):
    """A closing without a first day."""

    sentence = "Bitte geben Sie an, ab welchem Tag geschlossen ist."


@door(Right.EDIT_OFFICE)
def record(request: HttpRequest) -> HttpResponse:
    """Show what the office says of itself; change one part of it, or take the last change back."""
    if request.method != "POST":
        return _office_page(request)
    office, said = request.contact_point, request.POST  # type: ignore[attr-defined]
    who = told(request)
    seen = said.get("seen", "")
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "angaben": (
            lambda: own_record.change_office(office, own_office.facts_typed(said), seen=seen, **who),
            "Die Angaben stehen jetzt so auf allen Seiten.",
        ),
        "farbe": (
            lambda: own_record.change_office(
                office, {"accent": said.get("accent", "").strip().lower()}, seen=seen, **who
            ),
            "Die Farbe steht jetzt auf allen Seiten.",
        ),
        "gebiet": (
            lambda: own_record.serve(office, said.get("areas", ""), seen=seen, **who),
            "Für dieses Gebiet sind Sie jetzt zuständig.",
        ),
        "zurueck": (
            lambda: own_record.take_back(own_record.OFFICE, office, **who),
            "Zurückgenommen. Es steht wieder da, was vorher dastand.",
        ),
        "gebiet-zurueck": (
            lambda: own_record.take_back(own_record.AREA, office, **who),
            "Zurückgenommen. Das Gebiet ist wieder das frühere.",
        ),
    }
    if said.get("schritt") not in steps:
        return _office_page(request)
    step, done = steps[said["schritt"]]
    return take(
        request,
        step,
        back=reverse("desk:own_office"),
        said=done,
        again=lambda refused: _office_page(request, refused),
    )


@door(Right.EDIT_OFFICE)
def new_site(request: HttpRequest) -> HttpResponse:
    """Add a site."""
    made: list[int] = []

    def again(refused: StepRefused | None) -> HttpResponse:
        shown = {name: request.POST.get(name, "") for name in own_record.SITE_FACTS}
        return page(
            request,
            "desk/own_site_new.html",
            {"shown": shown, "wrong": refused.sentence if refused else ""},
        )

    if request.method != "POST":
        return again(None)
    return take(
        request,
        lambda: made.append(
            own_record.add_site(
                request.contact_point,  # type: ignore[attr-defined]
                request.POST.dict(),
                **told(request),
            ).pk
        ),
        back=lambda: reverse("desk:own_site", args=[made[0]]),
        said="Der Standort ist eingetragen. Jetzt fehlen noch seine Sprechzeiten.",
        again=again,
    )


@door(Right.EDIT_OFFICE)
def site(request: HttpRequest, site: int) -> HttpResponse:
    """Show a site; change its address or Sprechzeiten, see first what everybody would read, or remove it."""
    office = request.contact_point  # type: ignore[attr-defined]
    row = own_office.site_of(office, site)
    if request.method != "POST":
        return _site_page(request, site)
    said, who = request.POST, told(request)
    seen, here = said.get("seen", ""), reverse("desk:own_site", args=[site])
    if said.get("schritt") == "zeiten" and PREVIEW in said:
        return _preview(
            request,
            lambda: own_record.set_hours(row, said.get("hours", ""), seen=seen, **who),
            lambda refused: _site_page(request, site, refused),
        )
    steps: dict[str, tuple[Callable[[], object], str, str]] = {
        "angaben": (
            lambda: own_record.change_site(row, said.dict(), seen=seen, **who),
            here,
            "Der Standort ist geändert.",
        ),
        "zeiten": (
            lambda: own_record.set_hours(row, said.get("hours", ""), seen=seen, **who),
            here,
            "Die Sprechzeiten stehen jetzt auf den Seiten.",
        ),
        "zurueck": (lambda: own_record.take_back(own_record.SITE, row, **who), here, "Zurückgenommen."),
        "zeiten-zurueck": (
            lambda: own_record.take_back(own_record.HOURS, row, **who),
            here,
            "Zurückgenommen. Es gelten wieder die früheren Sprechzeiten.",
        ),
        "entfernen": (
            lambda: own_record.remove_site(row, **who),
            reverse("desk:own_office"),
            "Der Standort ist entfernt.",
        ),
    }
    if said.get("schritt") not in steps:
        return _site_page(request, site)
    step, back, done = steps[said["schritt"]]
    return take(request, step, back=back, said=done, again=lambda refused: _site_page(request, site, refused))


@door(Right.EDIT_OFFICE)
def closed_days(request: HttpRequest) -> HttpResponse:
    """Show when the office is closed; close it, after a look at what everybody will read, or open it again."""
    if request.method != "POST":
        return _closings_page(request)
    office, said = request.contact_point, request.POST  # type: ignore[attr-defined]
    by, at = str(staff_of(request).pk), timezone.now()

    def step() -> object:
        where = typed.whole_number(said.get("site", ""))
        place = own_office.site_of(office, where) if where > 0 else None
        first = typed.day(said.get("first_day", ""))
        if first is None:
            raise DayMissing
        if said.get("schritt") == "oeffnen":
            return closings.reopen(office, first, place, by=by, at=at)
        last = typed.day(said.get("last_day", "")) or first
        return closings.close(office, first, last, said.get("note", ""), place, by=by, at=at)

    if PREVIEW in said:
        return _preview(request, step, lambda refused: _closings_page(request, refused))
    opened = said.get("schritt") == "oeffnen"
    return take(
        request,
        step,
        back=reverse("desk:closed_days"),
        said="Wieder geöffnet. Das steht jetzt auf den Seiten."
        if opened
        else "Eingetragen. Das steht jetzt auf den Seiten.",
        again=lambda refused: _closings_page(request, refused),
    )


def _preview(
    request: HttpRequest, step: Callable[[], object], again: Callable[[StepRefused | None], HttpResponse]
) -> HttpResponse:
    """Show the page again with what everybody would read after the step; the page asks for it (`previewed`)."""
    office = request.contact_point  # type: ignore[attr-defined]
    try:
        first = typed.day(request.POST.get("first_day", "")) or timezone.localdate()
        moments = {timezone.now(): "Jetzt", own_office.morning_of(first): "Am ersten Tag, morgens"}
        said = own_office.said_after(step, office, *moments)
        request.previewed = list(zip(moments.values(), said, strict=True))  # type: ignore[attr-defined]
        if first <= timezone.localdate():
            request.previewed = request.previewed[:1]  # type: ignore[attr-defined]
    except StepRefused as refused:
        answer = again(refused)
        answer.status_code = REFUSED
        return answer
    return again(None)


def _office_page(request: HttpRequest, refused: StepRefused | None = None) -> HttpResponse:
    post = request.POST if request.method == "POST" else None
    return page(request, "desk/own_office.html", own_office.page_of(request.contact_point, post, refused))  # type: ignore[attr-defined]


def _site_page(request: HttpRequest, number: int, refused: StepRefused | None = None) -> HttpResponse:
    row = own_office.site_of(request.contact_point, number)  # type: ignore[attr-defined]
    context = own_office.site_page(row, request.POST if request.method == "POST" else None, refused)
    context["previewed"] = getattr(request, "previewed", [])
    return page(request, "desk/own_site.html", context)


def _closings_page(request: HttpRequest, refused: StepRefused | None = None) -> HttpResponse:
    office = request.contact_point  # type: ignore[attr-defined]
    names = ("first_day", "last_day", "note", "site")
    context = {
        "shown": {name: request.POST.get(name, "") for name in names},
        "wrong": refused.sentence if refused else "",
        "closings": own_office.coming_closings(office, timezone.localdate()),
        "sites": [(str(each.pk), each.name) for each in office.sites.order_by("pk")],
        "now": own_office.said_of(office, timezone.now()),
        "previewed": getattr(request, "previewed", []),
        "longest_note": closings.LONGEST_NOTE,
    }
    return page(request, "desk/closed_days.html", context)
