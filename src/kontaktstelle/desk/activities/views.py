"""Aktivitäten: enter, look through, change, take back, lists in and out."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.activities import log, sheet
from kontaktstelle.desk import typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take, told
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

from . import forms, lists, shown

JUST_NOTED, MONTH = "just_noted", "month_noted"


@door(Right.LOG_CONTACT)
def activities(request: HttpRequest) -> HttpResponse:
    """Show a year by months, and enter what was done: by one line, or by fields."""
    if request.method != "POST":
        return _page(request, _first_form(request))
    said = forms.read(request.POST)
    try:
        made = log.note(forms.facts(said, _office(request), today=timezone.localdate()), **common(request))
    except StepRefused as refused:
        return _page(request, said, wrong=refused.sentence)
    request.session[JUST_NOTED] = str(made.pk)
    request.session[MONTH] = made.month.month
    line = shown.line(made)
    say(request, f"Eingetragen: {line.what}{', ' if line.reached else ''}{line.reached}.")
    return HttpResponseRedirect(f"{reverse('desk:activities')}?jahr={made.month.year}")


@door(Right.LOG_CONTACT)
def activity(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Change one entry; what stood there before can be taken back."""
    row = log.record_for(staff_of(request), activity)
    if request.method != "POST":
        return _entry_page(request, activity, forms.of_record(row))
    said = forms.read(request.POST)
    return take(
        request,
        lambda: log.change(
            row,
            forms.facts(said, _office(request), today=timezone.localdate()),
            seen=typed.version(request.POST) or 0,
            **told(request),
        ),
        back=_back(row),
        said="Der Eintrag ist geändert.",
        again=lambda refused: _entry_page(request, activity, said, wrong=refused.sentence),
    )


@door(Right.LOG_CONTACT)
def undo(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Take the last change back."""
    row = log.record_for(staff_of(request), activity)
    return take(
        request,
        lambda: log.undo(row, seen=typed.version(request.POST) or 0, **told(request)),
        back=reverse("desk:activity", args=[activity]),
        said="Die letzte Änderung ist zurückgenommen.",
        again=lambda refused: _entry_page(request, activity, forms.of_record(row), wrong=refused.sentence),
    )


@door(Right.LOG_CONTACT)
def take_out(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Take an entry out."""
    row = log.record_for(staff_of(request), activity)
    return take(
        request,
        lambda: log.take_out(row, **told(request)),
        back=_back(row),
        said="Der Eintrag ist entfernt und zählt nicht mehr.",
        again=lambda refused: _entry_page(request, activity, forms.of_record(row), wrong=refused.sentence),
    )


@door(Right.LOG_CONTACT)
def take_in(request: HttpRequest) -> HttpResponse:
    """Read a list from a file or a pasted text: all of it, or nothing with a sentence per row."""
    if request.method != "POST":
        empty = {"columns": sheet.COLUMNS, "problems": [], "wrong": "", "pasted": ""}
        return page(request, "desk/activities/take_in.html", empty)
    pasted = request.POST.get("liste", "")
    try:
        read = lists.read(request.FILES.get("datei"), pasted, _office(request))
        made = log.note_all(read.new, **common(request))
    except StepRefused as refused:
        problems = refused.problems if isinstance(refused, sheet.SheetUnreadable) else []
        context = {
            "columns": sheet.COLUMNS,
            "problems": problems,
            "wrong": refused.sentence,
            "pasted": pasted,
        }
        return page(request, "desk/activities/take_in.html", context, status=REFUSED)
    known = f" {read.known} standen schon da." if read.known else ""
    say(request, f"{len(made)} {'Zeile ist' if len(made) == 1 else 'Zeilen sind'} übernommen.{known}")
    return HttpResponseRedirect(reverse("desk:activities"))


@door(Right.LOG_CONTACT)
def give_out(request: HttpRequest) -> HttpResponse:
    """Give a year out as CSV, as it can be read in again."""
    year = shown.year_asked(request.GET.get("jahr", ""), timezone.localdate())
    answer = HttpResponse(lists.written(year), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="aktivitaeten-{year}.csv"'
    return answer


def _page(request: HttpRequest, said: forms.Texts, *, wrong: str = "") -> HttpResponse:
    today = timezone.localdate()
    year = shown.year_asked(request.GET.get("jahr", ""), today)
    context: dict[str, Any] = {
        "said_form": said,
        "wrong": wrong,
        "years": shown.years(today),
        "last": log.last_noted(),
        # Where somebody just wrote stands open.
        "shown_month": request.session.pop(MONTH, 0),
        "just_noted": request.session.pop(JUST_NOTED, ""),
        **shown.of_year(year),
        **forms.offered(_office(request), today.year),
    }
    return page(request, "desk/activities/list.html", context, status=REFUSED if wrong else 200)


def _entry_page(request: HttpRequest, number: UUID, said: forms.Texts, *, wrong: str = "") -> HttpResponse:
    row = log.record_for(staff_of(request), number)
    context: dict[str, Any] = {
        "row": row,
        "line": shown.line(row),
        "said_form": said,
        "wrong": wrong,
        **forms.offered(_office(request), row.month.year),
    }
    return page(request, "desk/activities/entry.html", context, status=REFUSED if wrong else 200)


def _first_form(request: HttpRequest) -> forms.Texts:
    """Return an empty form, or one like an entry that is there."""
    model = typed.number(request.GET.get("wie", ""))
    if model is None:
        group = typed.number(request.GET.get("gruppe", ""))
        return forms.Texts(group=str(group) if group else "")
    return forms.of_record(log.record_for(staff_of(request), model), again=True)


def _back(row: Any) -> str:
    return f"{reverse('desk:activities')}?jahr={row.month.year}"


def _office(request: HttpRequest) -> Any:
    return request.contact_point  # type: ignore[attr-defined]
