"""What is due of funding, for Heute: calls to make, dates to check before their weeks begin, what the office hands in itself."""

from dataclasses import dataclass
from datetime import date, timedelta

from kontaktstelle.funding import applications, matching, programmes, telling
from kontaktstelle.funding.models import Application, FundingRound
from kontaktstelle.funding.steps import FIRST
from kontaktstelle.organisation.models import ContactPoint

# A date is worth checking some weeks before its first reminder would leave.
CHECKED_BEFORE = timedelta(weeks=4)
OWN_AHEAD = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due of funding; `nearest` is the deadline of the most urgent call."""

    calls: int
    nearest: date | None
    to_check: list[FundingRound]
    own: list[tuple[date, str, Application]]

    def is_empty(self) -> bool:
        """Say whether nothing is due."""
        return not (self.calls or self.to_check or self.own)


def due(office: ContactPoint, *, on: date) -> Due:
    """Return what is due of funding on a day for the office being acted for."""
    calls = telling.calls_to_make()
    place = matching.Place(office)
    soon = programmes.unchecked_rounds(office.pk, on=on).filter(
        due_on__lte=on + FIRST + CHECKED_BEFORE,
        purpose=FundingRound.Purpose.APPLICATION,
        programme__for_groups=True,
    )
    return Due(
        len(calls),
        next((each.due_on for each in calls if each.due_on), None),
        [each for each in soon.order_by("due_on", "key") if place.reaches(each.programme, None)],
        [line for line in applications.own_deadlines(on=on) if line[0] <= on + OWN_AHEAD],
    )
