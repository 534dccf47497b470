"""Antwort lesen: a code opens what was written; one answers there, gives one's contact free, or ends a contact.

A wrong code, an expired one and one whose enquiry is erased are the same page, the same status and the same work.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from kontaktstelle.directory import help as shown_help
from kontaktstelle.enquiries import alarm, correspondence, days
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay import channels, receipt_codes, throttle
from kontaktstelle.relay.receipt_codes import Opened
from kontaktstelle.ui import chrome, tokens

from . import visitors

PURPOSE, TICKET = "antwort", "reading"
FORBIDDEN, REFUSED = 403, 409


@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest) -> HttpResponse:
    """Ask for the code; show what it opens."""
    if request.method != "POST":
        return render(request, "enquiries/code.html", {"wrong": False, "draft": ""})
    now, where = timezone.now(), visitors.address_of(request)
    if not throttle.may_try(where, at=now):
        return visitors.guessed_too_often(request)
    draft = request.POST.get("text", "")
    opened = receipt_codes.look_up(request.POST.get("code", ""), on=days.local_day(now))
    if opened is None:
        throttle.was_wrong(where, at=now)
        return render(request, "enquiries/code.html", {"wrong": True, "draft": draft}, status=FORBIDDEN)
    return _thread(request, opened, draft=draft)


@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Answer the office or a group; a number or address in words to a group is asked about first."""
    text = request.POST.get("text", "")
    opened, number = _let_in(request), _number(request)
    key = visitors.key_of(request, PURPOSE)
    if opened is None or number is None or key is None:
        return render(
            request, "enquiries/code.html", {"wrong": False, "draft": text, "again": True}, status=FORBIDDEN
        )
    releases = "freigeben" in request.POST
    with acting_for(opened.contact_point):
        channel = channels.find(number)
        to_group = channel is not None and channel.referral is not None
    if to_group and not releases and channels.tells_who(text) and "trotzdem" not in request.POST:
        return _thread(request, opened, draft=text, to=number, warned=True)
    try:
        with acting_for(opened.contact_point):
            correspondence.reply_of_seeker(
                opened.about, number, text, at=timezone.now(), is_contact=releases, form_key=key
            )
    except StepRefused as refused:
        return _thread(request, opened, draft=text, to=number, wrong=refused.sentence, status=REFUSED)
    return _thread(request, opened, said="Ihre Nachricht ist angekommen.", danger=alarm.kind_of(text))


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the contact with a group, at once."""
    opened, number = _let_in(request), _number(request)
    if opened is None or number is None:
        return render(
            request, "enquiries/code.html", {"wrong": False, "draft": "", "again": True}, status=FORBIDDEN
        )
    try:
        with acting_for(opened.contact_point):
            correspondence.end_by_seeker(opened.about, number, at=timezone.now())
    except StepRefused as refused:
        return _thread(request, opened, wrong=refused.sentence, status=REFUSED)
    return _thread(
        request, opened, said="Der Kontakt ist beendet. Die Gruppe kann Ihnen nicht mehr schreiben."
    )


def _thread(
    request: HttpRequest,
    opened: Opened,
    *,
    draft: str = "",
    to: UUID | None = None,
    wrong: str = "",
    said: str = "",
    warned: bool = False,
    danger: str = "",
    status: int = 200,
) -> HttpResponse:
    with acting_for(opened.contact_point):
        threads = correspondence.read_by_seeker(opened.about, at=timezone.now())
        office = ContactPoint.objects.get(pk=opened.contact_point)
    chrome.show_office(request, office.slug)
    context = {
        "threads": threads,
        "draft": draft,
        "to": to or (threads[0].channel if threads else None),
        "wrong": wrong,
        "said": said,
        "warned": warned,
        "urgent": shown_help.urgent(danger),
        "einlass": visitors.let_in(TICKET, opened.contact_point, opened.about),
        "marke": tokens.own_token(PURPOSE),
        "longest": channels.LONGEST,
    }
    return render(request, "enquiries/thread.html", context, status=status)


def _let_in(request: HttpRequest) -> Opened | None:
    known = visitors.was_let_in(TICKET, request.POST.get("einlass", ""))
    if known is None:
        return None
    opened = Opened(*known)
    return opened if receipt_codes.still_opens(opened, on=days.local_day(timezone.now())) else None


def _number(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("kanal", ""))
    except ValueError:
        return None
