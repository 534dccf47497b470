"""Who may read and write the log of support: those who counsel. Absent and forbidden look alike."""

from typing import TypeVar
from uuid import UUID

from django.http import Http404

from kontaktstelle.groups.models import Group
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import NotAllowed, Right
from kontaktstelle.organisation.tenancy import TenantModel, current

from .models import HelperDate, SupportEntry

Row = TypeVar("Row", bound=TenantModel)


def check_supports(by: Staff) -> None:
    """Refuse whoever does not accompany groups here.

    Raises:
        rights.NotAllowed: they do not.
    """
    rights.check(by, Right.SUPPORT, current())


def supports(by: Staff) -> bool:
    """Say whether somebody accompanies groups here."""
    return rights.may(by, Right.SUPPORT, current())


def group_for(by: Staff, number: UUID) -> Group:
    """Return a group of the contact point being acted for, or 404."""
    return _fetched(Group, by, number)


def entry_for(by: Staff, number: UUID) -> SupportEntry:
    """Return an entry of the log, or 404."""
    return _fetched(SupportEntry, by, number)


def helper_date_for(by: Staff, number: UUID) -> HelperDate:
    """Return a date for helpers, or 404."""
    return _fetched(HelperDate, by, number)


def _fetched(model: type[Row], by: Staff, number: UUID) -> Row:
    try:
        check_supports(by)
        return model.objects.get(pk=number)  # type: ignore[no-any-return]
    except (NotAllowed, model.DoesNotExist) as error:
        raise Http404 from error
