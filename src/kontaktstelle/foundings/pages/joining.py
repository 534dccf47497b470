"""/mitmachen/: from a poster, a slip or the open list onto the list of a founding."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kontaktstelle import places
from kontaktstelle.foundings import by_themselves, consent_texts, links, told_outside
from kontaktstelle.foundings.by_themselves import Myself
from kontaktstelle.foundings.told_outside import Call
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused

from . import links_read, signing_up

PURPOSE = "mitmachen"


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the call says, and take who comes along."""
    now = timezone.now()
    linked = links_read.linked(request, token, links.JOIN)
    if isinstance(linked, HttpResponse):
        return linked
    with acting_for(linked.contact_point):
        call = told_outside.call(linked.row, at=now)
    if call is None:
        return links_read.over(request)
    links_read.stand_under(request, linked.contact_point)
    if request.method != "POST":
        return _form(request, token, call, Myself())
    if not links_read.may_sign_up(request):
        return links_read.tried_too_often(request)
    typed = signing_up.typed(request)
    if not signing_up.fell_into_trap(request):
        try:
            key = signing_up.key_of(request, PURPOSE)
            with acting_for(linked.contact_point):
                by_themselves.join(
                    linked.row, typed, heard=request.POST.get("woher", ""), at=now, form_key=key
                )
        except StepRefused as refused:
            return _form(request, token, call, typed, wrong=refused.sentence, status=links_read.REFUSED)
        links_read.signed_up(request)
    context = {"joins": True, "leave": call.is_sensitive, "by_mail": typed.way == "mail"}
    return render(request, "foundings/signed_up.html", context)


def _form(
    request: HttpRequest, token: str, call: Call, typed: Myself, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "token": token,
        "call": call,
        "where": places.kreis_name(call.kreis_key) if call.kreis_key else "",
        "typed": typed,
        "heard": request.POST.get("woher", ""),
        "wrong": wrong,
        "consent": consent_texts.JOIN.text,
        "leave": call.is_sensitive,
        **signing_up.offered(PURPOSE),
    }
    return render(request, "foundings/join.html", context, status=status)
