"""The list of enquiries: open ones, one's own, all that still have a person."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone

from kontaktstelle.enquiries import access
from kontaktstelle.enquiries.lifecycle import OPEN_ENQUIRY, EnquiryStatus
from kontaktstelle.enquiries.models import Contact, Enquiry
from kontaktstelle.organisation.models import Staff
from kontaktstelle.privacy import restriction
from kontaktstelle.topics import tree

from . import duties, enquiry_card

ON_A_PAGE = 50
WHICH = {"offen": "offene", "meine": "meine", "alle": "alle"}


@dataclass(frozen=True, slots=True)
class Row:
    """One enquiry of the list; of another's "nur ich" nothing but number and day."""

    number: str
    state: str
    is_crisis: bool
    due_on: date | None
    closed_on: date | None
    covered: str
    only_me: bool
    topics: str


def rows(which: str, number: str | None, *, by: Staff) -> tuple["Page[Enquiry]", list[Row]]:
    """Return a page of enquiries, and its rows as they are shown.

    Args:
        which: key of `WHICH`.
        number: of the page, as it was asked for.
        by: who looks.
    """
    found = Enquiry.objects.filter(de_identified=False).select_related("covered_by")
    # What rests is found by its number, and stands in no list.
    found = found.exclude(pk__in=restriction.held(timezone.localdate()))
    if which != "alle":
        found = found.filter(status__in=OPEN_ENQUIRY)
    if which == "meine":
        found = found.filter(Q(covered_by=by) | Q(covered_by=None, status=EnquiryStatus.NEW))
    page = Paginator(found.order_by("due_on", "-closed_on", "number"), ON_A_PAGE).get_page(number)
    topics = _topics([row.pk for row in page if not access.is_for_another(by, row)])
    return page, [
        Row(
            row.number, enquiry_card.state_said(row, by), row.is_paused_for_crisis and row.pk in topics, row.due_on, row.closed_on,
            duties.called(row.covered_by), row.only_me, topics.get(row.pk, ""),
        )
        for row in page
    ]  # fmt: skip


def _topics(enquiries: list[UUID]) -> dict[UUID, str]:
    """Return the topics of enquiries in words, "" where none was said."""
    found: dict[UUID, dict[str, None]] = {number: {} for number in enquiries}
    for number, topics in Contact.objects.filter(enquiry__in=enquiries).values_list("enquiry", "topics"):
        found[number].update(dict.fromkeys(topics))
    return {
        number: ", ".join(tree.label(topic) for topic in topics if topic in tree.TOPICS)
        for number, topics in found.items()
    }
