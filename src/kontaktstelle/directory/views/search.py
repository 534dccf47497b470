"""The start page and the results of a search.

Typed words travel in the body of a form only: never in an address, a title or a log. Topics, places and filters can
also be links.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from kontaktstelle import places
from kontaktstelle.directory import cards, counting, forms, help, offices, search  # noqa: A004 - the field's word
from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.topics import own_words, resolving, tree
from kontaktstelle.ui import chrome, formats, tokens
from kontaktstelle.ui.middleware import shown_to_all

FORBIDDEN = 403
LIMIT = 20
# A search changes nothing: a form left open for days still searches.
HOURS_A_SEARCH_FORM_LASTS = 24 * 60
TOPICS_SHOWN = 3
RELATED_SHOWN = 6
BODIES_SHOWN = 3
# Topics this much weaker than the best one are not named as understood.
NAMED_SHARE = 0.34
# The answer to a form stays in the browser's memory, so that "back" from a group does not ask to send it again.
KEPT_FOR_BACK = "private, no-cache"
FREQUENT = (
    ("anxiety-panic", gettext_lazy("Angst")),
    ("depression", gettext_lazy("Depression")),
    ("addiction-general", gettext_lazy("Sucht")),
    ("grief", gettext_lazy("Trauer")),
    ("adhd-adult", gettext_lazy("AD(H)S")),
    ("caregivers", gettext_lazy("Pflege")),
    ("loneliness", gettext_lazy("Einsamkeit")),
)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a search looks: a place, or why there is none."""

    place: places.Place | None = None
    choices: tuple[tuple[str, str], ...] = ()
    # Namesakes of a place that stands out among them.
    others: tuple[tuple[str, str], ...] = ()
    note: str = ""

    @property
    def near(self) -> bool:
        """Whether there is a place to be near to."""
        return self.place is not None


@require_GET
@shown_to_all
def start(request: HttpRequest) -> HttpResponse:
    """Show the one question."""
    return render(request, "directory/start.html", {"asked": forms.Search(), "frequent": frequent_topics()})


@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest) -> HttpResponse:
    """Search, and show what was understood and what fits."""
    posted = request.method == "POST"
    asked = forms.read(request.POST if posted else request.GET, with_words=posted)
    if posted and not tokens.holds(request.POST.get("marke", ""), "suche", hours=HOURS_A_SEARCH_FORM_LASTS):
        return _ask_again(
            request,
            asked,
            _("Bitte schicken Sie Ihre Frage noch einmal ab"),
            _("Diese Seite war schon lange offen. Was Sie geschrieben haben, steht noch da."),
            status=FORBIDDEN,
        )
    if asked.is_empty:
        return _ask_again(
            request,
            asked,
            _("Was beschäftigt Sie?"),
            _(
                "Ein paar Worte genügen, zum Beispiel „Angst“, „mein Mann trinkt“ oder „allein nach der Trennung“."
            ),
        )
    understood = _understood(asked)
    where = _where(asked, understood)
    if where.choices and understood.danger:
        # Which Neustadt is meant can wait; help comes first, and the places are offered beside the groups.
        where = Where(understood.place, others=where.choices)
    elif where.choices:
        return _choose_place(request, asked, where)
    response = render(request, "directory/results.html", _page(request, asked, understood, where))
    response.headers["Cache-Control"] = KEPT_FOR_BACK
    return response


def frequent_topics() -> list[tuple[str, str]]:
    """Return addresses and names of what is asked for most."""
    return [(topic_link(topic), str(name)) for topic, name in FREQUENT if topic in tree.TOPICS]


def topic_link(topic: str, *, place: str = "") -> str:
    """Return the address of a search for a topic, near a place."""
    near = f"&ort={quote(place)}" if place else ""
    return f"{_address(formats.language())}?thema={topic}{near}"


@lru_cache(maxsize=4)
def _address(_language: str) -> str:
    return reverse("directory:search")


def _understood(asked: forms.Search) -> resolving.Understanding:
    if asked.words:
        return own_words.understand(asked.words)
    return resolving.Understanding(topics=tuple(resolving.Weighted(topic, 1.0) for topic in asked.topics))


def _where(asked: forms.Search, understood: resolving.Understanding) -> Where:
    if not asked.place:
        return Where(understood.place)
    name, _bracket, kreis = asked.place.partition(" (")
    finding = places.find(name if kreis else asked.place, district=kreis.rstrip(")"))
    choices = tuple((_place_value(choice), choice.label()) for choice in finding.choices)
    if finding.kind == "ambiguous":
        return Where(choices=choices)
    if finding.place is None:
        return Where(understood.place, note=finding.note)
    return Where(finding.place, others=choices, note=finding.note)


def _place_value(place: places.Place) -> str:
    return place.postcode or f"{place.name} ({place.kreis})"


def _page(
    request: HttpRequest, asked: forms.Search, understood: resolving.Understanding, where: Where
) -> dict[str, Any]:
    place = where.place
    near = search.Near(place.lat, place.lon, asked.radius) if place else None
    today = timezone.localdate()
    land, kreis_key = (place.land, place.kreis_key) if place else ("", "")
    answers = search.answer(understood, near=near, filters=asked.filters, limit=LIMIT)
    named = _named(understood)
    shown = cards.sections(answers, near=near is not None, on=today)
    slug = _serving(place) if place else ""
    if slug:
        chrome.show_office(request, slug)
    if not asked.is_narrowed and not understood.danger:
        # Each need once: who narrows or widens asks again, and danger is no demand.
        found = any(hit.circle == search.Circle.NEAR for hit, _entry in answers)
        counting.tell(request, counting.Searched(today, named, kreis_key, found, slug))
    return {
        "asked": asked,
        "where": where,
        "place": _place_said(place),
        "place_value": _place_value(place) if place else "",
        "named": [tree.label(topic, formats.language()) for topic in named],
        "topics": named,
        "heading": _heading(answers, near=near is not None),
        "sections": shown,
        "understood": understood,
        "urgent": help.urgent(understood.danger, land=land, kreis_key=kreis_key),
        "need": help.need_answer(land=land, kreis_key=kreis_key) if understood.need else None,
        "bodies": help.bodies_for(named, land, limit=BODIES_SHOWN) if named else [],
        "leave": any(tree.TOPICS[topic].sensitive for topic in named)
        or understood.danger in {"violence", "child"},
        "wider": next((radius for radius in forms.RADII if radius > asked.radius), 0)
        if place and (named or answers)
        else 0,
        "related": _related(named, place),
        "may_be_told": not understood.danger and _nothing_free_near(answers),
        "choices": _choices(formats.language()),
    }


def _named(understood: resolving.Understanding) -> tuple[str, ...]:
    """Return the topics to be named as understood: those that are not much weaker than the best."""
    topics = understood.topics if understood.is_sure else ()
    return tuple(
        topic.id for topic in topics[:TOPICS_SHOWN] if topic.weight >= NAMED_SHARE * topics[0].weight
    )


def _nothing_free_near(answers: list[tuple[search.Hit, PublicEntry]]) -> bool:
    """Say whether nothing was found near by, or only groups that take nobody now."""
    near = [entry for hit, entry in answers if hit.circle == search.Circle.NEAR]
    return not any(entry.takes_newcomers(timezone.localdate()) for entry in near)


def _heading(answers: list[Any], *, near: bool) -> str:
    within = sum(1 for hit, _entry in answers if hit.circle == search.Circle.NEAR)
    if not answers:
        return _("Hier hilft Ihnen die Kontaktstelle weiter")
    if within:
        return cards.count_said(within, near=near)
    if any(hit.circle != search.Circle.RELATED for hit, _entry in answers):
        return _("Gruppen gibt es etwas weiter weg")
    return _("Diese Gruppen liegen nahe an Ihrem Thema")


def _related(topics: tuple[str, ...], place: places.Place | None) -> list[tuple[str, str]]:
    if not topics:
        return []
    language, value = formats.language(), _place_value(place) if place else ""
    related = [topic for topic in tree.TOPICS[topics[0]].related if topic not in topics][:RELATED_SHOWN]
    return [(topic_link(topic, place=value), tree.label(topic, language)) for topic in related]


def _serving(place: places.Place) -> str:
    return offices.serving(postcode=place.postcode, kreis_key=place.kreis_key)


def _place_said(place: places.Place | None) -> str:
    if place is None:
        return ""
    return f"{place.postcode} {place.name}" if place.postcode else place.label()


@lru_cache(maxsize=4)
def _choices(_language: str) -> dict[str, list[tuple[str, str]]]:
    return {
        "radii": [(str(radius), f"{radius} km") for radius in forms.RADII],
        "audiences": [("", _("alle")), *((key, _(label)) for key, label in tree.AUDIENCES.items())],
        "forms": [("", _("vor Ort und online")), ("in_person", _("vor Ort")), ("online", _("online"))],
    }


def _ask_again(
    request: HttpRequest, asked: forms.Search, heading: str, sentence: str, *, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "directory/ask_again.html",
        {"asked": asked, "heading": heading, "sentence": sentence, "frequent": frequent_topics()},
        status=status,
    )


def _choose_place(request: HttpRequest, asked: forms.Search, where: Where) -> HttpResponse:
    response = render(request, "directory/choose_place.html", {"asked": asked, "choices": where.choices})
    response.headers["Cache-Control"] = KEPT_FOR_BACK
    return response
