"""The door: who may take which step, and the only way to fetch a row; absent and forbidden look alike."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from django.http import Http404

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import NotAllowed, Right
from kontaktstelle.organisation.tenancy import TenantModel, current

from .models import Founding, FoundingMeeting, Interest

Row = TypeVar("Row", bound=TenantModel)


class Outside(StrEnum):
    """Who acts without an account, as the trail knows them."""

    INTERESTED = "interested"


def check_can_found(by: Staff) -> None:
    """Refuse whoever may not accompany foundings here."""
    rights.check(by, Right.FOUND, current())


def check_can_put_on_list(by: Staff) -> None:
    """Refuse whoever may not write people down: reception may, for press work rings the telephone, and sees no list."""
    rights.check(by, Right.LOG_CONTACT, current())


def check_sees_interested(by: Staff) -> None:
    """Refuse whoever may not see who stands on a list."""
    rights.check(by, Right.SEE_INTERESTED, current())


def sees_interested(by: Staff) -> bool:
    """Say whether somebody may see who stands on a list."""
    return rights.may(by, Right.SEE_INTERESTED, current())


def founding_for(by: Staff, number: UUID) -> Founding:
    """Return a founding of the contact point being acted for, or 404."""
    return _fetched(Founding, Right.FOUND, by, number)


def meeting_for(by: Staff, number: UUID) -> FoundingMeeting:
    """Return a meeting of a founding, or 404."""
    return _fetched(FoundingMeeting, Right.FOUND, by, number)


def interest_for(by: Staff, number: UUID) -> Interest:
    """Return somebody on a list, or 404."""
    return _fetched(Interest, Right.SEE_INTERESTED, by, number)


def _fetched(model: type[Row], right: Right, by: Staff, number: UUID) -> Row:
    try:
        rights.check(by, right, current())
        return model.objects.get(pk=number)  # type: ignore[no-any-return]
    except (NotAllowed, model.DoesNotExist) as error:
        raise Http404 from error
