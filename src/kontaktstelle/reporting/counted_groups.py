"""Groups, rooms, referrals, foundings, funding, support and activities of a period."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, Sum

from kontaktstelle.activities import figures as done
from kontaktstelle.activities import kinds
from kontaktstelle.enquiries import days, figures
from kontaktstelle.enquiries.codes import UNKNOWN
from kontaktstelle.enquiries.figures import ByReferral, Period
from kontaktstelle.foundings import figures as foundings
from kontaktstelle.foundings.models import Founding
from kontaktstelle.funding.lifecycle import HAS_MONEY, ApplicationStatus, TellingStatus
from kontaktstelle.funding.models import Application, Telling
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group, GroupChange, Venue
from kontaktstelle.organisation.models import Site
from kontaktstelle.support import figures as supported
from kontaktstelle.topics import tree

from .definitions import OTHER
from .tally import Figure, figure, in_groups, last_day

# From here on an application has been handed in; what became of it is another question.
HANDED_IN = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.MORE_WANTED,
    ApplicationStatus.REFUSED,
    *HAS_MONEY,
)
GERMAN = ["de"]
YEAR = 12


def referrals(period: Period) -> list[Figure]:
    """Return referrals by what became of them, and by where they led."""
    names = {
        "month": ByReferral.MONTH, "target": ByReferral.TARGET, "route": ByReferral.ROUTE, "result": ByReferral.RESULT,
        "contact": ByReferral.CONTACT, "declined": ByReferral.DECLINED,
    }  # fmt: skip
    counted = figures.referrals(period, *names.values())
    tables: dict[str, Counter[str]] = {name: Counter() for name in names}
    by_target: dict[str, Counter[str]] = {"group": Counter(), "network": Counter()}
    for key, count in counted.values:
        for name, value in zip(names, key, strict=True):
            tables[name][value] += count
        by_target[key[1]][key[0]] += count
    return [
        figure("referrals", counted.total, **tables),
        *(figure(f"referrals.{target}", by.total(), month=by) for target, by in by_target.items()),
    ]


def groups(period: Period, site: Site | None = None) -> list[Figure]:
    """Return the stock of groups, what came and what went, and the rooms they meet in."""
    first, last = period.first, last_day(period)
    rows = Group.objects.exclude(stage=Stage.FOUNDING)
    if site is not None:
        rows = rows.filter(site=site)
    columns = (
        "pk", "created_at", "dissolved_on", "founded", "topics", "town", "kreis_key", "site__code", "association", "is_young",
        "languages", "venue_id",
    )  # fmt: skip
    everyone = [_Row(row) for row in rows.order_by().values(*columns)]
    known = [row for row in everyone if row.known_on <= last]
    there = [row for row in known if row.is_there(last)]
    before = [row for row in known if row.known_on < first and row.is_there(first - timedelta(days=1))]
    gone = [row for row in known if row.dissolved_on is not None and first <= row.dissolved_on <= last]
    begun = [row for row in known if _founded_in(row.founded, period)]
    fields = Counter(row.field for row in there)
    return [
        figure("groups.start", len(before)),
        figure("groups.new", sum(row.known_on >= first for row in known)),
        figure("groups.listed", _first_listed(period, {row.pk for row in known})),
        figure("groups.founded", len(begun), main_field=Counter(row.field for row in begun)),
        figure("groups.dissolved", len(gone), main_field=Counter(row.field for row in gone)),
        figure(
            "groups.end", len(there),
            main_field=fields, kinds=in_groups("kinds", fields), main_topic=Counter(row.topic for row in there),
            town=Counter(row.town for row in there), kreis=Counter(row.kreis for row in there),
            site=Counter(row.site for row in there), association=Counter(row.association for row in there),
        ),
        figure("groups.young", sum(row.is_young for row in there)),
        figure("groups.multilingual", sum(bool(row.languages) and row.languages != GERMAN for row in there)),
        *_rooms(there),
    ]  # fmt: skip


class _Row:
    """One group as counting needs it."""

    __slots__ = (
        "association",
        "dissolved_on",
        "field",
        "founded",
        "is_young",
        "known_on",
        "kreis",
        "languages",
        "pk",
        "site",
        "topic",
        "town",
        "venue",
    )

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.pk, self.known_on = row["pk"], days.local_day(row["created_at"])
        self.dissolved_on: date | None = row["dissolved_on"]
        self.founded, self.is_young, self.languages = row["founded"], row["is_young"], row["languages"]
        self.venue, topics = row["venue_id"], row["topics"]
        self.topic = (topics[0] if topics[0] in tree.TOPICS else OTHER) if topics else UNKNOWN
        self.field = tree.TOPICS[self.topic].field if self.topic in tree.TOPICS else self.topic
        self.town, self.kreis = row["town"] or UNKNOWN, row["kreis_key"] or UNKNOWN
        self.association = row["association"] or UNKNOWN
        self.site = row["site__code"] or UNKNOWN

    def is_there(self, day: date) -> bool:
        """Say whether the group was known and not dissolved on a day."""
        return self.known_on <= day and (self.dissolved_on is None or self.dissolved_on > day)


def _founded_in(founded: str, period: Period) -> bool:
    """A bare year counts only where the whole of it is looked at."""
    if not founded:
        return False
    if len(founded) == len("2019"):
        year = int(founded)
        return period.first <= date(year, 1, 1) and date(year, YEAR, 1) <= period.last
    return f"{period.first:%Y-%m}" <= founded <= f"{period.last:%Y-%m}"


def _first_listed(period: Period, numbers: set[Any]) -> int:
    listed = GroupChange.objects.filter(action="group.listed").order_by().values_list("group")
    return sum(
        number in numbers and period.first <= days.local_day(at) <= last_day(period)
        for number, at in listed.annotate(first=Min("at"))
    )


def _rooms(there: Iterable[_Row]) -> list[Figure]:
    """Treffpunkte at the address of a site are the office's own rooms."""
    sites = Site.objects.values_list("contact_point_id", "postcode", "street", "code")
    houses = {(office, postcode, _plain(street)): code for office, postcode, street, code in sites}
    own: dict[int, str] = {}
    for pk, office, postcode, street in Venue.objects.values_list(
        "pk", "contact_point_id", "postcode", "street"
    ):
        house = houses.get((office, postcode, _plain(street)))
        if house is not None and street:
            own[pk] = house
    meeting = Counter(own[row.venue] for row in there if row.venue in own)
    return [figure("rooms", len(own)), figure("rooms.groups", meeting.total(), house=meeting)]


def _plain(street: str) -> str:
    return " ".join(street.casefold().replace("strasse", "str.").split())


def foundings_of(period: Period) -> list[Figure]:
    """Return attempts begun, running and ended, and who came forward."""
    begun, ended = foundings.begun(period), foundings.ended(period)
    interested = foundings.interested(period)
    until = Founding.objects.filter(begun_month__lte=period.last)
    running = until.filter(Q(ended_month__isnull=True) | Q(ended_month__gt=period.last))
    entered = last_day(period)
    in_progress = [
        topics
        for topics, created_at in running.values_list("topics", "group__created_at")
        if created_at is None or days.local_day(created_at) > entered
    ]
    fields: Counter[str] = Counter()
    for topics in in_progress:
        fields[tree.TOPICS[topics[0]].field if topics and topics[0] in tree.TOPICS else UNKNOWN] += 1
    supported = until.filter(Q(ended_month__isnull=True) | Q(ended_month__gte=period.first)).count()
    return [
        figure("foundings.begun", begun.total, origin=Counter(dict(begun.values))),
        figure("foundings.supported", supported),
        figure("foundings.in-progress", len(in_progress), main_field=fields),
        figure("foundings.ended", ended.total, exit=Counter(dict(ended.values))),
        figure("foundings.interested", interested.total, heard_of=Counter(dict(interested.values))),
    ]


def funding(period: Period) -> list[Figure]:
    """Return who was told of money, who asked for it, and what came."""
    first, last = period.first, last_day(period)
    told = Telling.objects.filter(
        status=TellingStatus.TOLD, told_at__date__gte=first, told_at__date__lte=last
    )
    ways = dict(told.order_by().values_list("way").annotate(n=Count("pk")))
    applications = Application.objects.filter(group__isnull=False)
    years = [year for year in range(first.year, last.year + 1) if first <= date(year, 1, 1) <= last]
    applied = applications.filter(status__in=HANDED_IN).filter(
        Q(round__due_on__gte=first, round__due_on__lte=last)
        | Q(round__due_on__isnull=True, round__year__in=years)
    )
    statuses = dict(applied.order_by().values_list("status").annotate(n=Count("pk")))
    granted = applications.filter(granted_on__gte=first, granted_on__lte=last)
    cents = granted.aggregate(sum=Sum("granted_cents"))["sum"] or 0
    return [
        figure("funding.told", told.aggregate(n=Count("group", distinct=True))["n"]),
        figure("funding.tellings", sum(ways.values()), way=Counter(ways)),
        figure("funding.applied", sum(statuses.values()), status=Counter(statuses)),
        figure("funding.groups", granted.aggregate(n=Count("group", distinct=True))["n"]),
        figure("funding.granted", round(cents / 100)),
    ]


def support(period: Period, site: Site | None = None) -> list[Figure]:
    """Return advice, accompaniment and visits of groups, and how many groups that reached."""
    rows = supported.counted(period, supported.By.KIND, supported.By.MONTH, supported.By.SITE)
    kind, month, at_site = (Counter[str]() for _ in range(3))
    for (what, when, where), count in rows.values:
        if site is None or where == site.code:
            kind[what] += count
            month[when] += count
            at_site[where or UNKNOWN] += count
    found = [figure("support", kind.total(), support_kind=kind, month=month, site=at_site)]
    if site is None:
        found.append(figure("support.groups", supported.counted(period, unit=supported.Unit.GROUPS).total))
    return found


def activities(period: Period, site: Site | None = None) -> list[Figure]:
    """Return outreach, trainings, committees, cooperation and the use of rooms, by kind and site."""
    times, people = _activities(period, site, done.Unit.TIMES), _activities(period, site, done.Unit.REACHED)
    found = []
    for name, field in _CHAPTERS.items():
        kind, at_site = times[field]
        found.append(figure(name, kind.total(), activity=kind, site=at_site))
        reached, _ = people[field]
        found.append(figure(f"{name}.people", reached.total(), activity=reached))
    if site is None:
        titles = {kind.key: done.titles(period, kind.key) for kind in kinds.KINDS.values()}
        found = [_with_titles(each, titles) for each in found]
    return found


_CHAPTERS = {
    "trainings": kinds.Field.TRAINING,
    "outreach": kinds.Field.OUTREACH,
    "rooms.meetings": kinds.Field.ROOM,
    "committees": kinds.Field.COMMITTEE,
    "cooperation": kinds.Field.COOPERATION,
}
_TITLED = tuple(_CHAPTERS)


def _activities(
    period: Period, site: Site | None, unit: done.Unit
) -> dict[kinds.Field, tuple[Counter[str], Counter[str]]]:
    found: dict[kinds.Field, tuple[Counter[str], Counter[str]]] = {
        field: (Counter(), Counter()) for field in kinds.Field
    }
    for (kind, where), count in done.counted(period, done.By.KIND, done.By.SITE, unit=unit).values:
        if kind in kinds.KINDS and (site is None or where == site.code):
            by_kind, by_site = found[kinds.KINDS[kind].field]
            by_kind[kind] += count
            by_site[where or UNKNOWN] += count
    return found


def _with_titles(counted: Figure, titles: Mapping[str, list[tuple[str, int]]]) -> Figure:
    if counted.key not in _TITLED:
        return counted
    said: Counter[str] = Counter()
    for kind in counted.breakdowns["activity"].values:
        for text, count in titles[kind[0]]:
            said[text or UNKNOWN] += count
    tables = {name.replace("-", "_"): Counter(dict(by.values)) for name, by in counted.breakdowns.items()}
    return figure(counted.key, counted.value, title=said, **tables)
