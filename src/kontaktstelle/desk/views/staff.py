"""Mitarbeitende: see, invite, give roles, lock."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import people, sessions
from kontaktstelle.desk.forms import InviteForm, RolesForm
from kontaktstelle.desk.pages import page, say
from kontaktstelle.organisation import four_eyes, rights, staff_steps
from kontaktstelle.organisation.access import door, own_account
from kontaktstelle.organisation.rights import Right, Role
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused

RENEW, TAKE_ROLE = "staff.access_renewed", "staff.role_taken."


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
    now, by = timezone.now(), request.staff  # type: ignore[attr-defined]
    waiting = [each for each in four_eyes.waiting(at=now) if each.object_id == str(pk)]
    return page(
        request,
        "desk/staff_member.html",
        {
            "member": shown,
            "form": RolesForm(initial={"roles": shown.roles}),
            "what_roles_do": people.WHAT_ROLES_DO,
            "may_manage": _may_manage(request),
            "is_oneself": shown.staff == by,
            "is_ours": shown.staff.contact_point_id == request.contact_point.pk,  # type: ignore[attr-defined]
            "running": len(sessions.sessions_of(shown.staff, at=now)),
            "renewal": next(
                (people.waiting_step(each, by=by, at=now) for each in waiting if each.kind == RENEW), None
            ),
            "roles_waiting": [
                (Role(each.kind.removeprefix(TAKE_ROLE)), people.waiting_step(each, by=by, at=now))
                for each in waiting
                if each.kind.startswith(TAKE_ROLE)
            ],
            "further_roles": [role for role in Role if role not in shown.roles],
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

    def act() -> HttpResponse:
        token = staff_steps.renew_access(shown.staff, contact_point=office, by=by, at=now)
        sessions.end_sessions(shown.staff)
        return _link_page(request, shown, token)

    return _delicate(request, RENEW, pk, act, "Der neue Zugang ist veranlasst.")


@door(Right.MANAGE_STAFF, fresh=True)
def take_role(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a further role to somebody who manages staff themselves: four eyes, or alone with a call and delay."""
    office, by, now = request.contact_point, request.staff, timezone.now()  # type: ignore[attr-defined]
    shown, role = people.member_of(office, pk), request.POST.get("rolle", "")
    if request.method == "POST" and role not in Role.values:
        raise staff_steps.NoRole

    def act() -> HttpResponse:
        staff_steps.take_role(shown.staff, role=Role(role), contact_point=office, by=by, at=now)
        say(request, "Die Rolle gilt ab sofort.")
        return HttpResponseRedirect(reverse("desk:staff_member", args=[pk]))

    return _delicate(request, TAKE_ROLE + role, pk, act, "Die Rolle ist veranlasst.")


@own_account
def take_back(request: HttpRequest) -> HttpResponse:
    """Take back a delicate step that somebody else asked for about oneself."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    now, staff = timezone.now(), request.staff  # type: ignore[attr-defined]
    with acting_for(staff.contact_point_id):
        for step in four_eyes.about(staff, at=now):
            four_eyes.withdraw(step, right=Right.MANAGE_STAFF, by=staff, at=now)
    say(request, "Zurückgenommen. Es bleibt alles, wie es war.")
    return HttpResponseRedirect(reverse("desk:today"))


def _delicate(
    request: HttpRequest, kind: str, pk: uuid.UUID, act: Callable[[], HttpResponse], asked: str
) -> HttpResponse:
    office, by, now = request.contact_point, request.staff, timezone.now()  # type: ignore[attr-defined]
    here = HttpResponseRedirect(reverse("desk:staff_member", args=[pk]))
    if request.method != "POST":
        return here
    what, right = request.POST.get("schritt", ""), Right.MANAGE_STAFF
    if what == "veranlassen":
        four_eyes.ask(
            kind, pk, right=right, reason=request.POST.get("grund", ""), contact_point=office, by=by, at=now
        )
        say(request, asked)
        return here
    waiting = next((each for each in four_eyes.waiting(at=now, kind=kind) if each.object_id == str(pk)), None)
    if waiting is None:
        raise four_eyes.NoLongerOpen
    if what == "ausfuehren":
        return four_eyes.carry_out(waiting, act, right=right, by=by, at=now)
    steps = {
        "bestaetigen": four_eyes.confirm,
        "zurueckgerufen": four_eyes.called_back,
        "zuruecknehmen": four_eyes.withdraw,
    }
    if what in steps:
        steps[what](waiting, right=right, by=by, at=now)
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
