"""What the day asks for, as Heute shows it: each thing in words, with the way to it and who it is for."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from kontaktstelle.enquiries import access, due, reading, referral
from kontaktstelle.enquiries.days import local_day as day_here
from kontaktstelle.enquiries.due import CALL_BACK, ENQUIRY, FOLLOW_UP, MESSAGE, REFERRAL
from kontaktstelle.enquiries.erasure import Upcoming
from kontaktstelle.enquiries.intake import Suspect
from kontaktstelle.enquiries.lifecycle import EnquiryStatus, ReferralStatus
from kontaktstelle.enquiries.models import Absence, Arrangement, CallBack, Enquiry, Referral
from kontaktstelle.organisation.models import Staff
from kontaktstelle.relay.parties import Address
from kontaktstelle.support import access as support
from kontaktstelle.support import coming
from kontaktstelle.ui import formats

from . import referred_to

TO_DO = {
    ReferralStatus.DRAFT: "Vermittlung ist vorbereitet",
    ReferralStatus.CONSENTED: "kann gefragt werden",
    ReferralStatus.ASKED: "Antwort ist fällig",
    ReferralStatus.ACCEPTED: "kam der Kontakt zustande?",
}
WAITING = {"person": "wartet auf die Person", "group": "wartet auf die Gruppe", "body": "wartet auf eine Stelle", "us": "wartet auf uns"}  # fmt: skip
ON_THE_MACHINE = {
    CallBack.Machine.NOTHING: "nicht auf den Anrufbeantworter",
    CallBack.Machine.NEUTRAL: "nur neutral auf den Anrufbeantworter",
    CallBack.Machine.FREELY: "Anrufbeantworter in Ordnung",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do. `person` is there only when names were asked for; `tries` are buttons for a call."""

    what: str
    row: UUID
    address: str
    words: str
    more: tuple[str, ...]
    due_on: date
    wished_on: date | None
    is_mine: bool
    version: int = 0
    is_call: bool = False
    may_use_machine: bool = False
    asks_to_close: bool = False
    person: Address | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """Questions for one group that wants to be asked once a week about all of them.

    `told` are number and version of each, sent back with the button: only who stood on the page is asked about.
    """

    group: UUID
    name: str
    how: str
    addresses: tuple[tuple[str, str], ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duties:
    """The lists of Heute."""

    danger: list[Duty] = field(default_factory=list)
    unread: list[Duty] = field(default_factory=list)
    suspect: list[Suspect] = field(default_factory=list)
    overdue: list[Duty] = field(default_factory=list)
    due: list[Duty] = field(default_factory=list)
    promised: list[Duty] = field(default_factory=list)
    new: list[Duty] = field(default_factory=list)
    collected: list[Collected] = field(default_factory=list)
    erased_tomorrow: Upcoming = field(default_factory=lambda: Upcoming((), (), 0))

    def lists(self) -> list[tuple[str, str, list[Duty]]]:
        """Return the lists that hold something, in the order of the day, with their headings."""
        every = [
            ("gefahr", "Zuerst: Hier könnte ein Mensch in Gefahr sein", self.danger),
            ("nachrichten", "Nachrichten", self.unread),
            ("ueberfaellig", "Überfällig", self.overdue),
            ("neu", "Neu, noch nicht gelesen", self.new),
            ("versprochen", "Heute versprochen", self.promised),
            ("faellig", "Heute fällig", self.due),
        ]
        return [each for each in every if each[2]]

    def is_empty(self) -> bool:
        """Say whether nothing at all is to be done."""
        return not self.lists() and not self.collected and not self.suspect


def duties(*, by: Staff, at: datetime, with_people: bool = False) -> Duties:
    """Return what today asks for.

    Args:
        by: who asks; must be allowed to log contacts.
        at: now.
        with_people: also open name and number of each call promised for today or overdue; every opening is traced.
    """
    day = due.day(by=by, at=at)
    rows = _Rows(
        by, [*day.danger, *day.overdue, *day.due, *day.promised, *day.new, *day.unread, *day.asked_together]
    )
    found = Duties(
        danger=[rows.shown(item) for item in day.danger],
        unread=[rows.shown(item) for item in day.unread],
        suspect=day.suspect,
        overdue=[rows.shown(item) for item in day.overdue],
        due=[rows.shown(item) for item in day.due],
        promised=[rows.shown(item) for item in day.promised],
        new=[rows.shown(item) for item in day.new],
        collected=rows.collected(day.asked_together),
        erased_tomorrow=day.erased_tomorrow,
    )
    found = with_support(found, by=by, on=day_here(at))
    if not with_people:
        return found
    return replace(
        found,
        overdue=[rows.with_person(duty, by, at) for duty in found.overdue],
        promised=[rows.with_person(duty, by, at) for duty in found.promised],
    )


def with_support(found: Duties, *, by: Staff, on: date) -> Duties:
    """Add the dates with groups that have come, for those who accompany groups; what they are about is not said here."""
    if not support.supports(by):
        return found
    dates = [_of_support(each, by) for each in coming.due(on)]
    return replace(
        found,
        overdue=[*found.overdue, *(duty for duty in dates if duty.due_on < on)],
        due=[*found.due, *(duty for duty in dates if duty.due_on == on)],
    )


def _of_support(each: coming.Next, by: Staff) -> Duty:
    return Duty(
        "support", each.entry, reverse("desk:group_support", args=[each.group.pk]), f"{each.group.name}: Begleitung, nächster Termin",
        (), each.on, None, is_mine=each.by is None or each.by.pk == by.pk,
    )  # fmt: skip


def away_today(on: date) -> list[tuple[str, date, str]]:
    """Return who is away, until when, and who stands in."""
    rows = Absence.objects.filter(first_day__lte=on, last_day__gte=on).select_related("staff", "deputy")
    return [
        (
            called(row.staff),
            row.last_day,
            called(row.deputy) if row.deputy else "wer da ist",
        )
        for row in rows.order_by("last_day", "pk")
    ]


def called(staff: Staff | None) -> str:
    """Return how somebody of the office is called on its own pages."""
    return (staff.name or staff.email) if staff else "wer da ist"


class _Rows:
    """The rows behind the items of a day, read together."""

    def __init__(self, by: Staff, items: Iterable[due.Item]) -> None:
        self.by = by
        of: dict[str, list[UUID]] = {}
        for item in items:
            of.setdefault(item.what, []).append(item.row)
        self.enquiries = Enquiry.objects.in_bulk([*of.get(ENQUIRY, []), *of.get(MESSAGE, [])])
        self.call_backs = CallBack.objects.select_related("enquiry").in_bulk(of.get(CALL_BACK, []))
        self.referrals = Referral.objects.select_related("enquiry").in_bulk(
            [*of.get(REFERRAL, []), *of.get(FOLLOW_UP, [])]
        )
        self.names = referred_to.names(self.referrals.values())
        self.agreed = referred_to.arrangements(self.referrals.values())

    def shown(self, item: due.Item) -> Duty:
        make = {ENQUIRY: self._enquiry, MESSAGE: self._message, CALL_BACK: self._call_back}.get(
            item.what, self._referral
        )
        return make(item)

    def collected(self, items: Iterable[due.Item]) -> list[Collected]:
        by_group: dict[UUID, list[due.Item]] = {}
        for item in items:
            by_group.setdefault(self.referrals[item.row].group_id, []).append(item)
        return [
            Collected(
                group,
                self.names[asked[0].row],
                self._how(self.referrals[asked[0].row]),
                tuple((item.number, reverse("desk:referral", args=[item.row])) for item in asked),
                tuple(f"{item.row}:{self.referrals[item.row].version}" for item in asked),
            )
            for group, asked in by_group.items()
        ]

    def with_person(self, duty: Duty, by: Staff, at: datetime) -> Duty:
        """Open who is to be called, where that is allowed and somebody is still there."""
        if duty.what != CALL_BACK:
            return duty
        row = self.call_backs[duty.row]
        try:
            # On paper a name stands beside no number of an enquiry: who finds the sheet learns nothing about anybody.
            return replace(duty, person=reading.person(row, by=by, at=at), more=_promised(row, ""))
        except reading.PersonGone:
            return duty

    def _enquiry(self, item: due.Item) -> Duty:
        row = self.enquiries[item.row]
        state = {EnquiryStatus.NEW: "noch niemand hat sie gelesen", EnquiryStatus.OPEN: "ist wieder dran"}
        words = state.get(EnquiryStatus(row.status), WAITING.get(row.waits_for, "wartet"))
        more = [] if row.covered_by_id is None else ["nur für eine Person" if row.only_me else ""]
        return self._duty(
            item,
            f"Anfrage {item.number}: {words}",
            more,
            reverse("desk:enquiry", args=[item.number]),
            row.version,
        )

    def _message(self, item: due.Item) -> Duty:
        row = self.enquiries[item.row]
        words = (
            "eine Nachricht ist seit einem Tag ungelesen, bitte anrufen"
            if item.is_call_task
            else "eine neue Nachricht"
        )
        more = ["nur für eine Person" if row.only_me else ""]
        return self._duty(
            item,
            f"Anfrage {item.number}: {words}",
            more,
            reverse("desk:enquiry", args=[item.number]) + "#nachrichten",
            row.version,
        )

    def _call_back(self, item: due.Item) -> Duty:
        row = self.call_backs[item.row]
        if row.enquiry is not None and access.is_for_another(self.by, row.enquiry):
            words, card = (
                f"Anfrage {item.number}: etwas Versprochenes ist fällig",
                reverse("desk:enquiry", args=[item.number]),
            )
            return replace(self._duty(item, words, ["nur für eine Person"], card, row.version), what=ENQUIRY)
        kind = str(CallBack.Kind(row.kind).label)
        return replace(
            self._duty(
                item,
                kind,
                _promised(row, item.number),
                reverse("desk:call_back", args=[item.row]),
                row.version,
            ),
            is_call=row.kind == CallBack.Kind.CALL,
            may_use_machine=row.machine != CallBack.Machine.NOTHING,
        )

    def _referral(self, item: due.Item) -> Duty:
        row = self.referrals[item.row]
        words = "nachfragen, wie es war" if item.what == FOLLOW_UP else to_do(row)
        if row.enquiry is not None and access.is_for_another(self.by, row.enquiry):
            # Whoever stands in sees number and day, and hands the enquiry over if it cannot wait.
            words, card = (
                f"Anfrage {item.number}: Vermittlung fällig",
                reverse("desk:enquiry", args=[item.number]),
            )
            return self._duty(item, words, ["nur für eine Person"], card, row.version)
        more = [f"Anfrage {item.number}", self._how(row) if item.is_call_task else ""]
        return self._duty(
            item, f"{self.names[row.pk]}: {words}", more, reverse("desk:referral", args=[row.pk]), row.version
        )

    def _how(self, row: Referral) -> str:
        arrangement = self.agreed.get(row.group_id) if row.group_id else None
        return f"Absprache: {Arrangement.How(arrangement.how).label}" if arrangement else ""

    def _duty(self, item: due.Item, words: str, more: Iterable[str], address: str, version: int) -> Duty:
        return Duty(
            item.what, item.row, address, words, tuple(part for part in more if part), item.due_on, item.wished_on, item.is_mine,
            version=version, asks_to_close=item.asks_to_close,
        )  # fmt: skip


def _promised(row: CallBack, number: str) -> tuple[str, ...]:
    """Return what is to be known before one calls, and the enquiry's number if there is one to be said."""
    missed = len(row.attempts)
    more = [
        window_said(row),
        ON_THE_MACHINE[CallBack.Machine(row.machine)] if row.kind == CallBack.Kind.CALL else "",
        f"Anfrage {number}" if number else "",
        f"{missed} Mal vergeblich" if missed > 1 else "einmal vergeblich" if missed else "",
    ]
    return tuple(part for part in more if part)


def to_do(row: Referral) -> str:
    """Return what a referral that is due asks for."""
    if referral.is_to_be_told(row):
        return "Bescheid geben, die Person hat widerrufen"
    return TO_DO.get(ReferralStatus(row.status), row.status)


def window_said(row: CallBack) -> str:
    """Return a call-back's time window in words; "" for any time."""
    if row.window_from and row.window_to:
        return formats.span(row.window_from, row.window_to)
    if row.window_from:
        return f"ab {formats.time(row.window_from)}"
    return f"bis {formats.time(row.window_to)}" if row.window_to else ""
