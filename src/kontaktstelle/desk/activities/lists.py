"""Lists of activities on their way in and out."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile

from kontaktstelle.activities import log, sheet
from kontaktstelle.activities.models import ActivityRecord
from kontaktstelle.organisation.models import ContactPoint

from .forms import sites_by_word


def read(file: "UploadedFile[bytes] | None", pasted: str, office: ContactPoint) -> sheet.Read:
    """Return what a file, or else a pasted text, says.

    Raises:
        sheet.SheetUnreadable: as it says of each row.
    """
    raw = file.read(sheet.MOST_BYTES + 1) if file else pasted.encode()
    known = ActivityRecord.objects.values_list("pk", flat=True)
    return sheet.read(raw, sites=sites_by_word(office), known=known)


def written(year: int) -> bytes:
    """Return a year as CSV, in the order of its days."""
    return sheet.written(reversed(log.of_months(date(year, 1, 1), date(year, 12, 1))))
