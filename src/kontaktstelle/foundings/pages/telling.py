"""/bescheid/: to be told when a group begins. Topic and place come in the body of a form, never in an address.

Words in which somebody says what the group is to be about are read as a search's are: danger comes before the form.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kontaktstelle import places
from kontaktstelle.directory import help as shown_help
from kontaktstelle.directory import offices
from kontaktstelle.foundings import by_themselves, consent_texts
from kontaktstelle.foundings.by_themselves import Myself
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.setup import default_office
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import own_words, tree
from kontaktstelle.ui import chrome

from . import links_read, signing_up

PURPOSE = "bescheid"
LONGEST_TYPED = 400
MOST_TOPICS = 3


class PlaceUnclear(StepRefused):
    """Several places of this name, or none."""

    sentence = "Diesen Ort gibt es mehrmals, oder wir kennen ihn nicht. Bitte schreiben Sie die Postleitzahl."


class NotUnderstood(StepRefused):
    """Words that lead to no topic for sure."""

    sentence = "Wir haben noch nicht verstanden, um welches Thema es geht. Bitte sagen Sie es mit anderen Worten, oder rufen Sie uns an."


@dataclass(frozen=True, slots=True)
class Wished:
    """What somebody wishes to hear of, as typed and as understood."""

    words: str
    topics: tuple[str, ...]
    place_typed: str
    kreis_key: str
    place_unclear: bool
    postcode: str
    danger: str

    @property
    def is_sensitive(self) -> bool:
        """Whether the page offers to leave quickly."""
        return bool(self.danger) or any(tree.TOPICS[topic].sensitive for topic in self.topics)


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """Show the form, with topic and place if a page of the directory sent them; take the wish."""
    wished = _wished(request)
    office = _office(wished)
    chrome.show_office(request, office.slug if office else "")
    if request.method != "POST" or "wunsch" not in request.POST:
        return _form(request, wished, Myself())
    typed = signing_up.typed(request)
    if wished.danger and "gesehen" not in request.POST:
        # Help first; whoever still wishes to be told has lost nothing and sends it again.
        return _form(request, wished, typed)
    if not links_read.may_sign_up(request):
        return links_read.tried_too_often(request)
    if office is not None and not signing_up.fell_into_trap(request):
        try:
            _take(request, office, wished, typed)
        except StepRefused as refused:
            return _form(request, wished, typed, wrong=refused.sentence, status=links_read.REFUSED)
        links_read.signed_up(request)
    context = {"joins": False, "leave": wished.is_sensitive, "by_mail": typed.way == "mail"}
    return render(request, "foundings/signed_up.html", context)


def _take(request: HttpRequest, office: ContactPoint, wished: Wished, typed: Myself) -> None:
    key = signing_up.key_of(request, PURPOSE)
    if wished.place_unclear:
        raise PlaceUnclear
    if wished.words and not wished.topics:
        raise NotUnderstood
    with acting_for(office):
        by_themselves.ask_to_be_told(
            wished.topics, typed, kreis_key=wished.kreis_key, at=timezone.now(), form_key=key
        )


def _wished(request: HttpRequest) -> Wished:
    said = request.POST
    words = " ".join(said.get("worte", "").split())[:LONGEST_TYPED]
    place = " ".join(said.get("ort", "").split())[:LONGEST_TYPED]
    topics = tuple(topic for topic in dict.fromkeys(said.getlist("thema")) if topic in tree.TOPICS)
    danger = ""
    if words:
        understood = own_words.understand(words)
        danger = understood.danger
        if not topics and understood.is_sure:
            # What was meant first: who waits is told of a group on this, not of everything that came to mind.
            topics = tuple(each.id for each in understood.topics[:1])
    name, _bracket, kreis = place.partition(" (")
    found = places.find(name if kreis else place, district=kreis.rstrip(")")).place if place else None
    return Wished(
        words,
        topics[:MOST_TOPICS],
        place,
        found.kreis_key if found else "",
        bool(place) and found is None,
        found.postcode if found else "",
        danger,
    )


def _office(wished: Wished) -> ContactPoint | None:
    slug = (
        offices.serving(postcode=wished.postcode, kreis_key=wished.kreis_key)
        if wished.kreis_key or wished.postcode
        else ""
    )
    found: ContactPoint | None = ContactPoint.objects.filter(slug=slug).first() if slug else None
    return found or default_office()


def _form(
    request: HttpRequest, wished: Wished, typed: Myself, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "wished": wished,
        "names": [tree.label(topic) for topic in wished.topics],
        "urgent": shown_help.urgent(wished.danger, kreis_key=wished.kreis_key),
        "typed": typed,
        "wrong": wrong,
        "consent": consent_texts.TO_BE_TOLD.text,
        "leave": wished.is_sensitive,
        **signing_up.offered(PURPOSE),
    }
    return render(request, "foundings/tell.html", context, status=status)
