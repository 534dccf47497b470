"""Gruppen: the list, a group's page, its form with preview, and the steps on it. One step per form."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import group_form, group_list, group_page, matches, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, staff_of, take
from kontaktstelle.groups import checking, upkeep
from kontaktstelle.groups.lifecycle import Stage, WrongStage
from kontaktstelle.groups.listing import GroupChangedMeanwhile
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import TABLE, Right
from kontaktstelle.refusal import StepRefused

LONGEST_WORDS = 1000


@door(Right.EDIT_GROUP)
def groups(request: HttpRequest) -> HttpResponse:
    """List the office's groups; what is searched stands in no address."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = sent.get("welche", group_list.ALL)
    which = asked if asked in group_list.WHICH else group_list.ALL
    words = request.POST.get("worte", "").strip()[: group_list.LONGEST_SEARCH]
    shown, rows = group_list.rows(which, words, sent.get("seite"), on=timezone.localdate())
    context = {
        "which": which,
        "ways_to": {key: said for key, (said, _) in group_list.WHICH.items()},
        "words": words,
        "shown": shown,
        "rows": rows,
        "count": group_list.count(),
        "may_support": bool(TABLE[Right.SUPPORT] & request.roles),  # type: ignore[attr-defined]
    }
    return page(request, "desk/groups.html", context)


@door(Right.EDIT_GROUP)
def group(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show everything staff may know of a group."""
    return _shown(request, group)


@door(Right.EDIT_GROUP)
def create(request: HttpRequest) -> HttpResponse:
    """Make a new group, empty or as a copy of another."""
    note = "" if upkeep.may_read_note(staff_of(request)) else None
    if request.method != "POST":
        model = request.GET.get("vorlage", "")
        said = group_form.new(note=note)
        if typed.is_number(model):
            said = group_form.of_copy(group_page.group_of(UUID(model)), note=note)
        return _form(request, None, said, shown=said)
    return _sent(request, None, note=note)


@door(Right.EDIT_GROUP)
def edit(request: HttpRequest, group: UUID) -> HttpResponse:
    """Change a group: show the form, the preview, or what somebody else changed meanwhile; nothing typed is lost."""
    row = group_page.group_of(group)
    note = upkeep.note_of(row, by=staff_of(request), at=timezone.now())
    if request.method != "POST":
        stored = group_form.texts(row, note=note)
        return _form(request, row, stored, shown=stored)
    return _sent(request, row, note=note)


@door(Right.EDIT_GROUP)
def understand(request: HttpRequest) -> HttpResponse:
    """Say what typed words mean, while somebody types: topics, meetings and their next dates; nothing is stored."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    words = request.POST.get("topic_words", "")[: group_list.LONGEST_SEARCH]
    meeting = request.POST.get("meeting_text", "")[:LONGEST_WORDS]
    answer: dict[str, Any] = {"topics": [], "meeting": {}}
    if words.strip():
        answer["topics"] = [{"id": each.id, "label": each.label} for each in matches.topics_for(words)]
    try:
        values = {
            "name": "x",
            "meeting_text": meeting,
            "first_on": typed.day(request.POST.get("first_on", "")),
        }
        drafted = upkeep.draft(None, values, on=timezone.localdate())
        answer["meeting"] = group_page.reading(drafted, on=timezone.localdate())
    except StepRefused:
        pass  # half a date is no date yet
    return JsonResponse(answer)


@door(Right.EDIT_GROUP)
def move(request: HttpRequest, group: UUID) -> HttpResponse:
    """Move a group to another stage: full, open, intake stop until a day, paused, dissolved."""

    def step(row: Any) -> None:
        to = request.POST.get("to", "")
        if to not in set(Stage):
            raise WrongStage("Diesen Stand gibt es nicht.")
        if to == Stage.DISSOLVED and not request.POST.get("sicher"):
            raise WrongStage(
                "Eine aufgelöste Gruppe kommt nicht zurück. Bitte bestätigen Sie das mit dem Häkchen."
            )
        until = typed.day(request.POST.get("until", ""))
        upkeep.move(row, Stage(to), by=staff_of(request), at=timezone.now(), until=until, seen=_seen(request))

    return _taken(request, group, "move", step, "Der neue Stand gilt sofort, auch im Verzeichnis.")


@door(Right.EDIT_GROUP)
def resume(request: HttpRequest, group: UUID) -> HttpResponse:
    """End a pause."""
    return _taken(
        request,
        group,
        "move",
        lambda row: upkeep.resume(row, by=staff_of(request), at=timezone.now(), seen=_seen(request)),
        "Die Pause ist zu Ende.",
    )


@door(Right.PUBLISH_GROUP)
def publish(request: HttpRequest, group: UUID) -> HttpResponse:
    """Put a group into the directory."""

    def step(row: Any) -> None:
        basis_on = typed.day(request.POST.get("basis_on", ""))
        basis = request.POST.get("basis", "")
        upkeep.publish(row, basis, basis_on, by=staff_of(request), at=timezone.now(), seen=_seen(request))

    return _taken(request, group, "publish", step, "Die Gruppe steht im Verzeichnis.")


@door(Right.PUBLISH_GROUP)
def take_out(request: HttpRequest, group: UUID) -> HttpResponse:
    """Take a group out of the directory."""
    return _taken(
        request,
        group,
        "publish",
        lambda row: upkeep.take_out(row, by=staff_of(request), at=timezone.now(), seen=_seen(request)),
        "Die Gruppe steht nicht mehr im Verzeichnis.",
    )


@door(Right.EDIT_GROUP)
def confirm(request: HttpRequest, group: UUID) -> HttpResponse:
    """Note that the group has confirmed its facts today."""
    return _taken(
        request,
        group,
        "confirm",
        lambda row: upkeep.confirm(row, by=staff_of(request), at=timezone.now()),
        "Der Stand ist von heute.",
    )


@door(Right.EDIT_GROUP)
def undo(request: HttpRequest, group: UUID) -> HttpResponse:
    """Take the last change back."""
    return _taken(
        request,
        group,
        "undo",
        lambda row: upkeep.undo(row, by=staff_of(request), at=timezone.now()),
        "Die letzte Änderung ist zurückgenommen.",
    )


def _taken(
    request: HttpRequest, number: UUID, where: str, step: Callable[[Any], object], said: str
) -> HttpResponse:
    row = group_page.group_of(number)
    return take(
        request,
        lambda: step(row),
        back=reverse("desk:group", args=[number]),
        said=said,
        again=lambda refused: _shown(request, number, wrong=refused.sentence, where=where),
    )


def _shown(request: HttpRequest, number: UUID, *, wrong: str = "", where: str = "") -> HttpResponse:
    row = group_page.group_of(number)
    staff = staff_of(request)
    context = group_page.context(row, by=staff, on=timezone.localdate())
    context |= {
        "note": upkeep.note_of(row, by=staff, at=timezone.now()),
        "wrong": wrong,
        "where": where,
        "typed": request.POST,
    }
    return page(request, "desk/group.html", context, status=REFUSED if wrong else 200)


def _sent(request: HttpRequest, row: Any, *, note: str | None) -> HttpResponse:
    """Answer a form that was sent: ask back, show the preview, save, or show it again with what is wrong."""
    said = group_form.read(request.POST, with_note=note is not None)
    staff, now = staff_of(request), timezone.now()
    words = request.POST.get("topic_words", "").strip()[: group_list.LONGEST_SEARCH]
    if words and words != request.POST.get("asked_about", "").strip():
        # Words nobody has chosen a topic for: what they may mean is offered, once, and nothing is decided for anyone.
        return _form(request, row, said, proposals=matches.topics_for(words), topic_words=words)
    try:
        values = group_form.values(said)
        if "preview" in request.POST:
            made = upkeep.draft(row, values, on=timezone.localdate())
            return _form(request, row, said, drafted=made)
        if row is None:
            number = typed.key(request.POST) or uuid4()
            row = upkeep.create(values, by=staff, at=now, number=number)
            say(request, "Die Gruppe ist angelegt. Was noch fehlt, steht unten.")
        else:
            row = upkeep.change(row, values, by=staff, at=now, seen=_seen(request))
            say(request, "Die Angaben sind gespeichert.")
    except checking.ValuesUnfit as refused:
        return _form(request, row, said, problems=refused.problems, status=REFUSED)
    except GroupChangedMeanwhile as refused:
        row = group_page.group_of(row.pk)
        stored = group_form.texts(row, note=note)
        merged, meanwhile = group_form.compare(said, request.POST.get("shown", ""), stored)
        return _form(
            request, row, merged, shown=stored, meanwhile=meanwhile, wrong=refused.sentence, status=REFUSED
        )
    except StepRefused as refused:
        return _form(request, row, said, wrong=refused.sentence, status=REFUSED)
    return HttpResponseRedirect(reverse("desk:group", args=[row.pk]))


def _form(
    request: HttpRequest,
    row: Any,
    said: group_form.Texts,
    *,
    shown: group_form.Texts | None = None,
    problems: dict[str, str] | None = None,
    meanwhile: list[group_form.Meanwhile] | None = None,
    proposals: list[matches.Proposal] | None = None,
    topic_words: str = "",
    drafted: Any = None,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    on = timezone.localdate()
    seen = row.changed_at.isoformat() if row else ""
    context: dict[str, Any] = {
        "group": row,
        "entered": said,
        "problems": problems or {},
        "meanwhile": meanwhile or [],
        "proposals": proposals,
        "topic_words": topic_words,
        "wrong": wrong,
        # What the page first showed goes on with the form, until somebody's change was compared with it.
        "seen": seen if shown is not None else request.POST.get("seen", seen),
        "shown": group_form.as_hidden(shown) if shown is not None else request.POST.get("shown", ""),
        "form_key": typed.key(request.POST) or uuid4(),
        "may_read_note": "note" in said,
        "longest_note": checking.LONGEST_NOTE,
        "preview": None,
        "on": on,
        **group_form.offered(said, row),
    }
    if drafted is not None:
        context["preview"] = group_page.preview(drafted, on=on)
        context["missing"] = upkeep.missing(drafted, on=on)
        context["rhythm"] = group_page.reading(drafted, on=on)
        context["place_hint"] = upkeep.place_hint(vars(drafted))
    return page(request, "desk/group_edit.html", context, status=status)


def _seen(request: HttpRequest) -> datetime | None:
    return typed.moment(request.POST)
