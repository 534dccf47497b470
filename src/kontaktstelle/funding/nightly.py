"""What the night does for funding, office by office: see what became of post, carry rounds on, let proofs become due, tell groups."""

from datetime import datetime

from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.retention import day as day_of

from . import applications, programmes, settling, telling


def run(*, at: datetime) -> int:
    """Do the night's work for all offices; may be repeated.

    Returns:
        How many tellings were made.
    """
    programmes.roll_over_what_is_due(at=at, on=day_of(at))
    told = 0
    for office in ContactPoint.objects.order_by("pk"):
        with acting_for(office):
            settling.settle(at=at)
            applications.note_proofs_due(at=at)
            told += telling.tell_due(office, at=at)
    return told
