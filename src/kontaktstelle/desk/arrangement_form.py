"""The form of a Vermittlungsabsprache: what was typed as values, what stands there, and what somebody else made of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict

from kontaktstelle.enquiries import arrangements, reading
from kontaktstelle.enquiries.models import Arrangement, Referral
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address

MOST_A_MONTH = 200
LONGEST_WORDS = 2000


class NumberUnreadable(StepRefused):
    """Not a number of people."""

    sentence = "Wie viele neue Menschen im Monat? Bitte eine Zahl, oder leer lassen."


def group_of(slug: str) -> Group:
    """Return a group of the contact point being acted for.

    Raises:
        Http404: there is none.
    """
    row: Group | None = Group.objects.filter(slug=slug).first()
    if row is None:
        raise Http404
    return row


def values(post: QueryDict) -> dict[str, Any]:
    """Return what was typed, as `arrangements.agree` takes it.

    Raises:
        NumberUnreadable, arrangements.NotOfThisGroup: as their sentences say.
    """
    month = post.get("new_per_month", "").strip()
    if month and not (month.isascii() and month.isdigit() and int(month) <= MOST_A_MONTH):
        raise NumberUnreadable
    how, rhythm, asked = post.get("how", ""), post.get("rhythm", ""), post.get("asked_person", "")
    if (
        how not in set(Arrangement.How)
        or rhythm not in set(Arrangement.Rhythm)
        or (asked and not is_number(asked))
    ):
        raise arrangements.NotOfThisGroup
    return {
        "how": how, "rhythm": rhythm, "asked_person": UUID(asked) if asked else None, "ask_for": post.getlist("ask_for"),
        "new_per_month": int(month) if month else None, "words": post.get("words", "").strip()[:LONGEST_WORDS] or None,
    }  # fmt: skip


def context(
    group: Group, post: QueryDict | None, *, changed: bool, by: Staff, at: datetime
) -> dict[str, Any]:
    """Return what the page shows.

    Args:
        group: with whom.
        post: what was typed and refused, if anything.
        changed: somebody else changed it meanwhile; their words are shown beside.
        by: who looks; opening whom one asks is traced.
        at: when.
    """
    row = Arrangement.objects.filter(group=group).first()
    stored = {
        "how": row.how if row else Arrangement.How.CALL.value,
        "rhythm": row.rhythm if row else Arrangement.Rhythm.SINGLY.value,
        "asked_person": str(row.asked_person or "") if row else "",
        "new_per_month": "" if row is None or row.new_per_month is None else str(row.new_per_month),
        "words": (row.words or "") if row else "",
        "ask_for": list(row.ask_for) if row else [],
    }
    shown = (
        stored
        if post is None
        else {name: post.get(name, "") for name in stored} | {"ask_for": post.getlist("ask_for")}
    )
    persons = ContactPerson.objects.filter(group=group).order_by("position", "pk")
    return {
        "group": group, "row": row, "shown": shown, "theirs": stored["words"] if changed else None,
        "hows": Arrangement.How.choices, "rhythms": Arrangement.Rhythm.choices, "conditions": list(CONDITIONS.values()),
        "persons": [(str(each.pk), f"{number}. Ansprechperson") for number, each in enumerate(persons, 1)],
        "asked_person": _asked(group, by, at),
    }  # fmt: skip


def came_from(number: str, group: Group) -> UUID | None:
    """Return the referral somebody came from, if it leads to this group."""
    if not is_number(number):
        return None
    found: UUID | None = (
        Referral.objects.filter(pk=UUID(number), group=group).values_list("pk", flat=True).first()
    )
    return found


def is_number(text: str) -> bool:
    """Say whether something is the number of a row."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _asked(group: Group, by: Staff, at: datetime) -> Address | None:
    try:
        return reading.asked_person(group, by=by, at=at)
    except reading.PersonGone:
        return None
