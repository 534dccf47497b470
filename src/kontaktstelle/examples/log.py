"""Two years of the log of an example office: contacts, referrals, clearing talks, and what is open on the day.

Plausible, not real: who asks, what for and by which way in the shares offices publish; topics by what is asked most and by
season; fewer contacts in summer and around Christmas. What is older than the Löschfrist is de-identified as it would be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import models
from django.db.models import prefetch_related_objects

from kontaktstelle.enquiries import days, retention
from kontaktstelle.enquiries.finding import indexed
from kontaktstelle.enquiries.models import CallBack, Clearing, Consent, Contact, Enquiry, Note, Referral
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.hours import closed_on
from kontaktstelle.organisation.models import ContactPoint, Site
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address
from kontaktstelle.topics import tree

from .chance import chance
from .identity import is_ours, row_id
from .offices import MOST_ASKED, ExampleOffice
from .people import FIRST
from .plan import DATA

DAYS = 730
WORKING_DAYS = 230
# Contacts a year, by number of groups: 2 600 where 250 groups are, as a Kreis of that size reports.
CONTACTS_PER_GROUP = 10.4
OPEN_PER_CONTACTS = 260
SEASON = (1.16, 1.06, 1.06, 0.98, 0.97, 0.92, 0.76, 0.78, 1.1, 1.1, 1.1, 0.8)
IN_WINTER = frozenset(
    {"depression", "loneliness", "grief", "widowed", "anxiety-panic", "burnout", "insomnia"}
)
IN_JANUARY = frozenset({"alcohol", "addiction-general", "addiction-relatives", "obesity", "gambling"})
ASKED_MOST_COUNTS = 9.0
UNNAMED_TOPIC = 0.3

WHO = {
    "affected": 38, "relative": 12, "parents": 6, "founder": 4, "group": 19, "professional": 12, "press": 1, "politics": 1, "insurer": 1,
    "contact-point": 2, "student": 1, "other": 2, "unknown": 1,
}  # fmt: skip
SEEKERS = frozenset({"affected", "relative", "parents"})
CHANNELS = {"telephone": 51, "email": 30, "in-person": 11, "web": 4, "event": 2, "letter": 1, "unknown": 1}
DIRECTIONS = {"incoming": 82, "outgoing": 15, "unknown": 3}
VISITS = {"first": 58, "repeat": 30, "unknown": 12}
CONCERNS: dict[str, dict[str, int]] = {
    "seeker": {"find-group": 80, "information": 9, "professional-help": 8, "crisis": 1, "material": 2},
    "founder": {"found-group": 90, "information": 10},
    "group": {"group-support": 28, "entry": 26, "funding": 20, "room": 14, "publicity": 7, "training": 5},
    "professional": {"information": 30, "find-group": 38, "material": 26, "publicity": 6},
    "other": {"information": 55, "publicity": 25, "material": 20},
}
OUTCOMES: dict[str, dict[str, int]] = {
    "find-group": {
        "to-group": 74,
        "no-offer": 7,
        "to-service": 6,
        "to-body": 5,
        "informed": 5,
        "waiting-list": 3,
    },
    "information": {"informed": 70, "material": 30},
    "professional-help": {"to-service": 85, "informed": 15},
    "crisis": {"crisis-help": 100},
    "material": {"material": 100},
    "found-group": {"founding-advised": 75, "waiting-list": 25},
    "group-support": {"group-supported": 100},
    "entry": {"entry-changed": 100},
    "funding": {"informed": 60, "group-supported": 40},
    "room": {"group-supported": 100},
    "publicity": {"informed": 100},
    "training": {"informed": 100},
}
ROUTES = {"R0": 68, "R1": 5, "R2": 19, "R3": 6, "R4": 2}
# What became of a referral in which data moved.
BECAME = {"in-contact": 48, "outcome": 20, "declined": 11, "ended": 17, "withdrawn": 4}
RESULTS = {"visited": 60, "not-fitting": 14, "not-yet": 14, "unknown": 12}
DECLINED = {"full": 45, "conditions": 20, "stopped": 15, "no-answer": 20}
GROUPS_NAMED = {1: 52, 2: 33, 3: 15}
KREIS_TOLD, NOTED, CLEARED, COLLECTIVE = 0.86, 0.5, 0.22, 0.25
NOTES = (
    "ruft nach Prospekt an, möchte erst einmal zuhören",
    "fragt, ob man allein kommen darf",
    "nach Reha, sucht Austausch in der Nähe",
    "möchte abends, hat kein Auto",
    "weiß noch nicht, ob eine Gruppe das Richtige ist",
    "hat Faltblatt in der Praxis gesehen",
    "fragt nach Gruppe mit Jüngeren",
    "Material zugesandt",
)


@dataclass(slots=True)
class Written:
    """The rows of an office's log, ready to be saved in this order."""

    parties: list[Party] = field(default_factory=list)
    enquiries: list[Enquiry] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    call_backs: list[CallBack] = field(default_factory=list)
    clearings: list[Clearing] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)

    def in_order(self) -> list[tuple[type[models.Model], Sequence[models.Model]]]:
        """Return models with their rows; what others hang on comes first."""
        return [
            (Party, self.parties), (Enquiry, self.enquiries), (Contact, self.contacts), (Note, self.notes), (CallBack, self.call_backs),
            (Clearing, self.clearings), (Referral, self.referrals), (Consent, self.consents),
        ]  # fmt: skip


class _Drawing:
    """Draws keys by weight, quickly: the sums are made once."""

    def __init__(self, weights: dict[str, float]) -> None:
        self.keys, self.sums, total = list(weights), [], 0.0
        for weight in weights.values():
            total += weight
            self.sums.append(total)

    def one(self, by: Random) -> str:
        return by.choices(self.keys, cum_weights=self.sums)[0]


def log_of(
    office: ExampleOffice,
    contact_point: ContactPoint,
    sites: Sequence[Site],
    groups: Sequence[Group],
    *,
    on: date,
) -> Written:
    """Return the log of an example office for the two years before a day.

    Args:
        office: what it is to be like.
        contact_point: its row, with sites and closings.
        sites: its sites.
        groups: its groups, saved.
        on: the day; everything is relative to it.
    """
    prefetch_related_objects([contact_point], "closings", "sites__hours")
    return _Log(office, contact_point, sites, groups, on).written()


def remove_former(now: Written) -> None:
    """Remove rows an earlier loading wrote and this one does not; what people added stays. Call it within the office."""
    for model, rows in reversed(now.in_order()):
        if model is Party:
            continue  # parties of enquiries keep their numbers, see `_Log._open`
        kept = {row.pk for row in rows}
        former = [
            number
            for number in model._default_manager.values_list("pk", flat=True)  # noqa: SLF001 - the tenant's own manager
            if is_ours(number) and number not in kept
        ]
        for start in range(0, len(former), 500):
            batch = former[start : start + 500]
            if model is Contact:
                CallBack.objects.filter(contact__in=batch).update(contact=None)
            if model is Referral:
                Consent.objects.filter(referral__in=batch).delete()
            model._default_manager.filter(pk__in=batch).delete()  # noqa: SLF001


def free_of_referrals(groups: Iterable[UUID]) -> list[UUID]:
    """Return those of the groups that nobody's referral leads to, after removing the examples' own."""
    wanted = list(groups)
    rows = Referral.objects.filter(group__in=wanted)
    Referral.objects.filter(
        pk__in=[number for number in rows.values_list("pk", flat=True) if is_ours(number)]
    ).delete()
    led_to = set(rows.values_list("group", flat=True))
    return [number for number in wanted if number not in led_to]


class _Log:
    """One office's log while it is being written."""

    def __init__(
        self,
        office: ExampleOffice,
        contact_point: ContactPoint,
        sites: Sequence[Site],
        groups: Sequence[Group],
        on: date,
    ) -> None:
        self.office, self.contact_point, self.sites, self.on = office, contact_point, sites, on
        self.by_topic: dict[str, list[Group]] = {}
        for group in groups:
            for topic in group.topics:
                if group.stage != Stage.DISSOLVED:
                    self.by_topic.setdefault(topic, []).append(group)
        self.open_groups = [group for group in groups if group.stage == Stage.OPEN and group.topics]
        self.rows = Written()
        self.topics = [_Drawing(_topic_weights(self.by_topic, month)) for month in range(1, 13)]
        self.drawn = {
            name: _Drawing(dict(weights))
            for name, weights in (
                ("who", WHO), ("channel", CHANNELS), ("direction", DIRECTIONS), ("visit", VISITS), ("route", ROUTES), ("became", BECAME),
                ("result", RESULTS), ("declined", DECLINED), *((f"concern of {kind}", each) for kind, each in CONCERNS.items()),
                *((f"outcome of {concern}", each) for concern, each in OUTCOMES.items()),
            )
        }  # fmt: skip
        self.counts = _Drawing({str(count): weight for count, weight in GROUPS_NAMED.items()})

    def written(self) -> Written:
        """Write every working day, then what is open today."""
        per_year = CONTACTS_PER_GROUP * self.office.groups
        for back in range(DAYS, 0, -1):
            day = self.on - timedelta(days=back)
            if day.weekday() > days.SATURDAY - 1 or closed_on(self.contact_point, day):
                continue
            by = chance(self.office.slug, "log", day)
            count = int(per_year / WORKING_DAYS * SEASON[day.month - 1] * by.uniform(0.6, 1.4) + by.random())
            for number in range(count):
                self._contact(day, number, by)
        for number in range(max(3, int(per_year / OPEN_PER_CONTACTS))):
            self._open(number)
        return self.rows

    def _contact(self, day: date, number: int, by: Random) -> None:
        who = self.drawn["who"].one(by)
        kind = "seeker" if who in SEEKERS else who if who in CONCERNS else "other"
        concern = self.drawn[f"concern of {kind}"].one(by)
        channel = self.drawn["channel"].one(by)
        topics = self._topics_of(kind, day, by)
        outcome = self.drawn[f"outcome of {concern}"].one(by)
        if outcome == "to-group" and not any(topic in self.by_topic for topic in topics):
            outcome = "to-body"
        contact = self._row(day, row_id("contact", self.office.slug, day, number), by)
        contact.who, contact.channel, contact.topics = who, channel, topics
        contact.direction, contact.visit = self.drawn["direction"].one(by), self.drawn["visit"].one(by)
        contact.concerns, contact.outcomes = [concern], [outcome]
        if channel == "event" and by.random() < COLLECTIVE:
            contact.reached, contact.topics, contact.outcomes = by.randrange(10, 80), [], ["material"]
        elif outcome == "to-group":
            self._referrals(day, number, topics, by)
        elif outcome == "to-service" and by.random() < COLLECTIVE * 2:
            self._referral(day, row_id("referral", self.office.slug, day, number, "service"), None, by)
        if kind == "seeker" and by.random() < CLEARED:
            self._clearing(day, number, outcome)
        self.rows.contacts.append(contact)

    def _row(self, day: date, number: UUID, by: Random) -> Contact:
        gone = (self.on - day).days >= retention.RULES["contact"].days
        contact = Contact(
            id=number, contact_point=self.contact_point, site=by.choice(self.sites), month=days.month_of(day), code_year=day.year,
            kreis_key=self.office.kreis_key if by.random() < KREIS_TOLD else "", de_identified=gone,
        )  # fmt: skip
        if not gone:
            contact.day, contact.entered_at = (
                day,
                datetime.combine(day, time(8 + by.randrange(7), by.randrange(60)), UTC),
            )
            if by.random() < NOTED:
                contact.note = by.choice(NOTES)
        return contact

    def _topics_of(self, kind: str, day: date, by: Random) -> list[str]:
        if kind not in {"seeker", "founder", "professional"}:
            return []
        drawn = self.topics[day.month - 1]
        topics = [drawn.one(by)]
        if by.random() < UNNAMED_TOPIC / 2:
            topics.append(drawn.one(by))
        return list(dict.fromkeys(topics))

    def _referrals(self, day: date, number: int, topics: Sequence[str], by: Random) -> None:
        fitting = [group for topic in topics for group in self.by_topic.get(topic, ())]
        wanted = int(self.counts.one(by))
        for place, group in enumerate(by.sample(fitting, min(wanted, len(fitting)))):
            self._referral(day, row_id("referral", self.office.slug, day, number, place), group, by)

    def _referral(self, day: date, number: UUID, group: Group | None, by: Random) -> None:
        route = self.drawn["route"].one(by) if group else "R0"
        status = self.drawn["became"].one(by) if route != "R0" else "told"
        row = Referral(
            id=number, contact_point=self.contact_point, group=group, network="" if group else "service:beispiel", route=route, status=status,
            counted_in=days.month_of(day), came_into_contact=status in {"in-contact", "outcome"}, de_identified=True,
        )  # fmt: skip
        row.result = self.drawn["result"].one(by) if status == "outcome" else ""
        row.declined_for = self.drawn["declined"].one(by) if status == "declined" else ""
        self.rows.referrals.append(row)

    def _clearing(self, day: date, number: int, outcome: str) -> None:
        came = {
            "to-group": "fits",
            "to-service": "other-help",
            "no-offer": "no-group",
            "crisis-help": "crisis-help",
        }
        self.rows.clearings.append(
            Clearing(
                id=row_id("clearing", self.office.slug, day, number), contact_point=self.contact_point, month=days.month_of(day),
                outcomes=[came.get(outcome, "thinks-it-over")],
            )
        )  # fmt: skip

    def _open(self, number: int) -> None:
        """Write one enquiry that is open today: overdue, due, waiting for a group, promised, or not read yet."""
        slug, by = self.office.slug, chance(self.office.slug, "open", number)
        began = self.on - timedelta(days=1 + number % 9)
        begun_at = datetime.combine(began, time(9, number % 60), UTC)
        group = self.open_groups[by.randrange(len(self.open_groups))]
        person = self._person(number, by)
        status = ("open", "waiting", "open", "new")[number % 4]
        due = days.office_day(self.contact_point, self.on + timedelta(days=(0, 4, 1, 0)[number % 4]))
        due = self.on - timedelta(days=1) if number == 0 else due
        enquiry = Enquiry(
            id=row_id("enquiry", slug, number), contact_point=self.contact_point, number=_number(slug, number), month=days.month_of(began),
            status=status, waits_for="group" if status == "waiting" else "", due_on=due, due_wished_on=due, opened_at=begun_at, last_event_on=began,
            party=person.pk,
        )  # fmt: skip
        enquiry.phone_index, enquiry.email_index = indexed(
            Address(phone=person.phone, email=person.email), self.contact_point.pk
        )
        contact = self._row(began, row_id("open contact", slug, number), by)
        contact.who, contact.concerns, contact.topics, contact.enquiry = (
            "affected",
            ["find-group"],
            group.topics[:1],
            enquiry,
        )
        contact.channel, contact.source = (
            ("web", Contact.Source.WEB) if status == "new" else ("telephone", Contact.Source.LOG)
        )
        contact.outcomes, contact.direction, contact.visit = ["open"], "incoming", "first"
        note = Note(
            id=row_id("note", slug, number),
            contact_point=self.contact_point,
            enquiry=enquiry,
            written_at=begun_at,
        )
        note.text = by.choice(NOTES)
        self.rows.parties.append(person)
        self.rows.enquiries.append(enquiry)
        self.rows.contacts.append(contact)
        self.rows.notes.append(note)
        if status == "waiting":
            self._asked(enquiry, group, number, begun_at, due)
        if number % 4 == 0:
            self._promised(enquiry, number, begun_at, due, by)

    def _asked(self, enquiry: Enquiry, group: Group, number: int, begun_at: datetime, due: date) -> None:
        row = Referral(
            id=row_id("open referral", self.office.slug, number), contact_point=self.contact_point, enquiry=enquiry, group=group, route="R2",
            status="asked", counted_in=days.month_of(begun_at.date()), asked_on=begun_at.date(), drafted_at=begun_at, due_on=due,
        )  # fmt: skip
        self.rows.referrals.append(row)
        self.rows.consents.append(
            Consent(
                id=row_id("consent", self.office.slug, number), contact_point=self.contact_point, referral=row, purpose="passing-on",
                text_version="beispiel-1", how="telephone", given_at=begun_at, address_index=enquiry.phone_index,
            )
        )  # fmt: skip

    def _promised(self, enquiry: Enquiry, number: int, begun_at: datetime, due: date, by: Random) -> None:
        person = self._person(number, by, "call-back")
        row = CallBack(
            id=row_id("call-back", self.office.slug, number), contact_point=self.contact_point, kind="call", enquiry=enquiry, party=person.pk,
            window_from=time(9 + number % 3), window_to=time(11 + number % 3), machine="neutral", due_on=due, due_wished_on=due, promised_at=begun_at,
        )  # fmt: skip
        row.phone_index, row.email_index = indexed(Address(phone=person.phone), self.contact_point.pk)
        self.rows.parties.append(person)
        self.rows.call_backs.append(row)

    def _person(self, number: int, by: Random, what: str = "enquiry") -> Party:
        """Return an invented seeker: a call name and a number kept free for films."""
        party = Party(
            id=row_id("seeker", self.office.slug, what, number),
            contact_point=self.contact_point,
            registered_on=self.on,
        )
        party.name = f"{by.choice(FIRST)} Beispielfrage"
        party.phone = f"030 23125 {900 + number:03}"
        return party


def _topic_weights(by_topic: dict[str, list[Group]], month: int) -> dict[str, float]:
    shares = {topic: float(count) for topic, count in tree.rows(DATA / "shares.tsv")}
    weights = {topic: shares.get(topic, 1.0) for topic in tree.TOPICS if topic in by_topic or topic in shares}
    for topic in MOST_ASKED:
        weights[topic] = weights.get(topic, 1.0) + ASKED_MOST_COUNTS
    for topic in weights:
        if topic in IN_WINTER and month in {11, 12, 1, 2}:
            weights[topic] *= 1.5
        if topic in IN_JANUARY and month == 1:
            weights[topic] *= 1.8
    return weights


def _number(slug: str, number: int) -> str:
    letters = "ABCDEFGHJKMNPQRSTUVWXYZ"
    drawn = "".join(chance(slug, "number", number).choices(letters, k=4))
    return f"B{drawn[:2]}-{drawn[2:]}{number % 10}"
