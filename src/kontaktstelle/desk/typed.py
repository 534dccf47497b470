"""What is typed into the forms of an enquiry, as values: days, times, versions, keys. Rules stand in the steps."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from django.http import QueryDict

from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address

from . import contact_form

MOST_TYPED = 300
LONGEST_NUMBER = 9
LONGEST_VERSION = 9


class TimeUnreadable(StepRefused):
    """A time that is none."""

    sentence = "Diese Uhrzeit lesen wir nicht. Bitte schreiben Sie sie wie 10:30."


def day(text: str) -> date | None:
    """Return a day as a date field or a person writes it; None for nothing.

    Raises:
        contact_form.DayUnreadable: it is no day.
    """
    return contact_form.day(text.strip())


def clock(text: str) -> time | None:
    """Return a time of day: "10", "10:30", "10.30"; None for nothing.

    Raises:
        TimeUnreadable: it is no time.
    """
    text = text.lower().replace("uhr", "").replace(".", ":").strip()
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    try:
        return time(int(hours), int(minutes or 0))
    except (ValueError, OverflowError) as error:
        raise TimeUnreadable from error


def version(post: QueryDict) -> int | None:
    """Return the version of the row the page showed, if it says one."""
    return _version(post.get("seen", ""))


def rows_seen(post: QueryDict, name: str) -> list[tuple[UUID, int]]:
    """Return number and version of the rows a page showed, each sent as `number:version`; what is neither is left out."""
    found = []
    for said in post.getlist(name):
        row, _, seen = said.partition(":")
        which, stood = number(row), _version(seen)
        if which is not None and stood is not None:
            found.append((which, stood))
    return found


def _version(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_VERSION else None


def key(post: QueryDict) -> UUID | None:
    """Return the key of the form; without one a double click counts twice, and with a wrong one too."""
    return contact_form.key(post.get("form_key", ""))


def number(text: str) -> UUID | None:
    """Return the number of a row as a form says it, or None."""
    return contact_form.key(text)


def person(post: QueryDict) -> Address:
    """Return how somebody is to be reached, as far as it was said."""

    def said(name: str) -> str | None:
        return post.get(name, "").strip()[:MOST_TYPED] or None

    return Address(said("name"), said("phone"), said("email"), said("address"), said("wish"))


def moment(post: QueryDict) -> datetime | None:
    """Return when the row the page showed was last changed, if it says so; what is no moment is one long past."""
    said = post.get("seen", "")
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_number(text: str) -> bool:
    """Say whether something is the number of a row."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def whole_number(text: str) -> int:
    """Return a whole number as it was typed or sent, -1 for anything else: no row and no count has it."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else -1
