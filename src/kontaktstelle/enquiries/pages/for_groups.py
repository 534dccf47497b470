"""A group answers by its link, and writes by its link and six digits. Opening a page changes nothing: buttons act."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from kontaktstelle.enquiries import codes, correspondence, group_answers, links
from kontaktstelle.enquiries.lifecycle import WrongStatus
from kontaktstelle.enquiries.links import Linked
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay import channels, receipt_codes, throttle
from kontaktstelle.ui import chrome, tokens

from . import reading, visitors

PURPOSE, TICKET = "gruppe", "group"
GONE, FORBIDDEN, REFUSED = 410, 403, 409


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the group is asked; take its yes or no."""
    now = timezone.now()
    linked = links.read(token, links.ANSWER, at=now)
    if linked is None:
        return _over(request)
    _stand_under(request, linked.contact_point)
    with acting_for(linked.contact_point):
        asked = group_answers.question(linked.row)
        if asked is None:
            return _over(request)
        said = ""
        if request.method == "POST" and tokens.holds(request.POST.get("marke", ""), PURPOSE):
            yes = "ja" in request.POST
            try:
                group_answers.say(linked.row, yes=yes, reason=request.POST.get("grund", ""), at=now)
            except (WrongStatus, codes.UnknownCode):
                said = "over"
            else:
                said = "yes" if yes else "no"
            asked = group_answers.question(linked.row)
    reasons = [(code.key, code.label) for code in codes.offered("declined", year=now.year)]
    return render(request, "enquiries/group_answer.html", {"asked": asked, "said": said, "reasons": reasons})


@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for what belongs to the link: six digits of a group, or a seeker's code. The page does not say which."""
    if request.method != "POST":
        return render(request, "enquiries/waiting.html", {"wrong": False, "draft": ""})
    now, where, typed = timezone.now(), visitors.address_of(request), request.POST.get("code", "")
    if receipt_codes.plain(typed):
        return reading.read(request)
    if not throttle.may_try(where, at=now):
        return visitors.guessed_too_often(request)
    linked = links.read(token, links.MESSAGES, at=now)
    if linked is None or not _digits_open(linked, typed):
        throttle.was_wrong(where, at=now)
        return render(
            request,
            "enquiries/waiting.html",
            {"wrong": True, "draft": request.POST.get("text", "")},
            status=FORBIDDEN,
        )
    return _thread(request, linked, token, draft=request.POST.get("text", ""))


@require_POST
def write(request: HttpRequest, token: str) -> HttpResponse:
    """Write as the group; a number or address in the words is asked about first."""
    text, linked = request.POST.get("text", ""), _let_in(request, token)
    key = visitors.key_of(request, PURPOSE)
    if linked is None or key is None:
        return render(request, "enquiries/waiting.html", {"wrong": False, "draft": text}, status=FORBIDDEN)
    releases = "freigeben" in request.POST
    if not releases and channels.tells_who(text) and "trotzdem" not in request.POST:
        return _thread(request, linked, token, draft=text, warned=True)
    try:
        with acting_for(linked.contact_point):
            correspondence.reply_of_group(
                linked.row, text, at=timezone.now(), is_contact=releases, form_key=key
            )
    except StepRefused as refused:
        return _thread(request, linked, token, draft=text, wrong=refused.sentence, status=REFUSED)
    return _thread(request, linked, token, said="Ihre Nachricht ist angekommen.")


@require_POST
def end(request: HttpRequest, token: str) -> HttpResponse:
    """End the contact as the group, at once."""
    linked = _let_in(request, token)
    if linked is None:
        return render(request, "enquiries/waiting.html", {"wrong": False, "draft": ""}, status=FORBIDDEN)
    with acting_for(linked.contact_point):
        correspondence.end_by_group(linked.row, at=timezone.now())
    return _thread(request, linked, token, said="Der Kontakt ist beendet.")


def _digits_open(linked: Linked, typed: str) -> bool:
    with acting_for(linked.contact_point):
        return channels.digits_open(channels.find(linked.row), typed)


def _thread(
    request: HttpRequest,
    linked: Linked,
    token: str,
    *,
    draft: str = "",
    wrong: str = "",
    said: str = "",
    warned: bool = False,
    status: int = 200,
) -> HttpResponse:
    _stand_under(request, linked.contact_point)
    with acting_for(linked.contact_point):
        thread = correspondence.read_by_group(linked.row, at=timezone.now())
    if thread is None:
        return _over(request)
    context = {
        "thread": thread,
        "token": token,
        "draft": draft,
        "wrong": wrong,
        "said": said,
        "warned": warned,
        "einlass": visitors.let_in(TICKET, linked.contact_point, linked.row),
        "marke": tokens.own_token(PURPOSE),
        "longest": channels.LONGEST,
    }
    return render(request, "enquiries/group_thread.html", context, status=status)


def _let_in(request: HttpRequest, token: str) -> Linked | None:
    linked = links.read(token, links.MESSAGES, at=timezone.now())
    known = visitors.was_let_in(TICKET, request.POST.get("einlass", ""))
    return linked if linked is not None and known == (linked.contact_point, linked.row) else None


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "enquiries/link_over.html", status=GONE)


def _stand_under(request: HttpRequest, contact_point: int) -> None:
    slug = ContactPoint.objects.filter(pk=contact_point).values_list("slug", flat=True).first()
    chrome.show_office(request, slug or "")
