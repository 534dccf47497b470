"""Sammelpost: what was gathered for a group leaves as one message, on two days a month."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kontaktstelle.privacy.fields import SealBroken
from kontaktstelle.privacy.tenancy import acting_for
from kontaktstelle.refusal import StepRefused

from . import pace
from .addresses import Recipient
from .lifecycle import Kind, Reason, Status, Way
from .models import Dispatch, Enclosure
from .outbox import new_dispatch, read
from .wording import Content, Piece, wording

TEMPLATE = "mailroom/mail/bundle"


def gather(*, at: datetime) -> int:
    """Make one dispatch of what is gathered for each group whose posting has come.

    It goes to the recipient named last: a group's contact person may have changed since the first piece was gathered.

    Returns:
        How many bundles were made.
    """
    posting = pace.latest_posting(at)
    come = Q(posting_month__lt=posting.month) | Q(posting_month=posting.month, posting_half__lte=posting.half)
    due = Enclosure.objects.everywhere().filter(come)
    groups = due.order_by("contact_point_id", "about").values_list("contact_point_id", "about").distinct()
    return sum(_bundle(office, about, come, posting, at=at) for office, about in list(groups))


@transaction.atomic
def _bundle(office: int, about: uuid.UUID, come: Q, posting: pace.Posting, *, at: datetime) -> bool:
    pieces = list(
        Enclosure.objects.everywhere()
        .select_for_update()
        .filter(come, contact_point_id=office, about=about)
        .order_by("queued_at", "id")
    )
    if not pieces:
        return False  # another worker was first
    taken = Dispatch.objects.everywhere().filter(
        contact_point_id=office, about=about, posting_month=posting.month, posting_half=posting.half
    )
    if taken.exists():
        # Only an office whose clock went back comes here: its pieces wait for the next posting.
        following = pace.next_posting(posting.at)
        Enclosure.objects.everywhere().filter(pk__in=[piece.pk for piece in pieces]).update(
            posting_month=following.month, posting_half=following.half
        )
        return False
    readable = [found for piece in pieces if (found := _read_or_put_aside(piece, at=at)) is not None]
    if readable:
        content, to = readable[-1]
        frame = wording(TEMPLATE).say(kind=Kind.BUNDLED, sender=content.sender)
        paragraphs = dict.fromkeys(text for each, _ in readable for text in each.piece.paragraphs)
        whole = Content(Piece(frame.subject, (*frame.paragraphs, *paragraphs)), content.sender)
        new_dispatch(TEMPLATE, to, whole, kind=Kind.BUNDLED, about=about, at=at, posting=posting)
    Enclosure.objects.everywhere().filter(pk__in=[piece.pk for piece in pieces]).delete()
    return True


def _read_or_put_aside(piece: Enclosure, *, at: datetime) -> tuple[Content, Recipient] | None:
    """Open a piece; one that cannot be read is shown to the desk and stops neither the rest nor anybody else's."""
    try:
        return Content.from_json(piece.content or ""), read(piece.way, piece.recipient or "")
    except (SealBroken, ValueError, LookupError, TypeError, StepRefused):
        aside = Dispatch(
            contact_point_id=piece.contact_point_id,
            template=piece.template,
            kind=Kind.SINGLE,
            way=Way.MAIL,
            status=Status.FAILED,
            reason=Reason.POISON,
            about=piece.about,
            queued_at=piece.queued_at,
            next_at=at,
            done_at=at,
        )
        with acting_for(piece.contact_point_id):
            aside.save(force_insert=True)
        return None
