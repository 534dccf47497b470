"""Vermittlung: lead a seeker to a group, or Weitervermittlung into the help network.

A referral has a life of its own; an enquiry can have several. The route decides which data move: only R0 moves none and
needs no consent. It counts from the month in which somebody was told or the group was asked, whatever comes later.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from kontaktstelle.groups.conditions import effective
from kontaktstelle.groups.lifecycle import Stage, takes_newcomers
from kontaktstelle.groups.models import ConditionDefault, Group
from kontaktstelle.network.models import Body, Service
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import blind
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay import channels
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import address_of
from kontaktstelle.topics import tree

from . import access, codes, days, restricting, threads
from .access import Outside
from .keeping import actor, here, kept, locked, once, traced
from .lifecycle import LIVE_REFERRAL, OPEN_ENQUIRY, OPEN_REFERRAL, REFERRAL_STEPS, ReferralStatus, check_step
from .models import Arrangement, Consent, Enquiry, Referral

ANSWER_WITHIN = 5
Route = Referral.Route
# What is said without an account: by the group through its link, by the person through their code.
MAY_SAY: dict[Outside, frozenset[ReferralStatus]] = {
    Outside.GROUP: frozenset({ReferralStatus.ACCEPTED, ReferralStatus.DECLINED, ReferralStatus.IN_CONTACT}),
    Outside.SEEKER: frozenset({ReferralStatus.WITHDRAWN, ReferralStatus.IN_CONTACT}),
}


class EnquiryIsClosed(StepRefused):
    """Nobody waits any more."""

    sentence = "Diese Anfrage ist erledigt. Bitte nehmen Sie sie wieder auf, bevor Sie vermitteln."


class ReferralsRest(StepRefused):
    """A crisis was noted: a group is not the right place now."""

    sentence = "In einer Krise ruht die Vermittlung. Wenn Sie und die Person weitergehen möchten, heben Sie die Pause auf."


class GroupElsewhere(StepRefused):
    """The group belongs to another contact point."""

    sentence = "Diese Gruppe gehört zu einer anderen Kontaktstelle. Dorthin führt eine Weitervermittlung."


class GroupTakesNoReferrals(StepRefused):
    """The group takes nobody at the moment."""

    sentence = "Diese Gruppe nimmt zurzeit niemanden auf."


class EnoughThisMonth(StepRefused):
    """The group was asked as often as it agreed to."""

    sentence = "Diese Gruppe hat für diesen Monat schon so viele neue Menschen, wie abgesprochen ist."


class AlreadyReferred(StepRefused):
    """In this enquiry a referral to the same place has not come to its end."""

    sentence = "Dorthin läuft in dieser Anfrage schon eine Vermittlung. Bitte machen Sie dort weiter."


class ConsentMissing(StepRefused):
    """Data would move, and the person has not agreed, or no longer."""

    sentence = (
        "Auf diesem Weg gehen Angaben der Person weiter. Bitte halten Sie zuerst ihre Einwilligung fest."
    )


class NobodyToTell(StepRefused):
    """The group never was asked, or was told already."""

    sentence = "Hier ist niemandem mehr Bescheid zu geben."


class NoConsentNeeded(StepRefused):
    """Nothing moves, so nothing is to be agreed to."""

    sentence = "Auf diesem Weg werden nur öffentliche Angaben genannt. Eine Einwilligung ist nicht nötig."


@once(Referral)
def draft(
    enquiry: Enquiry,
    *,
    to: Group | Body | Service,
    by: Staff,
    at: datetime,
    route: Route = Route.OPEN,
    form_key: UUID | None = None,
) -> Referral:
    """Prepare a referral; the group's conditions as they stand now are kept with it.

    Args:
        enquiry: of whom.
        to: a group of this contact point, or a body or service of the help network.
        by: who.
        at: now.
        route: which data will move; the default moves none.
        form_key: of the form.

    Raises:
        EnquiryIsClosed, ReferralsRest, GroupElsewhere, GroupTakesNoReferrals, AlreadyReferred: as their sentences say.
    """
    access.check_can_refer(by)
    stored = _open(enquiry, at)
    row = Referral(contact_point_id=current(), enquiry=stored, route=route, drafted_at=at)
    if isinstance(to, Group):
        if to.contact_point_id != current():
            raise GroupElsewhere
        if to.stage == Stage.DISSOLVED:
            raise GroupTakesNoReferrals("Diese Gruppe hat sich aufgelöst.")
        row.group, row.conditions = to, conditions_of(to)
    else:
        row.network = f"{to._meta.model_name}:{to.key}"  # noqa: SLF001 - Django's public meta interface
    _check_first(row)
    row.due_on = days.office_day(here(), days.local_day(at) + timedelta(days=1))
    row.save(force_insert=True)
    traced(by, "referral.drafted", row, at=at)
    return row


@once(Referral)
def tell(referral: Referral, *, by: Staff, at: datetime, form_key: UUID | None = None) -> Referral:
    """Say that the person was told what is public: nothing moved.

    Raises:
        ConsentMissing: the route moves data.
    """
    stored = _step(referral, ReferralStatus.TOLD, by)
    if stored.route != Route.OPEN:
        raise ConsentMissing
    _open(_enquiry_of(stored), at)
    stored.counted_in, stored.due_on = days.month_of(days.local_day(at)), None
    return _moved(stored, ReferralStatus.TOLD, "referral.told", by, at)


@once(Referral)
def consent(
    referral: Referral,
    *,
    text_version: str,
    how: str,
    by: Staff,
    at: datetime,
    purpose: Consent.Purpose = Consent.Purpose.PASSING_ON,
    form_key: UUID | None = None,
) -> Referral:
    """Record that the person agreed: to what, by which text, how, when.

    Args:
        referral: to which; consent in one referral says nothing about another.
        text_version: of the text that was read out or shown.
        how: a key of the list `consent-how`.
        by: who recorded it.
        at: when it was given.
        purpose: passing on, or beside it being asked later.
        form_key: of the form.

    Raises:
        NoConsentNeeded: the route moves nothing.
        codes.UnknownCode: no such way.
    """
    access.check_can_refer(by)
    stored = _locked(referral)
    today = days.local_day(at)
    if purpose == Consent.Purpose.PASSING_ON:
        check_step(REFERRAL_STEPS, ReferralStatus(stored.status), ReferralStatus.CONSENTED)
        if stored.route == Route.OPEN:
            raise NoConsentNeeded
    if not text_version or codes.checked("consent-how", how, year=today.year) == codes.UNKNOWN:
        raise codes.UnknownCode
    enquiry = _open(_enquiry_of(stored), at)
    proof = Consent(
        contact_point_id=current(), referral=stored, purpose=purpose, text_version=text_version, how=how, given_at=at, recorded_by=by,
        address_index=_address_index(enquiry),
    )  # fmt: skip
    proof.save(force_insert=True)
    traced(by, "consent.recorded", proof, at=at)
    if purpose != Consent.Purpose.PASSING_ON:
        return kept(stored)
    stored.due_on = days.office_day(here(), today + timedelta(days=1))
    return _moved(stored, ReferralStatus.CONSENTED, "referral.consented", by, at)


@once(Referral)
def ask(
    referral: Referral, *, by: Staff, at: datetime, seen: int | None = None, form_key: UUID | None = None
) -> Referral:
    """Say that the group, or the body, was asked. An answer is due in five working days; then it is a task to call.

    The enquiry waits for the same day, so the person can be told it.

    Raises:
        ReferralsRest, GroupTakesNoReferrals, EnoughThisMonth, ConsentMissing: as their sentences say.
    """
    stored = _step(referral, ReferralStatus.ASKED, by, seen=seen)
    enquiry, today = _open(_enquiry_of(stored), at), days.local_day(at)
    if not Consent.objects.filter(
        referral=stored, purpose=Consent.Purpose.PASSING_ON, withdrawn_at__isnull=True
    ).exists():
        raise ConsentMissing
    if stored.group_id is not None:
        _check_takes(Group.objects.select_for_update().get(pk=stored.group_id), today)
    office = here()
    stored.asked_on, stored.counted_in = today, days.month_of(today)
    stored.due_on = days.office_day(office, days.working_days_after(office, today, ANSWER_WITHIN))
    whom = Enquiry.WaitsFor.GROUP if stored.group_id else Enquiry.WaitsFor.BODY
    threads.move_along(enquiry, whom, stored.due_on, by=by, at=at)
    return _moved(stored, ReferralStatus.ASKED, "referral.asked", by, at)


@once(Referral)
def accept(
    referral: Referral,
    *,
    by: Staff | Outside,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Referral:
    """Say that the group said yes, by whichever way; that contact came about is due in five working days.

    On the protected route a channel opens in this step: not before, and to nobody else.
    """
    stored = _step(referral, ReferralStatus.ACCEPTED, by, seen=seen)
    office, today = here(), days.local_day(at)
    stored.answered_on = today
    stored.due_on = days.office_day(office, days.working_days_after(office, today, ANSWER_WITHIN))
    threads.move_along(_enquiry_of(stored), Enquiry.WaitsFor.PERSON, stored.due_on, by=by, at=at)
    if stored.route == Route.RELAY and stored.group_id and stored.enquiry_id:
        stored.channel = channels.open_channel(stored.enquiry_id, referral=stored.pk, by=actor(by), at=at).pk
    return _moved(stored, ReferralStatus.ACCEPTED, "referral.accepted", by, at)


@once(Referral)
def decline(
    referral: Referral,
    *,
    reason: str = "",
    by: Staff | Outside,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Referral:
    """Say that the group said no; the enquiry is ours again, to offer the next one.

    Raises:
        codes.UnknownCode: no such reason.
    """
    stored = _step(referral, ReferralStatus.DECLINED, by, seen=seen)
    today = days.local_day(at)
    reason = codes.checked("declined", reason, year=today.year)
    stored.declined_for, stored.answered_on = reason, stored.answered_on or today
    threads.move_along(_enquiry_of(stored), None, None, by=by, at=at)
    return _ended(stored, ReferralStatus.DECLINED, "referral.declined", by, at)


@once(Referral)
def confirm_contact(
    referral: Referral,
    *,
    by: Staff | Outside,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Referral:
    """Say that the person and the group are in contact, told by either side."""
    stored = _step(referral, ReferralStatus.IN_CONTACT, by, seen=seen)
    stored.came_into_contact, stored.due_on = True, None
    threads.move_along(_enquiry_of(stored), None, None, by=by, at=at)
    return _moved(stored, ReferralStatus.IN_CONTACT, "referral.in-contact", by, at)


@once(Referral)
def outcome(
    referral: Referral,
    result: str,
    *,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Referral:
    """Write down what became of it, if it was told.

    Raises:
        codes.UnknownCode: no such result.
    """
    stored = _step(referral, ReferralStatus.OUTCOME, by, seen=seen)
    stored.result = codes.checked("result", result, year=days.local_day(at).year)
    return _ended(stored, ReferralStatus.OUTCOME, "referral.outcome", by, at, keep_channel=True)


@once(Referral)
def withdraw(
    referral: Referral, *, by: Staff | Outside, at: datetime, form_key: UUID | None = None
) -> Referral:
    """Widerruf: at any time, without a reason. Its channel closes in this step, its consents end; the count stays.

    Where the group, or the body, was asked, it may hold a name and a number: then it is a task to tell it, and an enquiry
    that was closed is open again for it. What has come to its end keeps its status, for the figures.
    """
    stored = _to_withdraw(referral, by)
    today, status = days.local_day(at), ReferralStatus(stored.status)
    is_over = ReferralStatus.WITHDRAWN not in REFERRAL_STEPS[status]
    is_to_be_told = stored.asked_on is not None
    _live_consents(stored).update(withdrawn_at=at)
    if stored.enquiry_id is not None and (is_to_be_told or not is_over):
        enquiry = _enquiry_of(stored)
        if not is_over or enquiry.status not in OPEN_ENQUIRY:
            threads.move_along(enquiry, None, None, by=by, at=at, reopens=is_to_be_told)
    _close_channel(stored, by, at)
    stored.due_on = days.office_day(here(), today) if is_to_be_told else None
    stored.follow_up_on, stored.ended_on = None, stored.ended_on or today
    return _moved(stored, status if is_over else ReferralStatus.WITHDRAWN, "referral.withdrawn", by, at)


def may_be_withdrawn(referral: Referral) -> bool:
    """Say whether there is anything left to withdraw: a way on, or a consent that still holds."""
    on_its_way = ReferralStatus.WITHDRAWN in REFERRAL_STEPS[ReferralStatus(referral.status)]
    return on_its_way or _live_consents(referral).exists()


def is_to_be_told(referral: Referral) -> bool:
    """Say whether the group or body must still hear that the person has withdrawn: over, and something is due all the same."""
    return referral.status not in OPEN_REFERRAL and referral.due_on is not None


@once(Referral)
def told_of_withdrawal(
    referral: Referral, *, by: Staff, at: datetime, seen: int | None = None, form_key: UUID | None = None
) -> Referral:
    """Say that the group, or the body, was told to erase what it holds and to call nobody.

    Raises:
        NobodyToTell: as its sentence says.
    """
    access.check_can_refer(by)
    stored = _locked(referral, seen=seen)
    if not is_to_be_told(stored):
        raise NobodyToTell
    stored.due_on = None
    traced(by, "referral.told-of-withdrawal", stored, at=at, fields=["due_on"])
    return kept(stored)


@once(Referral)
def end(
    referral: Referral, *, by: Staff, at: datetime, seen: int | None = None, form_key: UUID | None = None
) -> Referral:
    """End a referral of which nothing more is heard."""
    stored = _step(referral, ReferralStatus.ENDED, by, seen=seen)
    threads.move_along(_enquiry_of(stored), None, None, by=by, at=at)
    return _ended(stored, ReferralStatus.ENDED, "referral.ended", by, at)


def conditions_of(group: Group) -> list[str]:
    """Return the keys of the conditions that hold for a group: its own, and those of its topic fields."""
    fields = {tree.TOPICS[topic].field for topic in group.topics if topic in tree.TOPICS}
    defaults = ConditionDefault.objects.filter(field__in=fields).values_list("conditions", flat=True)
    return effective(defaults, group.conditions)


def _step(
    referral: Referral, to: ReferralStatus, by: Staff | Outside, *, seen: int | None = None
) -> Referral:
    _check_may_say(by, to)
    stored = _locked(referral, seen=seen)
    check_step(REFERRAL_STEPS, ReferralStatus(stored.status), to)
    return stored


def _check_may_say(by: Staff | Outside, to: ReferralStatus) -> None:
    if not isinstance(by, Outside):
        access.check_can_refer(by)
    elif to not in MAY_SAY[by]:
        raise NotAllowed


def _to_withdraw(referral: Referral, by: Staff | Outside) -> Referral:
    _check_may_say(by, ReferralStatus.WITHDRAWN)
    stored = _locked(referral)
    if not may_be_withdrawn(stored):
        check_step(REFERRAL_STEPS, ReferralStatus(stored.status), ReferralStatus.WITHDRAWN)
    return stored


def _live_consents(referral: Referral) -> "QuerySet[Consent]":
    found: QuerySet[Consent] = Consent.objects.filter(referral=referral, withdrawn_at__isnull=True)
    return found


def _locked(referral: Referral, *, seen: int | None = None) -> Referral:
    """Lock a referral after its enquiry, as every step does: two people on one card wait in line, never for each other."""
    if referral.enquiry_id is not None:
        Enquiry.objects.select_for_update().get(pk=referral.enquiry_id)
    return locked(referral, seen=seen)


def _check_first(row: Referral) -> None:
    """Refuse a second referral to the same place; the enquiry is locked, so of two people at once one is told.

    Who was told what is public may still be led there on a way on which something moves.
    """
    same = Referral.objects.filter(enquiry=row.enquiry, group=row.group, network=row.network)
    live = set(LIVE_REFERRAL)
    if row.route != Route.OPEN:
        live -= {ReferralStatus.TOLD}
    if same.filter(status__in=live).exists():
        raise AlreadyReferred


def _enquiry_of(referral: Referral) -> Enquiry:
    enquiry: Enquiry = Enquiry.objects.get(pk=referral.enquiry_id)
    return enquiry


def _open(enquiry: Enquiry, at: datetime) -> Enquiry:
    stored = locked(enquiry)
    restricting.check_moves(stored.pk, at=at)
    if stored.status not in OPEN_ENQUIRY:
        raise EnquiryIsClosed
    if stored.is_paused_for_crisis:
        raise ReferralsRest
    return stored


def _check_takes(group: Group, today: date) -> None:
    if not takes_newcomers(group.stage, group.intake_stop_until, today):
        raise GroupTakesNoReferrals
    arrangement = Arrangement.objects.filter(group=group).first()
    if arrangement is None or arrangement.new_per_month is None:
        return
    asked = Referral.objects.filter(group=group, counted_in=days.month_of(today), route__gt=Route.OPEN)
    if (
        asked.exclude(status__in=[ReferralStatus.DECLINED, ReferralStatus.WITHDRAWN]).count()
        >= arrangement.new_per_month
    ):
        raise EnoughThisMonth


def _address_index(enquiry: Enquiry) -> str:
    """Return the index by which the proof is found again when somebody asks for it, if there is a way back at all."""
    if enquiry.phone_index or enquiry.email_index or enquiry.party is None:
        return enquiry.phone_index or enquiry.email_index
    try:
        phone = address_of(enquiry.party).phone or ""
    except Party.DoesNotExist:
        return ""
    return blind.phone_index(phone, contact_point=current())


def _moved(
    referral: Referral, to: ReferralStatus, action: str, by: Staff | Outside, at: datetime
) -> Referral:
    referral.status = to
    traced(by, action, referral, at=at, fields=["status"])
    return kept(referral)


def _ended(
    referral: Referral,
    to: ReferralStatus,
    action: str,
    by: Staff | Outside,
    at: datetime,
    *,
    keep_channel: bool = False,
) -> Referral:
    referral.due_on, referral.ended_on = None, days.local_day(at)
    if not keep_channel:
        _close_channel(referral, by, at)
    return _moved(referral, to, action, by, at)


def _close_channel(referral: Referral, by: Staff | Outside, at: datetime) -> None:
    if (channel := channels.find(referral.channel)) is not None:
        channels.close(channel, by=actor(by), at=at)
    referral.channel = None
