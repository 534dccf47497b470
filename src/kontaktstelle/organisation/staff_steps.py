"""Mitarbeitende: invite, take up an invitation, change roles, lock and open an account.

Every step asks for the right, writes the trail and changes nothing if it is refused. `by=None` is the command line
of whoever runs the server: it may invite, as it could write into the database anyway, and the trail says so.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from . import rights
from .hours import BERLIN
from .models import ContactPoint, Invitation, Post, Staff
from .rights import NotAllowed, Right, Role

LINK_HOURS = 72
TOKEN_BYTES = 24
COMMAND_LINE = "kommandozeile"


class EmailWrong(StepRefused):
    """What was typed is no e-mail address."""

    sentence = "Diese E-Mail-Adresse ist nicht vollständig, zum Beispiel vorname@example.org."


class NoRole(StepRefused):
    """An invitation, or somebody who stays, needs at least one role."""

    sentence = "Bitte wählen Sie mindestens eine Rolle. Wer nicht mehr mitarbeitet, wird gesperrt."


class NameMissing(StepRefused):
    """Colleagues need to know who somebody is."""

    sentence = "Bitte sagen Sie, wie Sie heißen."


class KnownElsewhere(StepRefused):
    """The address belongs to somebody of another office, or to a locked account."""

    sentence = (
        "Mit dieser E-Mail-Adresse lässt sich hier niemand einladen. Bitte nehmen Sie eine andere, "
        "oder fragen Sie, wer den Server betreut."
    )


class LinkUnusable(StepRefused):
    """The link is unknown, used, replaced or too old; these look alike."""

    sentence = (
        "Dieser Link gilt nicht mehr. Links gelten drei Tage und nur einmal. Ihre Leitung kann Ihnen einen "
        "neuen geben."
    )


class LastLead(StepRefused):
    """Nobody would lead the office any more."""

    sentence = "Dann würde niemand mehr leiten. Geben Sie zuerst einer anderen Person die Rolle „leitet“."


class NotOneself(StepRefused):
    """Nobody locks themselves out."""

    sentence = "Den eigenen Zugang können Sie nicht sperren. Bitten Sie eine zweite Person darum."


class OwnRoles(StepRefused):
    """Nobody widens what they may see by themselves."""

    sentence = (
        "Sich selbst geben Sie eine weitere Rolle zu zweit, oder nach 48 Stunden mit Begründung. Veranlassen Sie es "
        "unten auf dieser Seite."
    )


class Forgotten(StepRefused):
    """Nobody knows any more whose account it was."""

    sentence = "Dieser Zugang ist gelöscht. Bitte laden Sie die Person neu ein."


class HasAccess(StepRefused):
    """A new link would let its holder in as somebody who is at work already."""

    sentence = (
        "Diese Person hat schon einen Zugang. Einen neuen Link gibt es nur zu zweit oder nach 48 Stunden "
        "mit Rückruf."
    )


@transaction.atomic
def invite(
    *,
    email: str,
    roles: Iterable[Role],
    contact_point: ContactPoint,
    by: Staff | None,
    at: datetime,
    name: str = "",
) -> tuple[Staff, str]:
    """Make an account with these roles, or find the one there is, and a one-time link for it.

    Returns:
        The member of staff and the token of the link: it is shown once and stored nowhere.

    Raises:
        NotAllowed: the right is missing.
        EmailWrong: no address.
        NoRole: no role.
        KnownElsewhere: the address cannot be invited here.
        HasAccess: the person can sign in already; their roles are changed with `change_roles`.
    """
    _may_manage(by, contact_point)
    email, wanted = _clean(email), frozenset(roles)
    if not wanted:
        raise NoRole
    member = Staff.objects.select_for_update().filter(email=email).first()
    if member is not None and (not member.is_active or member.contact_point_id != contact_point.pk):
        raise KnownElsewhere
    if member is None:
        member = Staff.objects.create(email=email, name=name.strip(), contact_point=contact_point)
    elif has_access(member):
        raise HasAccess
    for role in wanted:
        Post.objects.get_or_create(
            staff=member, contact_point=contact_point, role=role, defaults={"given_at": at}
        )
    token = _link(member, at)
    _trace("staff.invited", member, contact_point, by=by, at=at, fields=sorted(wanted))
    return member, token


def look_up(token: str, *, at: datetime) -> Invitation:
    """Return the invitation of a link without using it up.

    Raises:
        LinkUnusable: unknown, used, replaced, too old, or of a locked account.
    """
    found = (
        Invitation.objects.select_related("staff__contact_point")
        .filter(token_hash=_hash(token), used_at__isnull=True, expires_at__gt=at, staff__is_active=True)
        .first()
    )
    if found is None:
        raise LinkUnusable
    return found


@transaction.atomic
def take_up(token: str, *, name: str, password: str | None, at: datetime) -> Staff:
    """Use up a link: the person says how they are called and sets a password; without one a passkey is set up instead.

    Raises:
        LinkUnusable: as in `look_up`.
    """
    invitation = look_up(token, at=at)
    if not Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True).update(used_at=at):
        raise LinkUnusable  # a second click came first
    member = invitation.staff
    member.name = name.strip()
    member.set_password(password)
    member.save(update_fields=["name", "password"])
    _trace("staff.joined", member, member.contact_point, by=member, at=at)
    return member


@transaction.atomic
def change_roles(
    member: Staff, *, roles: Iterable[Role], contact_point: ContactPoint, by: Staff, at: datetime
) -> frozenset[Role]:
    """Let somebody hold exactly these roles at a contact point. Takes effect with their next page.

    Raises:
        NotAllowed: the right is missing.
        NoRole: none would be left.
        OwnRoles: somebody would give themselves more; `take_role` is the way then.
        LastLead: nobody would lead.
    """
    rights.check(by, Right.MANAGE_STAFF, contact_point)
    wanted = frozenset(roles)
    if not wanted:
        raise NoRole
    held = rights.roles_of(member, contact_point)
    if Role.LEADS in held - wanted:
        _somebody_else_leads(member, contact_point)
    if by.pk == member.pk and wanted - held:
        raise OwnRoles
    Post.objects.filter(staff=member, contact_point=contact_point, role__in=held - wanted).delete()
    Post.objects.bulk_create(
        [Post(staff=member, contact_point=contact_point, role=role, given_at=at) for role in wanted - held]
    )
    if held != wanted:
        _trace("staff.roles_changed", member, contact_point, by=by, at=at, fields=sorted(wanted ^ held))
    return wanted


@transaction.atomic
def take_role(member: Staff, *, role: Role, contact_point: ContactPoint, by: Staff, at: datetime) -> None:
    """Give one more role to somebody who manages staff themselves: call it through `four_eyes.carry_out`.

    Raises:
        NotAllowed: the right is missing.
    """
    rights.check(by, Right.MANAGE_STAFF, contact_point)
    Post.objects.get_or_create(
        staff=member, contact_point=contact_point, role=role, defaults={"given_at": at}
    )
    _trace("staff.roles_changed", member, contact_point, by=by, at=at, fields=[role])


@transaction.atomic
def lock(member: Staff, *, contact_point: ContactPoint, by: Staff, at: datetime) -> None:
    """Lock an account: its next page is the sign-in page, its links are void. Nothing of its work is lost.

    Raises:
        NotAllowed: the right is missing, or the person belongs to another office.
        NotOneself: it is one's own.
        LastLead: nobody would lead, and it is not who keeps the server that locks.
    """
    _may_lock(member, contact_point, by)
    if member.pk == by.pk:
        raise NotOneself
    # A stolen laptop may be that of the only Leitung: who keeps the server can lock it, and lets them in again.
    if Role.OPERATOR not in rights.roles_of(by, contact_point):
        _somebody_else_leads(member, contact_point)
    member.is_active, member.locked_on = False, at.astimezone(BERLIN).date()
    member.save(update_fields=["is_active", "locked_on"])
    Invitation.objects.filter(staff=member, used_at__isnull=True).update(used_at=at)
    _trace("staff.locked", member, contact_point, by=by, at=at)


@transaction.atomic
def open_account(member: Staff, *, contact_point: ContactPoint, by: Staff, at: datetime) -> None:
    """Open a locked account again, with the roles it had.

    Raises:
        NotAllowed: the right is missing, or the person belongs to another office.
        Forgotten: name and address are erased.
    """
    rights.check(by, Right.MANAGE_STAFF, contact_point)
    if member.contact_point_id != contact_point.pk:
        raise NotAllowed
    if not member.is_active and member.locked_on is None:
        raise Forgotten
    member.is_active, member.locked_on = True, None
    member.save(update_fields=["is_active", "locked_on"])
    _trace("staff.opened", member, contact_point, by=by, at=at)


@transaction.atomic
def new_link(member: Staff, *, contact_point: ContactPoint, by: Staff | None, at: datetime) -> str:
    """Give somebody who has not yet set up their sign-in a new link; the older one is void.

    Raises:
        NotAllowed: the right is missing, or the person belongs to another office.
        HasAccess: they have set it up; `renew_access` is the way then.
    """
    _may_manage(by, contact_point)
    if member.contact_point_id != contact_point.pk or not member.is_active:
        raise NotAllowed
    if has_access(member):
        raise HasAccess
    token = _link(member, at)
    _trace("staff.link_given", member, contact_point, by=by, at=at)
    return token


@transaction.atomic
def renew_access(member: Staff, *, contact_point: ContactPoint, by: Staff | None, at: datetime) -> str:
    """Void password, passkeys and second factors of somebody who lost them, and give a link to set up new ones.

    Whoever holds the link is that person from then on: call it through `four_eyes.carry_out`, or from the server.
    """
    _may_manage(by, contact_point)
    if member.contact_point_id != contact_point.pk or not member.is_active:
        raise NotAllowed
    member.set_unusable_password()
    member.save(update_fields=["password"])
    Authenticator.objects.filter(user=member).delete()
    if apps.is_installed("allauth.socialaccount"):
        from allauth.socialaccount.models import SocialAccount

        # Whoever holds the account of the Träger must not be there before the owner.
        SocialAccount.objects.filter(user=member).delete()
    token = _link(member, at)
    _trace("staff.access_renewed", member, contact_point, by=by, at=at)
    return token


@transaction.atomic
def rename(member: Staff, *, name: str, at: datetime) -> None:
    """Let somebody change how they are called.

    Raises:
        NameMissing: no name.
    """
    if not name.strip():
        raise NameMissing
    member.name = name.strip()[:120]
    member.save(update_fields=["name"])
    _trace("staff.renamed", member, member.contact_point, by=member, at=at, fields=["name"])


def has_access(member: Staff) -> bool:
    """Say whether somebody has set up a way to sign in."""
    return member.has_usable_password() or bool(Authenticator.objects.filter(user=member).exists())


def _link(member: Staff, at: datetime) -> str:
    Invitation.objects.filter(staff=member, used_at__isnull=True).update(used_at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Invitation.objects.create(
        staff=member, token_hash=_hash(token), made_at=at, expires_at=at + timedelta(hours=LINK_HOURS)
    )
    return token


def _hash(token: str) -> str:
    # 192 random bits need no slow hash: nobody guesses them.
    return hashlib.sha256(token.encode()).hexdigest()


def _clean(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise EmailWrong from error
    return email


def _may_manage(by: Staff | None, contact_point: ContactPoint) -> None:
    if by is not None:
        rights.check(by, Right.MANAGE_STAFF, contact_point)


def _may_lock(member: Staff, contact_point: ContactPoint, by: Staff) -> None:
    rights.check(by, Right.LOCK_STAFF, contact_point)
    if member.contact_point_id != contact_point.pk:
        raise NotAllowed


def _somebody_else_leads(member: Staff, contact_point: ContactPoint) -> None:
    leads = Post.objects.filter(contact_point=contact_point, role=Role.LEADS, staff__is_active=True)
    # Two who would take the role from each other at once: the rows are kept until one has done it.
    holders = set(leads.select_for_update(of=("self",)).values_list("staff_id", flat=True))
    if holders <= {member.pk} and member.pk in holders:
        raise LastLead


def _trace(
    action: str,
    member: Staff,
    contact_point: ContactPoint | None,
    *,
    by: Staff | None,
    at: datetime,
    fields: Iterable[str] = (),
) -> None:
    trail.record(
        str(by.pk) if by else COMMAND_LINE,
        action,
        object_type="organisation.staff",
        object_id=member.pk,
        at=at,
        contact_point=contact_point.pk if contact_point else 0,
        fields=fields,
    )
