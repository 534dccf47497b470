"""What the desk and the operator see of the post: numbers and reasons, never an address or a text."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from . import pace
from .lifecycle import Reason, Status, Way
from .models import Dispatch, Enclosure, Outage
from .wording import subject_of


@dataclass(frozen=True, slots=True)
class PostCounts:
    """How much post of the contact point being acted for is on its way."""

    waiting: int
    gathered: int
    to_print: int
    failed: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that could not be delivered.

    Attributes:
        number: for `outbox.send_again` and `outbox.cancel`.
        about: opaque number of what it concerned.
        subject: of its template, without values.
        template: whose name says for whom it was, in kind.
        way: in words, by which it was to go.
        failed_at: when it was given up.
        reason: a German sentence.
        can_be_sent_again: its content is still there.
    """

    number: uuid.UUID
    about: uuid.UUID | None
    subject: str
    template: str
    way: str
    failed_at: datetime
    reason: str
    can_be_sent_again: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the post of the whole installation.

    Attributes:
        cause: a German sentence, or "".
        since: since when the server is away.
        waiting: messages that should have left a quarter of an hour ago.
    """

    cause: str
    since: datetime | None
    waiting: int


def post_counts(*, at: datetime) -> PostCounts:
    """Return the counts of the contact point being acted for; letters only if they are due."""
    return PostCounts(
        waiting=Dispatch.objects.filter(status=Status.WAITING).count(),
        gathered=Enclosure.objects.count(),
        to_print=Dispatch.objects.filter(status=Status.TO_PRINT, next_at__lte=at).count(),
        failed=Dispatch.objects.filter(status=Status.FAILED).count(),
    )


def installation_counts() -> dict[str, int]:
    """Return the same counts for all offices together, by name; for whoever runs the server."""
    rows = Dispatch.objects.everywhere()
    return {
        "waiting": rows.filter(status=Status.WAITING).count(),
        "gathered": Enclosure.objects.everywhere().count(),
        "to_print": rows.filter(status=Status.TO_PRINT).count(),
        "failed": rows.filter(status=Status.FAILED).count(),
    }


def failures() -> list[Failure]:
    """Return what could not be delivered for the contact point being acted for, oldest first."""
    return [
        Failure(
            number=dispatch.pk,
            about=dispatch.about,
            subject=subject_of(dispatch.template),
            template=dispatch.template,
            way=str(Way(dispatch.way).label),
            failed_at=dispatch.done_at,
            reason=Reason(dispatch.reason).label,
            can_be_sent_again=dispatch.recipient_sealed is not None,
        )
        for dispatch in Dispatch.objects.filter(status=Status.FAILED).order_by("done_at", "id")
    ]


def trouble(*, at: datetime) -> Trouble | None:
    """Return what is wrong with the post of the installation, or None."""
    outage = Outage.objects.first()
    late = Dispatch.objects.everywhere().filter(status=Status.WAITING, next_at__lte=at - pace.BACKLOG_ALARM)
    # A message that was tried and is to be tried again is not late; one that nobody tried is.
    untried = late.filter(tries=0)
    found = untried.aggregate(oldest=Min("next_at"))["oldest"]
    if outage is None and found is None:
        return None
    return Trouble(
        cause=outage.get_cause_display() if outage else "",
        since=outage.since if outage else found,
        waiting=untried.count(),
    )
