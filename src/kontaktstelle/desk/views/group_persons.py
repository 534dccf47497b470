"""Ansprechpersonen of a group: opened for those who may, for a reason where one is wanted; changed one by one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import group_page, person_pages, typed
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import REFUSED, staff_of, take
from kontaktstelle.groups import persons as steps
from kontaktstelle.groups.checking import ValuesUnfit
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused


@door(Right.SEE_GROUP_CONTACT)
def persons(request: HttpRequest, group: UUID) -> HttpResponse:
    """Open a group's contact persons."""
    return _page(request, group)


@door(Right.SEE_GROUP_CONTACT)
def add(request: HttpRequest, group: UUID) -> HttpResponse:
    """Add a contact person."""
    row = group_page.group_of(group)
    return _taken(
        request,
        group,
        "new",
        lambda: steps.add(
            row,
            person_pages.address(request.POST),
            request.POST.get("consent", ""),
            by=staff_of(request),
            at=timezone.now(),
            number=typed.key(request.POST) or uuid4(),
            reason=_reason(request),
        ),
        "Die Ansprechperson ist eingetragen, verschlossen.",
    )


@door(Right.SEE_GROUP_CONTACT)
def change(request: HttpRequest, group: UUID, person: UUID) -> HttpResponse:
    """Change a contact person."""
    row = group_page.group_of(group)
    person_pages.check_there(row, person)
    return _taken(
        request,
        group,
        str(person),
        lambda: steps.change(
            row,
            person,
            person_pages.address(request.POST),
            request.POST.get("consent", ""),
            by=staff_of(request),
            at=timezone.now(),
            seen=request.POST.get("seen", ""),
            reason=_reason(request),
        ),
        "Die Angaben zur Person sind gespeichert.",
    )


@door(Right.SEE_GROUP_CONTACT)
def remove(request: HttpRequest, group: UUID, person: UUID) -> HttpResponse:
    """Erase a contact person and every way to reach them."""
    row = group_page.group_of(group)
    person_pages.check_there(row, person)

    def step() -> None:
        if not request.POST.get("sicher"):
            raise person_pages.NotSure
        steps.remove(row, person, by=staff_of(request), at=timezone.now(), reason=_reason(request))

    return _taken(request, group, f"remove-{person}", step, "Die Person und alle Wege zu ihr sind gelöscht.")


def _taken(
    request: HttpRequest, number: UUID, where: str, step: Callable[[], Any], said: str
) -> HttpResponse:
    return take(
        request,
        step,
        back=reverse("desk:group_persons", args=[number]),
        said=said,
        again=lambda refused: _page(request, number, refused=refused, where=where),
    )


def _page(
    request: HttpRequest, number: UUID, *, refused: StepRefused | None = None, where: str = ""
) -> HttpResponse:
    row, staff = group_page.group_of(number), staff_of(request)
    reason = _reason(request)
    problems = refused.problems if isinstance(refused, ValuesUnfit) else {}
    wrong = refused.sentence if refused and not problems else ""
    opened: list[steps.PersonShown] | None = None
    try:
        opened = steps.opened(row, by=staff, at=timezone.now(), reason=reason)
    except steps.ReasonWanted as wanted:
        wrong = wanted.sentence if request.method == "POST" else ""
    context = {
        "group": row,
        "persons": opened,
        "reason": reason,
        "reasons": list(steps.REASONS.items()),
        "consents": person_pages.CONSENTS,
        "problems": problems,
        "wrong": wrong,
        "where": where,
        "entered": person_pages.address(request.POST),
        "said_consent": request.POST.get("consent", "unclear"),
        "empty": person_pages.EMPTY,
        "limits": steps.LIMITS,
    }
    return page(request, "desk/group_persons.html", context, status=REFUSED if refused or wrong else 200)


def _reason(request: HttpRequest) -> str:
    """Return the reason given on this page: it goes along with every form of it and is forgotten after."""
    return request.POST.get("reason", "")
