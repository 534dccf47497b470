"""The yearly question as the office asks it: mails and letters by night, calls by people, confirmation by whatever way.

A click, a reply, a call, the sheet, a talk, a visit and a funding form count equally, and so does a "Stand" noted in the record
by whoever: the question that is open then closes by itself. Silence ends in a line for the desk and changes nothing.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle.groups import listing
from kontaktstelle.groups.lifecycle import ProposalStatus, Stage, YearlyStatus, check_yearly_step
from kontaktstelle.groups.models import Group, Proposal, YearlyAsking, YearlyCampaign, YearlyUpdate
from kontaktstelle.groups.reaching import Reached, reach
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import Sender
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import acting_for, current
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.retention import day as day_of
from kontaktstelle.refusal import StepRefused

from .rule import ANSWER_WITHIN, Asked, due_from, next_asking

ACTOR = "nightly"
ANNOUNCEMENT, QUESTION, QUESTION_WITH_LINK = (
    "groups/mail/yearly_announcement", "groups/mail/yearly_question", "mailroom/mail/entry_to_confirm",
)  # fmt: skip
How = YearlyUpdate.How
# A group of an answer is given a link of its own: from its number to a path that ends in a secret.
Link = Callable[[UUID], str]


class CallMade(StepRefused):
    """Somebody else made the call, or the group has answered."""

    sentence = "Dieser Anruf ist schon erledigt."


class NothingToDecide(StepRefused):
    """The group was not silent, or somebody has decided."""

    sentence = "Hier ist nichts mehr zu entscheiden."


@transaction.atomic
def begin(on: date, *, by: Staff, at: datetime) -> YearlyCampaign:
    """Decide that the office asks its groups yearly from a day on; all it knows are spread over 32 weeks from there.

    Raises:
        rights.NotAllowed: only who leads decides it.
    """
    rights.check(by, Right.DECIDE, current())
    campaign, _ = YearlyCampaign.objects.update_or_create(
        contact_point_id=current(), defaults={"begins_on": on}, create_defaults={"begins_on": on, "contact_point_id": current()}
    )  # fmt: skip
    trail.record(
        str(by.pk), "yearly.begun", object_type="groups.yearlycampaign", object_id=campaign.pk, at=at, contact_point=current()
    )  # fmt: skip
    return campaign  # type: ignore[no-any-return]


@transaction.atomic
def rest(*, by: Staff, at: datetime) -> None:
    """Ask nobody any more until it is begun again; calls that wait stay to be made.

    Raises:
        rights.NotAllowed: only who leads decides it.
    """
    rights.check(by, Right.DECIDE, current())
    for campaign in YearlyCampaign.objects.all():
        trail.record(
            str(by.pk), "yearly.rests", object_type="groups.yearlycampaign", object_id=campaign.pk, at=at, contact_point=current()
        )  # fmt: skip
        campaign.delete()


def ask_everywhere(*, at: datetime, link: Link | None = None) -> int:
    """Ask the groups of every office that does so: the night's work."""
    asked = 0
    for office in ContactPoint.objects.order_by("pk"):
        with acting_for(office):
            asked += ask_due(office, at=at, link=link)
    return asked


def ask_due(office: ContactPoint, *, at: datetime, link: Link | None = None) -> int:
    """Ask the groups of the office being acted for that are due; close what was confirmed by the way. May be repeated.

    Args:
        office: in whose name.
        at: now.
        link: makes the path of a group's own page; without it a mail asks for a reply.

    Returns:
        How many questions went out or became calls to make.
    """
    on = day_of(at)
    _close_what_is_answered(on=on, at=at)
    since = YearlyCampaign.objects.filter(begins_on__lte=on).values_list("begins_on", flat=True).first()
    if since is None:
        return 0
    due = [group for group in _groups() if _is_due(group, since, on)]
    if not due:
        return 0
    sender = letterhead(office)
    return sum(_ask(group, sender, on=on, at=at, link=link) for group in due)


def confirm(group: Group, how: YearlyUpdate.How, *, by: str, at: datetime) -> Group:
    """Note that a group has said its facts are right today; what is still on its way to it is taken back.

    Args:
        group: of the office being acted for.
        how: by which way; all count the same.
        by: the staff member's key, or `group` for its own link.
        at: when.
    """
    with transaction.atomic():
        on = day_of(at)
        stored: Group = Group.objects.select_for_update().get(pk=group.pk)
        if stored.confirmed_on != on:
            stored = listing.change(stored, {"confirmed_on": on}, by=by, at=at)
        open_one = YearlyUpdate.objects.filter(group=stored, closed_on__isnull=True).first()
        if open_one is not None:
            _close(open_one, YearlyStatus.CONFIRMED, how=how, by=by, at=at)
        return stored


@transaction.atomic
def called(number: UUID, *, confirmed: bool, by: Staff, at: datetime) -> None:
    """Note a call: the group has confirmed, or nobody was there or could say.

    Args:
        number: of the asking.
        confirmed: whether the facts are right now (changes are made in the record as usual).
        by: who called.
        at: when.

    Raises:
        CallMade: it is done already.
        YearlyAsking.DoesNotExist: unknown, or another contact point's.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    asking = (
        YearlyAsking.objects.select_for_update(of=("self",)).select_related("update__group").get(pk=number)
    )
    if asking.asked_on is not None:
        raise CallMade
    asking.asked_on = day_of(at)
    asking.save(update_fields=["asked_on"])
    _trace(asking.update, "yearly.called", by=str(by.pk), at=at)
    if confirmed:
        confirm(asking.update.group, How.PHONE, by=str(by.pk), at=at)


@transaction.atomic
def decide(number: UUID, *, take_out: bool, by: Staff, at: datetime) -> None:
    """Decide on a group that has not answered: it stays as it is and is asked again in half a year, or leaves the directory.

    Raises:
        NothingToDecide: it was not silent, or the decision is made.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.PUBLISH_GROUP, current())
    update = YearlyUpdate.objects.select_for_update(of=("self",)).select_related("group").get(pk=number)
    if update.status != YearlyStatus.TO_DECIDE:
        raise NothingToDecide
    if take_out and update.group.listed:
        listing.unlist_group(update.group, by=str(by.pk), at=at)
    _close(update, YearlyStatus.TAKEN_OUT if take_out else YearlyStatus.LEFT, by=str(by.pk), at=at)


def calls_to_make() -> list[YearlyAsking]:
    """Return the calls still to be made at the office being acted for, the oldest first."""
    waiting = YearlyAsking.objects.filter(asked_on__isnull=True, update__closed_on__isnull=True)
    return list(waiting.select_related("update__group").order_by("planned_on", "pk"))


def to_decide() -> list[YearlyUpdate]:
    """Return the groups that did not answer: for the desk to decide, the oldest first."""
    silent = YearlyUpdate.objects.filter(status=YearlyStatus.TO_DECIDE)
    return list(silent.select_related("group").order_by("opened_on", "pk"))


@transaction.atomic
def on_bounced(*, about: UUID | None, contact_point: int, **_: object) -> None:
    """Hear that a mail of the question came back: the next one is a call."""
    if about is None:
        return
    with acting_for(contact_point):
        last = YearlyAsking.objects.filter(update=about, way=PostWay.MAIL).order_by("-asked_on").first()
        if last is not None:
            last.came_back = True
            last.save(update_fields=["came_back"])


def _groups() -> Iterable[Group]:
    return Group.objects.exclude(stage__in=[Stage.DISSOLVED, Stage.FOUNDING]).order_by("pk")


def _is_due(group: Group, since: date, on: date) -> bool:
    # It has answered: now the office is asked.
    if Proposal.objects.filter(group=group, status=ProposalStatus.OPEN).exists():
        return False
    updates = list(YearlyUpdate.objects.filter(group=group).order_by("opened_on"))
    if updates and updates[-1].closed_on is None:
        return bool(updates[-1].status == YearlyStatus.ASKING)
    silent = [
        each.closed_on for each in updates if each.status in {YearlyStatus.LEFT, YearlyStatus.TAKEN_OUT}
    ]
    due = due_from(
        number=group.pk, known_since=max(since, day_of(group.created_at)), confirmed_on=group.confirmed_on,
        left_on=silent[-1] if silent else None,
    )  # fmt: skip
    return on >= due


@transaction.atomic
def _ask(group: Group, sender: Sender, *, on: date, at: datetime, link: Link | None) -> int:
    # The group's row is the gate: two workers ask once.
    Group.objects.select_for_update().get(pk=group.pk)
    update = YearlyUpdate.objects.filter(group=group, closed_on__isnull=True).first()
    askings = list(update.askings.order_by("planned_on", "asked_on")) if update else []
    if any(each.asked_on is None for each in askings):
        return 0  # a call is still to be made
    asked = [
        Asked(each.asked_on, PostWay(each.way), each.is_announcement, each.came_back) for each in askings
    ]
    if (
        asked
        and next_asking(asked, way=asked[-1].way, on=on, is_first_time=False, can_write_letter=False) is None
    ):
        return 0  # before its contacts are opened for nothing
    reached = reach(group, by=ACTOR, at=at)
    letter = reach(group, by=ACTOR, at=at, only=PostWay.LETTER)
    coming = next_asking(
        asked, way=reached.way, on=on, can_write_letter=letter.to is not None,
        is_first_time=not YearlyUpdate.objects.filter(group=group, closed_on__isnull=False).exists(),
    )  # fmt: skip
    if coming is None:
        return 0
    if update is None:
        update = YearlyUpdate.objects.create(contact_point_id=current(), group=group, opened_on=on)
        _trace(update, "yearly.opened", by=ACTOR, at=at)
    if coming.way is None:
        check_yearly_step(YearlyStatus(update.status), YearlyStatus.TO_DECIDE)
        update.status = YearlyStatus.TO_DECIDE
        update.save(update_fields=["status"])
        _trace(update, "yearly.silent", by=ACTOR, at=at)
        return 0
    to = letter if coming.is_announcement else reached if coming.way == reached.way else Reached(PostWay.CALL)
    YearlyAsking.objects.create(
        contact_point_id=current(), update=update, way=coming.way, is_announcement=coming.is_announcement,
        planned_on=on, asked_on=None if coming.way == PostWay.CALL else on,
    )  # fmt: skip
    if to.to is not None:
        template = ANNOUNCEMENT if coming.is_announcement else QUESTION
        with_link = link is not None and coming.way == PostWay.MAIL
        outbox.queue(
            QUESTION_WITH_LINK if with_link else template, to=to.to, sender=sender, kind=Kind.DEADLINE, at=at,
            about=update.pk, until=on + ANSWER_WITHIN, path=link(group.pk) if link and with_link else None,
        )  # fmt: skip
    return 1


def _close_what_is_answered(*, on: date, at: datetime) -> None:
    """Close questions whose group has a new "Stand" by whatever way, or is no more."""
    for update in YearlyUpdate.objects.filter(closed_on__isnull=True).select_related("group"):
        if update.group.stage == Stage.DISSOLVED:
            to, how = YearlyStatus.ENDED, None
        elif update.group.confirmed_on is not None and update.opened_on <= update.group.confirmed_on <= on:
            to, how = YearlyStatus.CONFIRMED, How.RECORD
        else:
            continue
        with transaction.atomic():
            _close(update, to, how=how, by=ACTOR, at=at)


def _close(
    update: YearlyUpdate, to: YearlyStatus, *, by: str, at: datetime, how: YearlyUpdate.How | None = None
) -> None:
    check_yearly_step(YearlyStatus(update.status), to)
    update.status, update.closed_on, update.how = to, day_of(at), how or ""
    update.save(update_fields=["status", "closed_on", "how"])
    # A call that is not needed any more is none.
    YearlyAsking.objects.filter(update=update, asked_on__isnull=True).delete()
    outbox.withdraw(about=update.pk, by=by, at=at)
    _trace(update, f"yearly.{to}", by=by, at=at)


def _trace(update: YearlyUpdate, action: str, *, by: str, at: datetime) -> None:
    trail.record(
        by, action, object_type="groups.yearlyupdate", object_id=update.pk, at=at, contact_point=update.contact_point_id
    )  # fmt: skip
