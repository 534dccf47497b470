"""/liste/: stay on a list, leave it, read what is new. Opening the page changes nothing: buttons act."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kontaktstelle.foundings import by_themselves, consent_texts, links, told_outside
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import tokens

from . import links_read
from .signing_up import TOO_OLD

PURPOSE = "liste"


@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: HttpRequest, token: str) -> HttpResponse:
    """Show where somebody stands; let them stay or leave."""
    now = timezone.now()
    linked = links_read.linked(request, token, links.STAY)
    if isinstance(linked, HttpResponse):
        return linked
    wrong, done, status = "", "", 200
    with acting_for(linked.contact_point):
        if told_outside.standing(linked.row, at=now) is None:
            return links_read.over(request)
        if request.method == "POST":
            if not tokens.holds(request.POST.get("marke", ""), PURPOSE):
                wrong, status = TOO_OLD, links_read.FORBIDDEN
            else:
                try:
                    if "gehen" in request.POST:
                        by_themselves.leave(linked.row, at=now)
                        done = "gone"
                    elif "bleiben" in request.POST:
                        by_themselves.stay(linked.row, at=now)
                        done = "stays"
                except StepRefused as refused:
                    wrong, status = refused.sentence, links_read.REFUSED
        shown = told_outside.standing(linked.row, at=now)
    links_read.stand_under(request, linked.contact_point)
    context = {"shown": shown, "done": done, "wrong": wrong, "staying": consent_texts.STAY.text}
    return render(request, "foundings/list.html", context, status=status)
