"""Mitarbeitende as the pages show them, and sessions as their owner sees them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.http import Http404

from kontaktstelle.organisation import four_eyes, rights, staff_steps
from kontaktstelle.organisation.access import has_second_factor
from kontaktstelle.organisation.models import ContactPoint, DelicateStep, Post, Staff
from kontaktstelle.organisation.rights import Role

from . import sessions

IN_ORDER = [Role.LEADS, Role.COUNSELS, Role.RECEPTION, Role.UPKEEP, Role.DPO, Role.OPERATOR]
WHAT_ROLES_DO = {
    Role.LEADS: "Mitarbeitende, Fristen, Ausgaben. Wer nur leitet, liest keine Notizen.",
    Role.COUNSELS: "berät, liest und schreibt Notizen und Nachrichten, vermittelt",
    Role.RECEPTION: "erfasst Kontakte, legt Rückrufe an, sendet Material. Öffnet keine Notizen.",
    Role.UPKEEP: "nur das Verzeichnis: Gruppen, Treffpunkte, Sprechzeiten",
    Role.DPO: "nur das Zugriffsprotokoll, mit schriftlichem Grund",
    Role.OPERATOR: "Einstellungen und Sperren von Zugängen. Sieht keine Inhalte.",
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of an office as a list shows them."""

    staff: Staff
    name: str
    email: str
    roles: list[Role]
    state: str
    is_active: bool
    is_ready: bool

    @property
    def role_words(self) -> str:
        """The roles in words."""
        return ", ".join(str(role.label) for role in self.roles) or "keine Rolle"


@dataclass(frozen=True, slots=True)
class Running:
    """A session as its owner sees it: when it began and was last used, nothing else is known."""

    key: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Factors:
    """The ways somebody can sign in."""

    has_password: bool
    passkeys: list[Authenticator]
    app: Authenticator | None
    codes_left: int | None


def members_of(contact_point: ContactPoint) -> list[Member]:
    """Return everybody with a post at an office, or whose office it is; leads first, then by name."""
    posts: dict[uuid.UUID, list[Role]] = {}
    for post in Post.objects.filter(contact_point=contact_point):
        posts.setdefault(post.staff_id, []).append(Role(post.role))
    everybody = Staff.objects.filter(pk__in=posts) | Staff.objects.filter(contact_point=contact_point)
    shown = [_member(staff, posts.get(staff.pk, [])) for staff in everybody.distinct()]
    return sorted(
        shown,
        key=lambda each: (not each.is_active, Role.LEADS not in each.roles, each.name.lower(), each.email),
    )


def member_of(contact_point: ContactPoint, pk: uuid.UUID) -> Member:
    """Return somebody of this office.

    Raises:
        Http404: unknown, or another office's: these look alike.
    """
    found = next((each for each in members_of(contact_point) if each.staff.pk == pk), None)
    if found is None:
        raise Http404
    return found


def factors_of(staff: Staff) -> Factors:
    """Return the ways somebody can sign in."""
    there = list(Authenticator.objects.filter(user=staff).order_by("pk"))
    codes = next((each for each in there if each.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        has_password=staff.has_usable_password(),
        passkeys=[each for each in there if each.type == Authenticator.Type.WEBAUTHN],
        app=next((each for each in there if each.type == Authenticator.Type.TOTP), None),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def running(staff: Staff, this: str, *, at: datetime) -> list[Running]:
    """Return somebody's sessions; `this` is the hash of the one they look from."""
    return [
        Running(each.key_hash, each.started_at, each.seen_at, each.key_hash == this)
        for each in sessions.sessions_of(staff, at=at)
    ]


def _member(staff: Staff, held: list[Role]) -> Member:
    ready = staff_steps.has_access(staff)
    if not staff.is_active:
        state = "gesperrt"
    elif not ready:
        state = "eingeladen, noch nicht angemeldet"
    elif rights.needs_second_factor(staff) and not has_second_factor(staff):
        state = "zweiter Faktor fehlt noch"
    else:
        state = "arbeitet mit"
    return Member(
        staff=staff,
        name=staff.name or staff.email,
        email=staff.email,
        roles=[role for role in IN_ORDER if role in held],
        state=state,
        is_active=staff.is_active,
        is_ready=ready,
    )


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A delicate step as the page shows it: who asked, whether it may be carried out, from when one person may alone."""

    step: DelicateStep
    is_mine: bool
    is_ready: bool
    alone_from: datetime


def waiting_step(step: DelicateStep, *, by: Staff, at: datetime) -> WaitingStep:
    """Return a step as somebody sees it."""
    return WaitingStep(
        step, step.asked_by_id == by.pk, four_eyes.is_ready(step, at), step.asked_at + four_eyes.ALONE_AFTER
    )
