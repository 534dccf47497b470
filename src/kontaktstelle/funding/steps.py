"""When a group is told: eight, three and one week before a deadline. Pure rules of time."""

from datetime import date, timedelta

from .models import Telling

Step = Telling.Step
WEEKS: dict[Step, timedelta] = {
    Step.EIGHT: timedelta(weeks=8),
    Step.THREE: timedelta(weeks=3),
    Step.ONE: timedelta(weeks=1),
}
FIRST = WEEKS[Step.EIGHT]
LAST = WEEKS[Step.ONE]


def step_due(due_on: date, on: date) -> Step | None:
    """Return which reminder of a deadline is due on a day: the latest whose day has come, None before and after all.

    A group that becomes known late, or a date that is checked late, gets the one reminder that is due and not those missed.
    """
    if on > due_on:
        return None
    return next((step for step in (Step.ONE, Step.THREE, Step.EIGHT) if on >= due_on - WEEKS[step]), None)
