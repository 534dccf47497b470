"""What the pages behind links share: read a link, or show the one page for all that do not fit; slow down whoever tries."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kontaktstelle.enquiries.pages import visitors
from kontaktstelle.foundings import links
from kontaktstelle.foundings.links import Linked
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.relay import throttle
from kontaktstelle.ui import chrome, refusals

GONE, REFUSED, FORBIDDEN, TOO_MANY = 410, 409, 403, 429
LINKS, LISTS = "links", "lists"


def linked(request: HttpRequest, token: str, purpose: str) -> Linked | HttpResponse:
    """Return what a link leads to, or the page for a link that does not: forged, over, gone and made for another page look alike."""
    now, where = timezone.now(), visitors.address_of(request)
    if not throttle.may_try(where, at=now, what=LINKS):
        return tried_too_often(request)
    found = links.read(token, purpose, at=now)
    return found if found is not None else over(request)


def over(request: HttpRequest) -> HttpResponse:
    """Return the page of every link that does not fit, under the installation's own office, and count it."""
    throttle.was_wrong(visitors.address_of(request), at=timezone.now(), what=LINKS)
    chrome.show_office(request, "")
    return render(request, "foundings/link_over.html", status=GONE)


def may_sign_up(request: HttpRequest) -> bool:
    """Say whether from here somebody may put themselves on a list now."""
    return throttle.may_try(visitors.address_of(request), at=timezone.now(), what=LISTS)


def signed_up(request: HttpRequest) -> None:
    """Count that from here somebody put themselves on a list."""
    throttle.was_wrong(visitors.address_of(request), at=timezone.now(), what=LISTS)


def tried_too_often(request: HttpRequest) -> HttpResponse:
    """Return the page for whoever tried too often."""
    return refusals.kind_page(
        request,
        TOO_MANY,
        "Bitte warten Sie eine Viertelstunde",
        "Von Ihrem Anschluss kam gerade sehr viel auf einmal. Ihr Link gilt weiter. Wenn es eilt, rufen Sie uns an.",
    )


def stand_under(request: HttpRequest, contact_point: int) -> None:
    """Show the page under the office of this number."""
    slug = ContactPoint.objects.filter(pk=contact_point).values_list("slug", flat=True).first()
    chrome.show_office(request, slug or "")
