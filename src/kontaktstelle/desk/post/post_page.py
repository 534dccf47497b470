"""What the pages of the post show: a letter and a failed message by what they are about and for whom in kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.urls import reverse

from kontaktstelle.enquiries.models import Enquiry, Referral
from kontaktstelle.funding.models import Telling
from kontaktstelle.groups import reaching
from kontaktstelle.groups.models import Group, YearlyUpdate
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.mailroom import figures, letters, outbox
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current

GROUP, PERSON, COLLEAGUE = "an eine Gruppe", "an eine Person", "an jemanden aus der Stelle"
# By the template, which is all that says for whom a message was; the longest beginning that fits.
_WHOM = {
    "funding/": GROUP,
    "groups/": GROUP,
    "mailroom/mail/answer_wanted": GROUP,
    "mailroom/mail/bundle": GROUP,
    "mailroom/mail/deadline_ahead": GROUP,
    "mailroom/mail/entry_to_confirm": GROUP,
    "mailroom/mail/access": COLLEAGUE,
    "desk/": COLLEAGUE,
    "enquiries/mail/someone_wrote": "an die Kontaktstelle selbst",
    "enquiries/": "zu einer Anfrage",
    "foundings/": "an jemanden auf einer Interessiertenliste",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that waits for the printer."""

    number: UUID
    subject: str
    whom: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """A message that could not be delivered. `name` and `address` lead on, for whoever may go there."""

    number: UUID
    subject: str
    whom: str
    way: str
    failed_at: datetime
    reason: str
    can_be_sent_again: bool
    name: str = ""
    address: str = ""
    is_of_a_group: bool = False


def waiting(*, at: datetime) -> list[Letter]:
    """Return the letters that wait for the contact point being acted for."""
    return [
        Letter(each.number, each.subject, whom(each.template), each.since)
        for each in letters.waiting_letters(at=at)
    ]


def rows(held: Iterable[Right]) -> list[Row]:
    """Return what could not be delivered, as somebody with these rights may see it."""
    may = frozenset(held)
    return [_row(each, may) for each in figures.failures()]


def failure_of(number: UUID) -> figures.Failure:
    """Return a message of the contact point being acted for that could not be delivered.

    Raises:
        Http404: there is none, or not any more.
    """
    for each in figures.failures():
        if each.number == number:
            return each
    raise Http404


def again(failure: figures.Failure, *, by: Staff, at: datetime) -> None:
    """Try a message once more from the start."""
    rights.check(by, Right.LOG_CONTACT, current())
    outbox.send_again(failure.number, by=str(by.pk), at=at)


def lay_aside(failure: figures.Failure, *, by: Staff, at: datetime) -> None:
    """Lay a message aside: somebody has dealt with it."""
    rights.check(by, Right.LOG_CONTACT, current())
    outbox.cancel(failure.number, by=str(by.pk), at=at)


def by_letter(failure: figures.Failure, *, by: Staff, at: datetime) -> None:
    """Write to the group by letter from now on, and lay the message aside."""
    _another_way(failure, PostWay.LETTER, by=by, at=at)


def by_call(failure: figures.Failure, *, by: Staff, at: datetime) -> None:
    """Call the group from now on, and lay the message aside."""
    _another_way(failure, PostWay.CALL, by=by, at=at)


def whom(template: str) -> str:
    """Return for whom a message is, in kind."""
    fitting = [beginning for beginning in _WHOM if template.startswith(beginning)]
    return _WHOM[max(fitting, key=len)] if fitting else PERSON


@transaction.atomic
def _another_way(failure: figures.Failure, way: PostWay, *, by: Staff, at: datetime) -> None:
    group = group_of(failure)
    if group is None:
        raise Http404
    reaching.wish(group, way, by=by, at=at)
    lay_aside(failure, by=by, at=at)


def group_of(failure: figures.Failure) -> Group | None:
    """Return the group a message was for, if it was for one and it is still there."""
    if failure.about is None or whom(failure.template) != GROUP:
        return None
    for found in (
        Telling.objects.filter(pk=failure.about).select_related("group").first(),
        YearlyUpdate.objects.filter(pk=failure.about).select_related("group").first(),
        Referral.objects.filter(pk=failure.about).select_related("group").first(),
    ):
        if found is not None:
            of_it: Group | None = found.group
            return of_it
    return Group.objects.filter(pk=failure.about).first()


def _row(failure: figures.Failure, may: frozenset[Right]) -> Row:
    group = group_of(failure)
    name, address = "", ""
    if group is not None and Right.EDIT_GROUP in may:
        name, address = group.name, reverse("desk:group_persons", args=[group.pk])
    elif group is None and failure.about is not None and Right.SEE_ENQUIRY in may:
        enquiry = Enquiry.objects.filter(pk=failure.about).first()
        if enquiry is not None:
            name, address = f"Anfrage {enquiry.number}", reverse("desk:enquiry", args=[enquiry.number])
    return Row(
        failure.number, failure.subject, whom(failure.template), failure.way, failure.failed_at, failure.reason,
        failure.can_be_sent_again, name, address, is_of_a_group=group is not None and Right.EDIT_GROUP in may,
    )  # fmt: skip
