"""Vermittlungsabsprache: how a group is asked, as a page reached from a referral."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of
from kontaktstelle.enquiries import arrangements, reading
from kontaktstelle.enquiries.keeping import ChangedMeanwhile
from kontaktstelle.enquiries.models import Arrangement
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

MOST_A_MONTH = 200
LONGEST_WORDS = 2000


class NumberUnreadable(StepRefused):
    """Not a number of people."""

    sentence = "Wie viele neue Menschen im Monat? Bitte eine Zahl, oder leer lassen."


@door(Right.REFER)
def arrangement(request: HttpRequest, group: str) -> HttpResponse:
    """Show what was agreed with a group, or change it; changed by somebody else meanwhile, both texts stand."""
    row = Group.objects.filter(slug=group).first()
    if row is None:
        raise Http404
    if request.method != "POST":
        return _page(request, row)
    try:
        arrangements.agree(row, _values(request), seen=typed.version(request.POST), **common(request))
    except ChangedMeanwhile as changed:
        return _page(request, row, wrong=changed.sentence, changed=True, status=REFUSED)
    except StepRefused as refused:
        return _page(request, row, wrong=refused.sentence, status=REFUSED)
    say(request, f"So ist es mit „{row.name}“ abgesprochen.")
    back = request.POST.get("referral", "")
    return HttpResponseRedirect(
        reverse("desk:referral", args=[UUID(back)])
        if _is_number(back)
        else reverse("desk:arrangement", args=[row.slug])
    )


def _values(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    month = post.get("new_per_month", "").strip()
    if month and not (month.isascii() and month.isdigit() and int(month) <= MOST_A_MONTH):
        raise NumberUnreadable
    how, rhythm, asked = post.get("how", ""), post.get("rhythm", ""), post.get("asked_person", "")
    if (
        how not in set(Arrangement.How)
        or rhythm not in set(Arrangement.Rhythm)
        or (asked and not _is_number(asked))
    ):
        raise arrangements.NotOfThisGroup
    return {
        "how": how, "rhythm": rhythm, "asked_person": UUID(asked) if asked else None, "ask_for": post.getlist("ask_for"),
        "new_per_month": int(month) if month else None, "words": post.get("words", "").strip()[:LONGEST_WORDS] or None,
    }  # fmt: skip


def _page(
    request: HttpRequest, group: Group, *, wrong: str = "", changed: bool = False, status: int = 200
) -> HttpResponse:
    row = Arrangement.objects.filter(group=group).first()
    stored = {
        "how": row.how if row else Arrangement.How.CALL.value,
        "rhythm": row.rhythm if row else Arrangement.Rhythm.SINGLY.value,
        "asked_person": str(row.asked_person or "") if row else "",
        "new_per_month": "" if row is None or row.new_per_month is None else str(row.new_per_month),
        "words": (row.words or "") if row else "",
        "ask_for": list(row.ask_for) if row else [],
    }
    post = request.POST
    shown = (
        stored
        if not wrong
        else {name: post.get(name, "") for name in stored} | {"ask_for": post.getlist("ask_for")}
    )
    persons = ContactPerson.objects.filter(group=group).order_by("position", "pk")
    context = {
        "group": group, "row": row, "shown": shown, "wrong": wrong, "theirs": stored["words"] if changed else None,
        "hows": Arrangement.How.choices, "rhythms": Arrangement.Rhythm.choices, "conditions": list(CONDITIONS.values()),
        "persons": [(str(each.pk), f"{number}. Ansprechperson") for number, each in enumerate(persons, 1)],
        "referral": (post if request.method == "POST" else request.GET).get("referral", ""),
        "asked_person": _asked(group, request),
    }  # fmt: skip
    return page(request, "desk/arrangement.html", context, status=status)


def _asked(group: Group, request: HttpRequest) -> Any:
    try:
        return reading.asked_person(group, by=staff_of(request), at=timezone.now())
    except reading.PersonGone:
        return None


def _is_number(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
