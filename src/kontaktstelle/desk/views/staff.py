"""Mitarbeitende: see, invite, give roles, lock."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import people, sessions
from kontaktstelle.desk.forms import InviteForm, RolesForm
from kontaktstelle.desk.pages import page, say
from kontaktstelle.organisation import four_eyes, rights, staff_steps
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

RENEW = "staff.access_renewed"


@door(Right.LOCK_STAFF)
def members(request: HttpRequest) -> HttpResponse:
    """List the office's people."""
    shown = people.members_of(request.contact_point)  # type: ignore[attr-defined]
    return page(request, "desk/staff.html", {"members": shown, "may_manage": _may_manage(request)})


@door(Right.MANAGE_STAFF, fresh=True)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody: the link is shown once."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            member, token = staff_steps.invite(
                **form.cleaned_data,
                contact_point=request.contact_point,  # type: ignore[attr-defined]
                by=request.staff,  # type: ignore[attr-defined]
                at=timezone.now(),
            )
        except StepRefused as refused:
            form.add_error("email", refused.sentence)
        else:
            return _link_page(request, people.member_of(request.contact_point, member.pk), token)  # type: ignore[attr-defined]
    return page(request, "desk/staff_invite.html", {"form": form, "what_roles_do": people.WHAT_ROLES_DO})


@door(Right.LOCK_STAFF)
def member(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show somebody, and what may be done."""
    shown = people.member_of(request.contact_point, pk)  # type: ignore[attr-defined]
    now = timezone.now()
    waiting = next(
        (each for each in four_eyes.waiting(at=now, kind=RENEW) if each.object_id == str(pk)), None
    )
    return page(
        request,
        "desk/staff_member.html",
        {
            "member": shown,
            "form": RolesForm(initial={"roles": shown.roles}),
            "what_roles_do": people.WHAT_ROLES_DO,
            "may_manage": _may_manage(request),
            "is_oneself": shown.staff == request.staff,  # type: ignore[attr-defined]
            "is_ours": shown.staff.contact_point_id == request.contact_point.pk,  # type: ignore[attr-defined]
            "running": len(sessions.sessions_of(shown.staff, at=now)),
            "waiting": waiting,
            "asked_by_me": waiting is not None and waiting.asked_by_id == request.staff.pk,  # type: ignore[attr-defined]
            "is_ready": waiting is not None and four_eyes.is_ready(waiting, now),
            "alone_from": waiting.asked_at + four_eyes.ALONE_AFTER if waiting else None,
        },
    )


@door(Right.MANAGE_STAFF, fresh=True)
def roles(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give somebody other roles."""
    shown = people.member_of(request.contact_point, pk)  # type: ignore[attr-defined]
    if request.method == "POST":
        form = RolesForm(request.POST)
        wanted = form.cleaned_data["roles"] if form.is_valid() else []
        staff_steps.change_roles(
            shown.staff,
            roles=wanted,
            contact_point=request.contact_point,  # type: ignore[attr-defined]
            by=request.staff,  # type: ignore[attr-defined]
            at=timezone.now(),
        )
        say(request, "Die Rollen sind geändert und gelten sofort.")
    return HttpResponseRedirect(reverse("desk:staff_member", args=[pk]))


@door(Right.MANAGE_STAFF, fresh=True)
def link(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give somebody who has not joined yet a new link."""
    shown = people.member_of(request.contact_point, pk)  # type: ignore[attr-defined]
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:staff_member", args=[pk]))
    token = staff_steps.new_link(
        shown.staff,
        contact_point=request.contact_point,  # type: ignore[attr-defined]
        by=request.staff,  # type: ignore[attr-defined]
        at=timezone.now(),
    )
    return _link_page(request, shown, token)


@door(Right.LOCK_STAFF)
def lock(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Lock an account; its sessions end."""
    shown = people.member_of(request.contact_point, pk)  # type: ignore[attr-defined]
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    staff_steps.lock(
        shown.staff,
        contact_point=request.contact_point,  # type: ignore[attr-defined]
        by=request.staff,  # type: ignore[attr-defined]
        at=timezone.now(),
    )
    sessions.end_sessions(shown.staff)
    say(request, "Der Zugang ist gesperrt. Sie können ihn jederzeit wieder öffnen.")
    return HttpResponseRedirect(reverse("desk:staff_member", args=[pk]))


@door(Right.MANAGE_STAFF, fresh=True)
def open_account(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open a locked account again."""
    shown = people.member_of(request.contact_point, pk)  # type: ignore[attr-defined]
    if request.method == "POST":
        staff_steps.open_account(
            shown.staff,
            contact_point=request.contact_point,  # type: ignore[attr-defined]
            by=request.staff,  # type: ignore[attr-defined]
            at=timezone.now(),
        )
        say(request, "Der Zugang ist wieder offen.")
    return HttpResponseRedirect(reverse("desk:staff_member", args=[pk]))


@door(Right.LOCK_STAFF)
def end_sessions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End all sessions of somebody: they sign in again."""
    shown = people.member_of(request.contact_point, pk)  # type: ignore[attr-defined]
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    sessions.end_sessions(shown.staff, but=sessions.hash_of(request.session.session_key))
    say(request, "Alle Sitzungen sind beendet.")
    return HttpResponseRedirect(reverse("desk:staff_member", args=[pk]))


@door(Right.MANAGE_STAFF, fresh=True)
def renew(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Renew the access of somebody who lost password and factors: four eyes, or alone with call-back and delay."""
    office, by, now = request.contact_point, request.staff, timezone.now()  # type: ignore[attr-defined]
    shown = people.member_of(office, pk)
    here = HttpResponseRedirect(reverse("desk:staff_member", args=[pk]))
    if request.method != "POST":
        return here
    what = request.POST.get("schritt", "")
    if what == "veranlassen":
        four_eyes.ask(
            RENEW, pk, right=Right.MANAGE_STAFF, reason=request.POST.get("grund", ""), contact_point=office, by=by, at=now
        )  # fmt: skip
        say(request, "Der neue Zugang ist veranlasst.")
        return here
    waiting = next(
        (each for each in four_eyes.waiting(at=now, kind=RENEW) if each.object_id == str(pk)), None
    )
    if waiting is None:
        raise four_eyes.NoLongerOpen
    if what == "ausfuehren":
        token = four_eyes.carry_out(
            waiting,
            lambda: staff_steps.renew_access(shown.staff, contact_point=office, by=by, at=now),
            right=Right.MANAGE_STAFF,
            by=by,
            at=now,
        )
        sessions.end_sessions(shown.staff)
        return _link_page(request, shown, token)
    steps = {
        "bestaetigen": four_eyes.confirm,
        "zurueckgerufen": four_eyes.called_back,
        "zuruecknehmen": four_eyes.withdraw,
    }
    if what in steps:
        steps[what](waiting, right=Right.MANAGE_STAFF, by=by, at=now)
    return here


def _may_manage(request: HttpRequest) -> bool:
    return Right.MANAGE_STAFF in rights.rights_of(request.roles)  # type: ignore[attr-defined]


def _link_page(request: HttpRequest, member: people.Member, token: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("desk:invitation", args=[token]))
    return page(
        request,
        "desk/staff_link.html",
        {"member": member, "address": address, "hours": staff_steps.LINK_HOURS},
    )
