"""What the public pages of foundings show: what a call says, where somebody stands on a list, what is new, what is begun.

Nothing here opens who stands on a list. Of protected topics a page names neither topic nor title: whoever holds a link, or
looks over a shoulder, might be somebody else. On the open list they do not stand at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kontaktstelle.directory import entries
from kontaktstelle.enquiries import codes, days
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.topics import tree

from . import calling, links, periods
from .keeping import here
from .lifecycle import TAKES_PEOPLE, FoundingStatus, InterestStatus, OutreachStatus
from .meeting import is_protected
from .models import Founding, Interest, Outreach

# A link on the open list is good for so long, whenever the page was read.
OPEN_LINK_DAYS = 60
_BEGUN = (
    FoundingStatus.CALLING,
    FoundingStatus.GATHERING,
    FoundingStatus.APPOINTED,
    FoundingStatus.STARTING,
    FoundingStatus.INDEPENDENT,
    FoundingStatus.SETTLED,
)
_ON_THE_OPEN_LIST = (FoundingStatus.CALLING, FoundingStatus.GATHERING)
_MOST_NEWS = 5


@dataclass(frozen=True, slots=True)
class Call:
    """A founding as the open side knows it: approved words, and the way to come along."""

    title: str
    text: str
    topics: tuple[str, ...]
    kreis_key: str
    office: str
    token: str
    is_sensitive: bool
    heard: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """A group that begins: what it is called, and where it stands or how one comes along."""

    title: str
    group: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands on a list: until when, whether they may stay longer, what is new."""

    is_listed: bool
    is_told: bool
    until: date | None
    may_stay: bool
    is_last: bool
    is_protected: bool
    topics: tuple[str, ...]
    news: tuple[News, ...]


def call(number: UUID, *, at: datetime) -> Call | None:
    """Return what the page behind a poster's link says; None if the founding takes nobody, or has no approved text."""
    founding = Founding.objects.filter(pk=number, de_identified=False).first()
    if founding is None or FoundingStatus(founding.status) not in TAKES_PEOPLE:
        return None
    return _call(founding, at=at)


def calls(at: datetime) -> list[Call]:
    """Return the foundings of all offices that look for people, newest first: approved text, no protected topic."""
    found = []
    for office in ContactPoint.objects.order_by("name", "pk"):
        with acting_for(office):
            rows = Founding.objects.filter(status__in=_ON_THE_OPEN_LIST, de_identified=False)
            for founding in rows.order_by("-begun_month", "pk"):
                if is_protected(founding):
                    continue
                if (shown := _call(founding, at=at)) is not None:
                    found.append(shown)
    return found


def standing(number: UUID, *, at: datetime) -> Standing | None:
    """Return where somebody stands, for the page behind their link; None if the row is gone."""
    row = Interest.objects.filter(pk=number).first()
    if row is None:
        return None
    hidden = _are_protected(row.topics)
    listed = row.status == InterestStatus.LISTED
    told = row.told_on is not None
    return Standing(
        is_listed=listed,
        is_told=told,
        until=row.consent_until if listed else row.erase_on,
        may_stay=listed and row.first_on is not None and _could_stay(row, at),
        is_last=listed and row.consent_until == row.first_on + timedelta(days=periods.LONGEST_DAYS),
        is_protected=hidden,
        topics=() if hidden else tuple(tree.label(topic) for topic in row.topics if topic in tree.TOPICS),
        news=() if hidden or not (told or row.status == InterestStatus.ENDED) else tuple(_news(row, at=at)),
    )


def heard_from(founding: Founding, *, year: int) -> tuple[tuple[str, str], ...]:
    """Return where somebody may have heard: each call that appeared, then the usual ways; keys and words."""
    out = Outreach.objects.filter(founding=founding, status=OutreachStatus.OUT).order_by("-out_on", "pk")
    mine = [
        (str(each.pk), f"{each.get_way_display()}{f': {each.where}' if each.where else ''}") for each in out
    ]
    return (*mine, *((code.key, code.label) for code in codes.offered("heard", year=year)))


def _call(founding: Founding, *, at: datetime) -> Call | None:
    text = calling.newest_text(founding, approved=True)
    if text is None or not text.text:
        return None
    until = days.local_day(at) + timedelta(days=OPEN_LINK_DAYS)
    return Call(
        title=founding.title or "",
        text=text.text,
        topics=tuple(tree.label(topic) for topic in founding.topics if topic in tree.TOPICS),
        kreis_key=founding.kreis_key,
        office=here().name,
        token=links.join(founding.pk, contact_point=founding.contact_point_id, until=until),
        is_sensitive=any(tree.TOPICS[topic].sensitive for topic in founding.topics if topic in tree.TOPICS),
        heard=heard_from(founding, year=at.year),
    )


def _news(row: Interest, *, at: datetime) -> Iterable[News]:
    """Yield what somebody who waited was told of: the group of their list, or groups on their topics here."""
    rows = Founding.objects.select_related("group").filter(status__in=_BEGUN)
    if row.kind == Interest.Kind.FOUNDING:
        rows = rows.filter(pk=row.founding_id)
    wanted, shown = set(row.topics), 0
    for each in rows.order_by("-begun_month", "pk"):
        if is_protected(each) or not wanted & set(each.topics):
            continue
        if row.kreis_key and each.kreis_key and row.kreis_key != each.kreis_key:
            continue
        if (said := _said(each, at=at)) is not None:
            yield said
            shown += 1
        if shown >= _MOST_NEWS:
            return


def _said(founding: Founding, *, at: datetime) -> News | None:
    group = founding.group
    if group is not None:
        # What is public of a group says the directory; of one that is not in it the office tells.
        entry = entries.of_group(group.pk)
        return News(entry.name, group=entry.slug) if entry else None
    if FoundingStatus(founding.status) not in TAKES_PEOPLE:
        return None
    shown = _call(founding, at=at)
    return News(shown.title, token=shown.token) if shown else None


def _are_protected(topics: Iterable[str]) -> bool:
    return any(tree.TOPICS[topic].protected for topic in topics if topic in tree.TOPICS)


def _could_stay(row: Interest, at: datetime) -> bool:
    today = days.local_day(at)
    until = periods.consent_until(row.first_on, today) if row.first_on else today
    return until > today and until != row.consent_until
