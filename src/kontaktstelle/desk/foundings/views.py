"""Gründungen: the overview, the card, the list, the papers. What a step asks stands in the step."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle import places
from kontaktstelle.desk import typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take
from kontaktstelle.foundings import access, beginning, handouts, starting
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import own_words, tree

from . import card as shown
from . import from_enquiry
from .taking import STEPS, Form, NothingChosen, add

ORIGINS = (
    ("person", "eine Person möchte gründen"),
    ("office", "die Kontaktstelle"),
    ("demand", "der Bedarf"),
)


@door(Right.FOUND)
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is next, for whom, until when."""
    ended = request.GET.get("welche") == "beendet"
    context = {"rows": shown.overview(by=staff_of(request), ended=ended), "ended": ended, "today": timezone.localdate()}  # fmt: skip
    return page(request, "desk/foundings/overview.html", context)


@door(Right.FOUND)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a founding: by a person, by the office, by what is asked for in vain."""
    wrong = ""
    if request.method == "POST":
        post = request.POST
        try:
            origin = post.get("origin", "")
            founding = beginning.begin(
                origin if origin in dict(ORIGINS) else "office",  # type: ignore[arg-type]
                title=post.get("title", ""),
                topics=[own_words.topic_called(label) for label in post.getlist("topic") if label.strip()],
                kreis_key=_kreis(post.get("place", "")),
                person=typed.person(post) if origin == "person" else None,
                **common(request),
            )
        except StepRefused as refused:
            wrong = refused.sentence
        else:
            say(request, "Die Gründung ist angelegt.")
            return HttpResponseRedirect(reverse("desk:founding", args=[founding.pk]))
    said = request.POST if request.method == "POST" else request.GET
    asked = request.GET.get("anfrage", "")
    known = (
        from_enquiry.known(asked, by=staff_of(request), at=timezone.now())
        if asked and request.method != "POST"
        else None
    )
    topic = request.GET.get("thema", "")
    kreis = request.GET.get("kreis", "")
    context: dict[str, Any] = {
        "wrong": wrong, "typed": said, "origins": ORIGINS, "labels": sorted(each.label for each in tree.TOPICS.values()),
        "origin": said.get("origin") or ("demand" if topic else "person"),
        "chosen": said.getlist("topic") or list(known.topics if known else ()) or ([tree.label(topic)] if topic in tree.TOPICS else [""]),
        "person": known.person if known else None,
        "place": said.get("place") or (known.place if known else "") or (places.kreis_name(kreis) if kreis else ""),
    }  # fmt: skip
    return page(request, "desk/foundings/new.html", context, status=REFUSED if wrong else 200)


@door(Right.FOUND)
def card(request: HttpRequest, founding: UUID) -> HttpResponse:
    """Show a founding with its next step on top."""
    return _card(request, founding)


@door(Right.FOUND)
def take_step(request: HttpRequest, founding: UUID, step: str) -> HttpResponse:
    """Take a step of a founding; refused, its page comes again with what was typed."""
    row = access.founding_for(staff_of(request), founding)
    if step not in STEPS:
        raise Http404
    chosen = STEPS[step]
    again = _people if chosen.on_list else _card
    return take(
        request,
        lambda: chosen.take(Form(row, request.POST, common(request))),
        back=reverse("desk:founding_people" if chosen.on_list else "desk:founding", args=[row.pk]),
        said=chosen.said,
        again=lambda refused: again(request, founding, wrong=refused.sentence, step=step),
    )


@door(Right.LOG_CONTACT)
def come_along(request: HttpRequest) -> HttpResponse:
    """Put whoever rings on a list: reception too, which sees no list."""
    wrong = ""
    if request.method == "POST":
        founding = shown.one_taking(typed.number(request.POST.get("founding", "")))
        try:
            if founding is None:
                raise NothingChosen("Bitte wählen Sie die Gründung aus der Liste.")
            add(Form(founding, request.POST, common(request)))
        except StepRefused as refused:
            wrong = refused.sentence
        else:
            say(request, "Die Person steht auf der Liste.")
            return HttpResponseRedirect(reverse("desk:interest_new"))
    context = shown.coming_along() | {"wrong": wrong, "typed": request.POST}
    return page(request, "desk/foundings/come_along.html", context, status=REFUSED if wrong else 200)


@door(Right.SEE_INTERESTED)
def people(request: HttpRequest, founding: UUID) -> HttpResponse:
    """Show who stands on the list: only to who counsels, and traced."""
    return _people(request, founding)


@door(Right.SEE_INTERESTED)
def volunteers(request: HttpRequest) -> HttpResponse:
    """Show the volunteers who help at the start, and enrol one."""
    wrong = ""
    if request.method == "POST":
        topics = [label for label in request.POST.getlist("topic") if label.strip()]
        try:
            starting.enrol(
                typed.person(request.POST), [own_words.topic_called(label) for label in topics], **common(request)
            )  # fmt: skip
        except StepRefused as refused:
            wrong = refused.sentence
        else:
            say(request, "Eingetragen.")
            return HttpResponseRedirect(reverse("desk:start_helpers"))
    context = {
        "wrong": wrong, "typed": request.POST, "labels": sorted(each.label for each in tree.TOPICS.values()),
        "helpers": shown.volunteers(by=staff_of(request), at=timezone.now()),
    }  # fmt: skip
    return page(request, "desk/foundings/helpers.html", context, status=REFUSED if wrong else 200)


@door(Right.FOUND)
def folder(request: HttpRequest) -> HttpResponse:
    """Give the Gründungsmappe, to be handed out."""
    return _pdf(handouts.folder(request.contact_point), "gruendungsmappe.pdf")  # type: ignore[attr-defined]


@door(Right.FOUND)
def poster(request: HttpRequest, founding: UUID) -> HttpResponse:
    """Give the poster with its slips; without an approved text there is none."""
    row = access.founding_for(staff_of(request), founding)
    try:
        return _pdf(handouts.poster(shown.papers_of(row, at=timezone.now())), "aushang.pdf")
    except StepRefused as refused:
        answer = _card(request, founding, wrong=refused.sentence)
        answer.status_code = REFUSED
        return answer


@door(Right.FOUND)
def minutes(request: HttpRequest, founding: UUID, meeting: UUID) -> HttpResponse:
    """Give the minutes of a founding meeting, as funders ask for them."""
    staff = staff_of(request)
    row, held = access.founding_for(staff, founding), access.meeting_for(staff, meeting)
    if held.founding_id != row.pk:
        raise Http404
    try:
        return _pdf(handouts.minutes(held, by=staff, office=request.contact_point), "protokoll.pdf")  # type: ignore[attr-defined]
    except StepRefused as refused:
        answer = _card(request, founding, wrong=refused.sentence)
        answer.status_code = REFUSED
        return answer


def _card(request: HttpRequest, founding: UUID, *, wrong: str = "", step: str = "") -> HttpResponse:
    staff = staff_of(request)
    row = access.founding_for(staff, founding)
    context = shown.card(row, by=staff, at=timezone.now())
    return page(request, "desk/foundings/card.html", context | {"wrong": wrong, "step": step, "typed": request.POST if wrong else {}})  # fmt: skip


def _people(request: HttpRequest, founding: UUID, *, wrong: str = "", step: str = "") -> HttpResponse:  # noqa: ARG001 - as `_card`
    staff = staff_of(request)
    row = access.founding_for(staff, founding)
    return page(request, "desk/foundings/people.html", shown.people(row, by=staff, at=timezone.now()) | {"wrong": wrong})  # fmt: skip


def _kreis(typed_place: str) -> str:
    place = places.find(typed_place).place if typed_place.strip() else None
    return place.kreis_key if place else ""


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
