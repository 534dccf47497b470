"""Begleitung: a group's log, its signs, dates for helpers. Opened by those who counsel alone."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take, told
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused
from kontaktstelle.support import access, helper_dates, log, signs

from . import forms, shown


@door(Right.SUPPORT)
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is next with groups, and which signs stand."""
    context = shown.overview(
        request.GET.get("zeichen", shown.OTHERS), request.GET.get("seite"), today=timezone.localdate()
    )
    return page(request, "desk/support/overview.html", context)


@door(Right.SUPPORT)
def group_log(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show a group's log, and write into it; a second button confirms the group's entry by the way."""
    row = access.group_for(staff_of(request), group)
    if request.method != "POST":
        return _group_page(request, group)
    said, confirms = forms.read(request.POST), "stimmt" in request.POST
    try:
        log.note(
            row,
            forms.facts(said, _office(request), today=timezone.localdate()),
            confirms=confirms,
            **common(request),
        )
    except StepRefused as refused:
        return _group_page(request, group, said, wrong=refused.sentence)
    say(request, "Eingetragen. Der Stand der Gruppe ist von heute." if confirms else "Eingetragen.")
    return HttpResponseRedirect(reverse("desk:group_support", args=[group]))


@door(Right.SUPPORT)
def entry(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Change an entry; what was typed stays when somebody else was first."""
    row = access.entry_for(staff_of(request), entry)
    said = forms.read(request.POST)
    if request.method != "POST":
        return _entry_page(request, entry)
    return take(
        request,
        lambda: log.rewrite(
            row,
            forms.facts(said, _office(request), today=timezone.localdate()),
            seen=typed.version(request.POST) or 0,
            **told(request),
        ),
        back=reverse("desk:group_support", args=[row.group_id]),
        said="Der Eintrag ist geändert.",
        again=lambda refused: _entry_page(request, entry, said, wrong=refused.sentence),
    )


@door(Right.SUPPORT)
def take_back(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Take an entry out of the log."""
    row = access.entry_for(staff_of(request), entry)
    return take(
        request,
        lambda: log.take_back(row, seen=typed.version(request.POST) or 0, **told(request)),
        back=reverse("desk:group_support", args=[row.group_id]),
        said="Der Eintrag ist zurückgenommen und zählt nicht.",
        again=lambda refused: _entry_page(request, entry, wrong=refused.sentence),
    )


@door(Right.SUPPORT)
def next_done(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Mark what was next as done."""
    row = access.entry_for(staff_of(request), entry)
    return take(
        request,
        lambda: log.next_done(row, **told(request)),
        back=reverse("desk:group_support", args=[row.group_id]),
        said="Der Termin ist erledigt. Was war, tragen Sie hier ein.",
        again=lambda refused: _entry_page(request, entry, wrong=refused.sentence),
    )


@door(Right.SUPPORT)
def set_aside(request: HttpRequest, group: UUID) -> HttpResponse:
    """Let a sign rest until a day."""
    row = access.group_for(staff_of(request), group)

    def step() -> object:
        until = typed.day(request.POST.get("until", ""))
        return signs.set_aside(row, request.POST.get("code", ""), until, **told(request))

    return take(
        request,
        step,
        back=_where(request, group),
        said="Das Zeichen ruht bis zu diesem Tag.",
        again=lambda refused: _group_page(request, group, wrong=refused.sentence),
    )


@door(Right.SUPPORT)
def bring_back(request: HttpRequest, group: UUID) -> HttpResponse:
    """Let a sign stand again."""
    row = access.group_for(staff_of(request), group)
    return take(
        request,
        lambda: signs.bring_back(row, request.POST.get("code", ""), **told(request)),
        back=_where(request, group),
        said="Das Zeichen steht wieder.",
        again=lambda refused: _group_page(request, group, wrong=refused.sentence),
    )


@door(Right.SUPPORT)
def tell_date(request: HttpRequest, group: UUID) -> HttpResponse:
    """Make a date for helpers, with its link."""
    row = access.group_for(staff_of(request), group)

    def step() -> object:
        on, begins = typed.day(request.POST.get("on", "")), typed.clock(request.POST.get("begins", ""))
        return helper_dates.tell(row, on, request.POST.get("place", ""), begins=begins, **told(request))

    return take(
        request,
        step,
        back=reverse("desk:group_support", args=[group]) + "#helfende",
        said="Der Termin hat jetzt einen Link. Sagen oder senden Sie ihn der Person, die hilft.",
        again=lambda refused: _group_page(request, group, wrong=refused.sentence, where="date"),
    )


@door(Right.SUPPORT)
def withdraw_date(request: HttpRequest, helper_date: UUID) -> HttpResponse:
    """Take a date for helpers back; its link leads nowhere then."""
    row = access.date_for(staff_of(request), helper_date)
    return take(
        request,
        lambda: helper_dates.withdraw(row, **told(request)),
        back=reverse("desk:group_support", args=[row.group_id]) + "#helfende",
        said="Der Link gilt nicht mehr.",
        again=lambda refused: _group_page(request, row.group_id, wrong=refused.sentence),
    )


def _group_page(
    request: HttpRequest,
    number: UUID,
    said: forms.Texts | None = None,
    *,
    wrong: str = "",
    where: str = "",
) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    row = access.group_for(staff, number)
    context: dict[str, Any] = shown.of_group(row, by=staff, at=now, today=timezone.localdate(now))
    context |= forms.offered(row, _office(request))
    context |= {"said_form": said or forms.Texts(), "wrong": wrong, "where": where, "typed": request.POST}
    context["site_address"] = request.build_absolute_uri("/").rstrip("/")
    return page(request, "desk/support/group.html", context, status=REFUSED if wrong else 200)


def _entry_page(
    request: HttpRequest, number: UUID, said: forms.Texts | None = None, *, wrong: str = ""
) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    row = log.opened(access.entry_for(staff, number), by=staff, at=now)
    context: dict[str, Any] = forms.offered(row.group, _office(request))
    context |= {"row": row, "said_form": said or forms.of_entry(row), "wrong": wrong}
    context["today"] = timezone.localdate(now)
    # Beside what was typed: what stands there now, if somebody else was first.
    context["stored"] = forms.of_entry(row) if said and wrong else None
    return page(request, "desk/support/entry.html", context, status=REFUSED if wrong else 200)


def _where(request: HttpRequest, group: UUID) -> str:
    """Return to the overview if the button stood there."""
    return (
        reverse("desk:support") if "overview" in request.POST else reverse("desk:group_support", args=[group])
    )


def _office(request: HttpRequest) -> Any:
    return request.contact_point  # type: ignore[attr-defined]
