"""Groups that want to be asked once a week: everybody collected for one of them is asked in one go."""

from datetime import datetime
from uuid import UUID, uuid5

from django.http import Http404

from kontaktstelle.enquiries import due, referral
from kontaktstelle.enquiries.models import Referral
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused


def check_group(group: UUID) -> None:
    """Refuse a number that is no group's of this office.

    Raises:
        Http404: it is none.
    """
    if not Group.objects.filter(pk=group).exists():
        raise Http404


def ask_all(group: UUID, *, by: Staff, at: datetime, form_key: UUID | None = None) -> tuple[int, str]:
    """Say that a group was asked about everybody collected for it; one refusal leaves the others asked.

    Returns:
        For how many it was asked, and the last refusal's sentence.
    """
    waiting = [item.row for item in due.day(by=by, at=at).asked_together]
    asked, refused = 0, ""
    for row in Referral.objects.filter(pk__in=waiting, group=group).order_by("drafted_at"):
        # Each row of the one form counts once by itself.
        key = uuid5(form_key, str(row.pk)) if form_key else None
        try:
            referral.ask(row, by=by, at=at, form_key=key)
            asked += 1
        except StepRefused as refusal:
            refused = refusal.sentence
    return asked, refused
