"""How long people stand on a list, and how long what is left of them is kept.

Consent lasts six months and is asked for again; nobody stays longer than two years; who does not answer goes thirty days
after the six months, whether the office got round to asking or not.
"""

from datetime import date, timedelta

from kontaktstelle.privacy.retention import Period

CONSENT_DAYS = 182
# From so many days before the end the person is asked whether they wish to stay.
ASK_BEFORE = 28
NO_ANSWER = Period(30, 7, 30)
LONGEST_DAYS = 730
# After a founding came to its end everybody is told, and then goes.
LIST_CLOSED = Period(30, 0, 30)
FOUNDER = Period(90, 0, 180)
CONSENT_PROOF = Period(3 * 365, 365, 4 * 365)
HELPER_LEFT = Period(30, 0, 180)


def consent_until(first_on: date, given_on: date) -> date:
    """Return the last day of a consent: half a year after it was given, never more than two years after the first."""
    return min(given_on + timedelta(days=CONSENT_DAYS), first_on + timedelta(days=LONGEST_DAYS))


def goes_on(first_on: date, until: date) -> date:
    """Return the day on which somebody goes who says nothing any more."""
    return min(until + timedelta(days=NO_ANSWER.days), first_on + timedelta(days=LONGEST_DAYS))


def end_of_proof(ended_on: date) -> date:
    """Return the last day of the year in which the proof of a consent is kept."""
    return date((ended_on + timedelta(days=CONSENT_PROOF.days)).year, 12, 31)
