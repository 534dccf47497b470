"""What is erased when: content of failed messages after a week, the bare fact of a delivery after thirty days."""

from datetime import datetime

from django.db import transaction

from . import carriers, pace
from .lifecycle import NEEDS_CONTENT, Status
from .models import Dispatch


@transaction.atomic
def erase_due(*, at: datetime) -> int:
    """Erase what has reached its day; may be repeated.

    Returns:
        How many contents and facts were erased.
    """
    everywhere = Dispatch.objects.everywhere()
    contents = everywhere.filter(
        status=Status.FAILED, recipient_sealed__isnull=False, done_at__lte=at - pace.FAILED_CONTENT_KEPT
    ).update(recipient_sealed=None, content_sealed=None)
    facts, _ = (
        Dispatch.objects.everywhere()
        .exclude(status__in=sorted(NEEDS_CONTENT))
        .filter(done_at__lte=at - pace.FACT_KEPT)
        .delete()
    )
    carriers.clear_folder(before=at - pace.FAILED_CONTENT_KEPT)
    return contents + facts
