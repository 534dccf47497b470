"""Nachricht an die Kontaktstelle: who reads it and when is said before; a code and, in danger, help first afterwards."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kontaktstelle import places
from kontaktstelle.directory import entries, offices
from kontaktstelle.directory import help as shown_help
from kontaktstelle.enquiries import grounds, intake, retention
from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import chrome, formats, tokens

PURPOSE = "nachricht"
REFUSED, FORBIDDEN = 409, 403
LONGEST_TYPED = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, so that nothing typed is ever lost."""

    text: str = ""
    way_back: str = ""
    agrees: bool = False
    may_pass_on: bool = False
    postcode: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def anybody(request: HttpRequest) -> HttpResponse:
    """Write without naming a group: to the office there is, or to the one responsible where somebody lives."""
    there = _offices().order_by("name")
    if len(there) == 1:
        return _form(request, there[0])
    typed = " ".join(request.POST.get("ort", "").split())[:LONGEST_TYPED]
    if request.method == "POST" and typed and tokens.holds(request.POST.get("marke", ""), "wohin"):
        place = places.find(typed).place
        slug = offices.serving(postcode=place.postcode, kreis_key=place.kreis_key) if place else ""
        if slug and place is not None:
            return _form(request, _office(slug), Typed(postcode=place.postcode), shown_first=True)
        return render(request, "enquiries/whereto.html", {"offices": there, "typed": typed, "unknown": True})
    return render(request, "enquiries/whereto.html", {"offices": there, "typed": "", "unknown": False})


@require_http_methods(["GET", "HEAD", "POST"])
def to_office(request: HttpRequest, office: str) -> HttpResponse:
    """Write to an office."""
    return _form(request, _office(office))


@require_http_methods(["GET", "HEAD", "POST"])
def about_group(request: HttpRequest, slug: str) -> HttpResponse:
    """Write from a group's page: to the group's office, which makes the contact."""
    entry = entries.public_entry(slug)
    return _form(request, _office(entry.office), entry=entry)


def _form(
    request: HttpRequest,
    office: ContactPoint,
    typed: Typed | None = None,
    *,
    entry: PublicEntry | None = None,
    shown_first: bool = False,
) -> HttpResponse:
    chrome.show_office(request, office.slug)
    typed = typed or Typed()
    if request.method != "POST" or shown_first:
        return _page(request, office, typed, entry)
    said = request.POST
    typed = Typed(
        text=said.get("nachricht", ""),
        way_back=said.get("rueckweg", "")[:LONGEST_TYPED],
        agrees="einverstanden" in said,
        may_pass_on="weitergeben" in said,
        postcode=said.get("plz", "")[:5],
    )
    form = tokens.read_own(said.get("marke", ""), PURPOSE)
    if form is None:
        wrong = "Diese Seite war schon lange offen. Was Sie geschrieben haben, steht noch da. Bitte schicken Sie es noch einmal ab."
        return _page(request, office, typed, entry, wrong=wrong, status=FORBIDDEN)
    written = intake.Written(
        text=typed.text, form_key=form.key, form_age=form.age, way_back=typed.way_back, agrees=typed.agrees, may_pass_on=typed.may_pass_on,
        group=entry.slug if entry else "", postcode=typed.postcode, honeypot=said.get("webseite", ""),
    )  # fmt: skip
    now = timezone.now()
    try:
        received = intake.receive(office, written, at=now)
    except StepRefused as refused:
        return _page(request, office, typed, entry, wrong=refused.sentence, status=REFUSED)
    context = {
        "code": received.code,
        "urgent": shown_help.urgent(received.danger, kreis_key=entry.kreis_key if entry else ""),
        "by_mail": received.by_mail,
        "promise": promise_said(office),
        "gave_phone": bool(typed.way_back.strip()) and not received.by_mail,
    }
    return render(request, "enquiries/thanks.html", context)


def promise_said(office: ContactPoint) -> list[str]:
    """Return in sentences when a message sent now is read and answered."""
    promise = intake.promise(office, at=timezone.now())
    if promise.reads_now:
        reads = "Gerade ist jemand da, der Nachrichten liest."
    elif promise.reads_at:
        local = promise.reads_at
        reads = (
            f"Das nächste Mal liest jemand am {formats.german_date(local.date())}, ab {formats.time(local)}."
        )
    else:
        reads = "Wir lesen Nachrichten an Arbeitstagen."
    by = promise.answer_by
    return [
        reads,
        f"Eine Antwort haben Sie spätestens am {formats.german_date(by)}.",
        "Abends, nachts und am Wochenende wird nicht gelesen.",
    ]


def _page(
    request: HttpRequest,
    office: ContactPoint,
    typed: Typed,
    entry: PublicEntry | None,
    *,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    ground = grounds.ground_of(office.traeger.kind)
    context: dict[str, Any] = {
        "typed": typed,
        "wrong": wrong,
        "entry": entry,
        "to": office,
        "law": ground.law,
        "asks": ground.asks,
        "processing": grounds.PROCESSING,
        "passing_on": grounds.PASSING_ON,
        "promise": promise_said(office),
        "kept_days": retention.period("enquiry"),
        "longest": intake.LONGEST,
        "marke": tokens.own_token(PURPOSE),
    }
    return render(request, "enquiries/write.html", context, status=status)


def _office(slug: str) -> ContactPoint:
    found: ContactPoint | None = _offices().filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _offices() -> Any:
    return ContactPoint.objects.select_related("traeger").prefetch_related("sites__hours", "closings")
