"""Groups that want to be asked once a week: everybody collected for one of them is asked in one go."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.http import Http404

from kontaktstelle.enquiries import access, referral
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


def ask_all(
    group: UUID, told: Sequence[tuple[UUID, int]], *, by: Staff, at: datetime, form_key: UUID | None = None
) -> tuple[int, str]:
    """Say that a group was asked about the people somebody had before them; one refusal leaves the others asked.

    Args:
        group: which.
        told: number and version of each referral on the page. Who was added during the call was not mentioned in it.
        by: who asked.
        at: now.
        form_key: of the form.

    Returns:
        For how many it was asked, and the last refusal's sentence.
    """
    asked, refused, seen = 0, "", dict(told)
    rows = Referral.objects.filter(pk__in=seen, group=group).select_related("enquiry").order_by("drafted_at")
    for row in rows:
        if row.enquiry is None or access.is_for_another(by, row.enquiry):
            continue
        # Each row of the one form counts once by itself.
        key = uuid5(form_key, str(row.pk)) if form_key else None
        try:
            referral.ask(row, by=by, at=at, seen=seen[row.pk], form_key=key)
            asked += 1
        except StepRefused as refusal:
            refused = refusal.sentence
    return asked, refused
