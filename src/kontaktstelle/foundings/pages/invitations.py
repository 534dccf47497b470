"""/einladung/: where and when, and an answer that can be changed. The place of a protected topic is told on the telephone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kontaktstelle.foundings import links, meeting
from kontaktstelle.foundings.access import Outside
from kontaktstelle.foundings.lifecycle import InvitationStatus
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import tokens

from . import links_read
from .signing_up import TOO_OLD

PURPOSE = "einladung"


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show where and when; take yes or no. "Later" writes nothing: the link goes on."""
    now = timezone.now()
    linked = links_read.linked(request, token, links.ANSWER)
    if isinstance(linked, HttpResponse):
        return linked
    wrong, said, status = "", "", 200
    with acting_for(linked.contact_point):
        if meeting.asked(linked.row, at=now) is None:
            return links_read.over(request)
        if request.method == "POST":
            if not tokens.holds(request.POST.get("marke", ""), PURPOSE):
                wrong, status = TOO_OLD, links_read.FORBIDDEN
            elif "spaeter" in request.POST:
                said = "later"
            elif "ja" in request.POST or "nein" in request.POST:
                try:
                    meeting.answer(linked.row, coming="ja" in request.POST, by=Outside.INTERESTED, at=now)
                    said = "yes" if "ja" in request.POST else "no"
                except StepRefused as refused:
                    wrong, status = refused.sentence, links_read.REFUSED
        asked = meeting.asked(linked.row, at=now)
    links_read.stand_under(request, linked.contact_point)
    context = {
        "asked": asked,
        "said": said,
        "wrong": wrong,
        "is_off": asked is not None
        and asked.answer in {InvitationStatus.CALLED_OFF, InvitationStatus.TO_CALL_OFF},
        "comes": asked is not None and asked.answer == InvitationStatus.COMING,
        "stays_away": asked is not None and asked.answer == InvitationStatus.NOT_COMING,
    }
    return render(request, "foundings/invitation.html", context, status=status)
