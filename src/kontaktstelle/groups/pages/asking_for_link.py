"""Ask for a new link, or type a code. Whether there is such a group is not to be learnt here: the answer is always the same."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kontaktstelle.groups.own_page import keys
from kontaktstelle.relay import throttle
from kontaktstelle.ui import senders, tokens

PURPOSE = "gruppe-pflegen"
LONGEST, FORBIDDEN = 200, 403


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Show both ways in; send a link to the stored address if the group has one."""
    if request.method != "POST":
        return _page(request, name=slug)
    now, where = timezone.now(), senders.address_of(request)
    name = request.POST.get("gruppe", "")[:LONGEST]
    town = request.POST.get("ort", "")[:LONGEST]
    if not throttle.may_try(where, at=now):
        return senders.guessed_too_often(request)
    if not name.strip() or not tokens.holds(request.POST.get("marke", ""), PURPOSE):
        return _page(request, name=name, town=town, wrong="Bitte nennen Sie den Namen Ihrer Gruppe.")
    # Every question counts: somebody who asks for many groups is not one of them.
    throttle.was_wrong(where, at=now)
    keys.ask_for_link(name, town, at=now)
    return _page(request, said=True)


def enter_code(request: HttpRequest) -> HttpResponse:
    """Open a group's page by the code of a letter or a call."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    now, where = timezone.now(), senders.address_of(request)
    if not throttle.may_try(where, at=now):
        return senders.guessed_too_often(request)
    path = keys.opened_by_code(request.POST.get("code", "")[:LONGEST], at=now)
    if path is None:
        throttle.was_wrong(where, at=now)
        return _page(
            request,
            wrong="Mit diesem Code lässt sich nichts öffnen. Vielleicht ist ein Zeichen verrutscht, oder er gilt nicht mehr.",
            status=FORBIDDEN,
        )
    return HttpResponseRedirect(path)


def _page(
    request: HttpRequest,
    *,
    name: str = "",
    town: str = "",
    wrong: str = "",
    said: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {"name": name, "town": town, "wrong": wrong, "said": said}
    return render(request, "groups/ask_for_link.html", context, status=status)
