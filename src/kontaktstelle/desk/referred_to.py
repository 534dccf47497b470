"""Where a referral leads, in words; and whom one may be referred to beside the office's own groups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from kontaktstelle.enquiries.models import Arrangement, Referral
from kontaktstelle.groups.models import Group
from kontaktstelle.network.models import Body, RegisterRow, Service
from kontaktstelle.organisation.tenancy import current

KINDS: dict[str, type[Body] | type[Service]] = {"body": Body, "service": Service}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A body or service somebody can be referred to: its number in a form, name, what it does, when it was checked."""

    key: str
    name: str
    what: str
    checked: str


def names(referrals: Iterable[Referral]) -> dict[UUID, str]:
    """Return the name of the group, body or service each referral leads to."""
    rows = list(referrals)
    groups = dict(
        Group.objects.filter(pk__in=[row.group_id for row in rows if row.group_id]).values_list("pk", "name")
    )
    return {row.pk: groups.get(row.group_id, "") if row.group_id else _name(row.network) for row in rows}


def arrangements(referrals: Iterable[Referral]) -> dict[UUID, Arrangement]:
    """Return what was agreed with the group of each referral, by group."""
    found = Arrangement.objects.filter(group__in=[row.group_id for row in referrals if row.group_id])
    return {row.group_id: row for row in found}


def elsewhere(topics: Sequence[str], *, most: int = 12) -> list[Elsewhere]:
    """Return services and bodies for these topics, services of this office first."""
    services = Service.objects.filter(hidden=False).filter(Q(contact_point=None) | Q(contact_point=current()))
    bodies = [
        body
        for body in Body.objects.filter(hidden=False)
        if "*" in body.topics or not topics or set(topics) & set(body.topics)
    ]
    bodies.sort(key=lambda body: "*" in body.topics)
    return [_shown(row) for row in [*services[: most // 2], *bodies[: most // 2]]]


def chosen(key: str) -> Body | Service:
    """Return the body or service of a form.

    Raises:
        Http404: there is none.
    """
    kind, _, row = key.partition(":")
    found = KINDS[kind].objects.filter(key=row, hidden=False).first() if kind in KINDS else None
    if found is None:
        raise Http404
    return found


def _name(network: str) -> str:
    kind, _, key = network.partition(":")
    row = KINDS[kind].objects.filter(key=key).first() if kind in KINDS else None
    return row.name if row else "eine Stelle"


def _shown(row: RegisterRow) -> Elsewhere:
    checked = f"geprüft am {row.checked_on:%d.%m.%Y}" if row.checked_on else "noch nicht geprüft"
    kind = "body" if isinstance(row, Body) else "service"
    what: str = getattr(row, "what", "")
    return Elsewhere(f"{kind}:{row.key}", row.name, what, checked)
