"""When: the two posting days of Sammelpost, the waits between tries, the end of trying. Pure rules of time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
# Two posting days a month: with one bundle per group and posting day, nobody can get a third.
POSTING_DAYS = (1, 15)
POSTED_FROM = time(8)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
TRIES_FOR = timedelta(days=3)
# A server that is away is asked again soon: all post is to be out a quarter of an hour after its return.
LONGEST_OUTAGE_WAIT = timedelta(minutes=8)
LEASE = timedelta(minutes=5)
BACKLOG_ALARM = timedelta(minutes=15)
FAILED_CONTENT_KEPT = timedelta(days=7)
FACT_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True, order=True)
class Posting:
    """One of the two postings of a month.

    Attributes:
        month: year and month as a number, e.g. 202603.
        half: 1 or 2.
    """

    month: int
    half: int

    @property
    def day(self) -> date:
        """The day it goes out."""
        return date(self.month // 100, self.month % 100, POSTING_DAYS[self.half - 1])

    @property
    def at(self) -> datetime:
        """The moment it goes out at the earliest."""
        return datetime.combine(self.day, POSTED_FROM, BERLIN)


def next_posting(after: datetime) -> Posting:
    """Return the first posting on a later day (in Berlin): what is queued on a posting day waits for the next."""
    today = after.astimezone(BERLIN).date()
    if today.day < POSTING_DAYS[1]:
        return Posting(today.year * 100 + today.month, 2)
    following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Posting(following.year * 100 + following.month, 1)


def latest_posting(at: datetime) -> Posting:
    """Return the posting whose moment has come last."""
    local = at.astimezone(BERLIN)
    this_month = [Posting(local.year * 100 + local.month, half) for half in (2, 1)]
    before = local.replace(day=1) - timedelta(days=1)
    return next(
        posting
        for posting in (*this_month, Posting(before.year * 100 + before.month, 2))
        if posting.at <= local
    )


def wait_after(tries: int) -> timedelta:
    """Return how long a message waits after so many tries that did not succeed: a minute, doubled up to six hours."""
    return _doubled(tries, LONGEST_WAIT)


def outage_wait(tries: int) -> timedelta:
    """Return how long to leave a server alone that did not answer so many times."""
    return _doubled(tries, LONGEST_OUTAGE_WAIT)


def _doubled(tries: int, longest: timedelta) -> timedelta:
    # Twenty doublings of a minute are two years: enough for every limit, and no number grows without end.
    doublings: int = min(max(tries, 1) - 1, 20)
    return min(FIRST_WAIT * int(2**doublings), longest)
