"""What the Leitung sets for the office: periods of erasure, the question afterwards, lists and keys of the quick log."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import office_periods, typed
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import take, told
from kontaktstelle.enquiries import offer
from kontaktstelle.enquiries import periods as kept_for
from kontaktstelle.organisation import own_record
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused


@door(Right.RETENTION)
def periods(request: HttpRequest) -> HttpResponse:
    """Show how long what is kept; shorten a period, ask before more goes than before; switch the question afterwards."""
    if request.method != "POST":
        return _periods_page(request)
    said, who = request.POST, told(request)
    if said.get("schritt") == "nachfrage":
        asks = said.get("an") == "1"
        office = request.contact_point  # type: ignore[attr-defined]
        return take(
            request,
            lambda: own_record.change_office(office, {"asks_how_it_went": asks}, **who),
            back=reverse("desk:periods"),
            said="Ab jetzt können Sie fragen, ob Sie später nachfragen dürfen."
            if asks
            else "Ab jetzt wird später nicht nachgefragt.",
            again=lambda refused: _periods_page(request, refused),
        )
    return take(
        request,
        lambda: kept_for.set_period(
            said.get("frist", ""),
            None if said.get("schritt") == "programm" else typed.whole_number(said.get("tage", "")),
            sure=said.get("sicher") == "1",
            **who,
        ),
        back=reverse("desk:periods"),
        said="Die Frist gilt ab heute Nacht.",
        again=lambda refused: _periods_page(request, refused),
    )


@door(Right.DECIDE)
def form_lists(request: HttpRequest) -> HttpResponse:
    """Show what the quick log offers in a year; switch values, fields and keys from that year on."""
    this = timezone.localdate().year
    wanted = typed.whole_number((request.POST if request.method == "POST" else request.GET).get("jahr", ""))
    year = wanted if wanted in {this, this + 1} else this
    if request.method != "POST":
        return _lists_page(request, year)
    said, who = request.POST, told(request)
    name = said.get("liste", "")
    back = f"{reverse('desk:form_lists')}?jahr={year}"
    if said.get("schritt") == "zurueck":
        return take(
            request,
            lambda: offer.take_back(name, year, **who),
            back=back,
            said="Zurückgenommen. Die Liste ist wieder wie vorher.",
            again=lambda refused: _lists_page(request, year, refused),
        )
    return take(
        request,
        lambda: offer.arrange(
            name,
            on=set(said.getlist("an")),
            shortcuts=office_periods.shortcuts(said),
            from_year=year,
            seen=said.get("seen", ""),
            **who,
        ),
        back=back,
        said=f"Gespeichert, ab {year}. Was schon erfasst ist, bleibt lesbar und wird gezählt wie bisher.",
        again=lambda refused: _lists_page(request, year, refused),
    )


def _periods_page(request: HttpRequest, refused: StepRefused | None = None) -> HttpResponse:
    office = request.contact_point  # type: ignore[attr-defined]
    sent = request.POST if refused else {}
    context = {
        "periods": office_periods.periods(),
        "asks": own_record.facts(office)["asks_how_it_went"],
        "wrong": refused.sentence if refused else "",
        "typed_key": sent.get("frist", ""),
        "typed_days": sent.get("tage", ""),
        "to_programme": sent.get("schritt") == "programm",
        "unsure": isinstance(refused, kept_for.TakesMore),
    }
    return page(request, "desk/periods.html", context)


def _lists_page(request: HttpRequest, year: int, refused: StepRefused | None = None) -> HttpResponse:
    context = {
        "year": year,
        "years": office_periods.years(timezone.localdate().year),
        "lists": office_periods.lists(year, request.POST if refused else None),
        "wrong": refused.sentence if refused else "",
    }
    return page(request, "desk/form_lists.html", context)
