"""People: invite somebody, renew a lost access, from the server."""

import argparse
import os
from typing import Any

from kontaktstelle.refusal import StepRefused

from .printing import as_json, line

ROLES = ("leads", "counsels", "reception", "upkeep", "dpo", "operator")


class OfficeUnknown(StepRefused):
    """There is no office of this name."""

    sentence = (
        "Diese Kontaktstelle gibt es nicht. Das Kürzel steht in der Adresse ihrer Seite: /stelle/<kürzel>/."
    )


class PersonUnknown(StepRefused):
    """Nobody has this address."""

    sentence = "Mit dieser E-Mail-Adresse arbeitet hier niemand."


def add_commands(commands: Any) -> None:
    """Add `staff invite` and `staff renew`."""
    staff = commands.add_parser("staff", help="Mitarbeitende einladen, verlorene Zugänge erneuern")
    steps = staff.add_subparsers(title="Schritte", dest="step", required=True, metavar="SCHRITT")
    invite = steps.add_parser(
        "invite", help="jemanden einladen: gibt einen Link aus, der 72 Stunden und einmal gilt"
    )
    invite.add_argument("email", help="E-Mail-Adresse, zugleich Anmeldename")
    invite.add_argument(
        "--role", action="append", choices=ROLES, required=True, help="Rolle; mehrmals für mehrere Rollen"
    )
    renew = steps.add_parser(
        "renew", help="Passwort und zweiten Faktor verwerfen und einen neuen Link ausgeben"
    )
    renew.add_argument("email", help="E-Mail-Adresse der Person")
    for each in (invite, renew):
        each.add_argument("--office", default="", help="Kürzel der Kontaktstelle (sonst die erste)")
        each.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    invite.set_defaults(run=run_invite)
    renew.set_defaults(run=run_renew)


def run_invite(arguments: argparse.Namespace) -> int:
    """Run `staff invite`."""
    from django.utils import timezone

    from kontaktstelle.organisation import staff_steps
    from kontaktstelle.organisation.rights import Role

    member, token = staff_steps.invite(
        email=arguments.email,
        roles=[Role(role) for role in arguments.role],
        contact_point=_office(arguments.office),
        by=None,
        at=timezone.now(),
    )
    return _print(arguments, member.email, token)


def run_renew(arguments: argparse.Namespace) -> int:
    """Run `staff renew`."""
    from django.utils import timezone

    from kontaktstelle.organisation import staff_steps
    from kontaktstelle.organisation.models import Staff

    member = (
        Staff.objects.filter(email=arguments.email.strip().lower()).select_related("contact_point").first()
    )
    if member is None or member.contact_point is None:
        raise PersonUnknown
    token = staff_steps.renew_access(member, contact_point=member.contact_point, by=None, at=timezone.now())
    return _print(arguments, member.email, token)


def address_of_link(token: str) -> str:
    """Return the whole address of a one-time link."""
    from django.conf import settings
    from django.urls import reverse

    port = os.environ.get("KONTAKTSTELLE_PORT", "8000")
    return (settings.PUBLIC_ADDRESS or f"http://localhost:{port}") + reverse("desk:invitation", args=[token])


def _print(arguments: argparse.Namespace, email: str, token: str) -> int:
    if arguments.json:
        as_json({"email": email, "link": address_of_link(token)})
    else:
        line(f"Link für {email}, gilt 72 Stunden und einmal:")
        line(f"  {address_of_link(token)}")
    return 0


def _office(slug: str) -> Any:
    from kontaktstelle.organisation.models import ContactPoint
    from kontaktstelle.organisation.setup import default_office

    office = ContactPoint.objects.filter(slug=slug).first() if slug else default_office()
    if office is None:
        raise OfficeUnknown
    return office
