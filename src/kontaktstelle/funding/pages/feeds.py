"""The calendar of deadlines for calendar programs: programmes and dates, no group and no person."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kontaktstelle.funding import feed, subscribing
from kontaktstelle.organisation.tenancy import acting_for


@require_safe
def calendar(_request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar to whoever knows the address; a forged and a renewed one look like none."""
    office = subscribing.office_of(token)
    if office is None:
        raise Http404
    with acting_for(office):
        content = feed.calendar(office, at=timezone.now(), on=timezone.localdate())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, noarchive"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
