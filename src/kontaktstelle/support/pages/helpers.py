"""One date and place for a helper, by link. Opening it changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.support import helper_dates
from kontaktstelle.ui import chrome

GONE = 410


@require_safe
def date(request: HttpRequest, token: str) -> HttpResponse:
    """Show the date of a link, as long as it is ahead."""
    linked = helper_dates.read(token, at=timezone.now())
    if linked is None:
        return render(request, "support/helper_date.html", {"shown": None}, status=GONE)
    slug = ContactPoint.objects.filter(pk=linked.contact_point).values_list("slug", flat=True).first()
    chrome.show_office(request, slug or "")
    with acting_for(linked.contact_point):
        shown = helper_dates.shown(linked.row)
    return render(request, "support/helper_date.html", {"shown": shown}, status=200 if shown else GONE)
