"""Support as the pages show it: a group's log with its signs and dates for helpers; the overview."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from kontaktstelle.desk.duties import called
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.support import coming, helper_dates, log, signs
from kontaktstelle.support.models import HelperDate, SignCode, SupportEntry
from kontaktstelle.support.signs import Sign
from kontaktstelle.ui import formats

OTHERS, ALL, RESTING = "andere", "alle", "ruhend"
A_PAGE = 25
REST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the log in words."""

    row: SupportEntry
    kind: str
    facts: str
    next_said: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class OfGroup:
    """The signs of one group."""

    group: Group
    signs: list[Sign]


def of_group(group: Group, *, by: Staff, at: datetime, today: date) -> dict[str, Any]:
    """Return what a group's page of support shows; opening notes is traced."""
    dates = helper_dates.of_group(group, today)
    return {
        "group": group,
        "entries": [_told(row, today) for row in log.entries_of(group, by=by, at=at)],
        "signs": signs.of_group(group, today),
        "rest_until": (today + REST).isoformat(),
        "today": today,
        "dates": [(each, _when(each), helper_dates.path_of(each)) for each in dates],
    }


def overview(which: str, page_number: str | None, *, today: date) -> dict[str, Any]:
    """Return the overview: what is next, and the signs that stand, by group.

    Args:
        which: a sign's code, `RESTING`, `ALL`, or `OTHERS`: groups with more to say than that one person is all they have,
            which is so for most groups of most offices.
        page_number: which page of the groups.
        today: the day.
    """
    found = signs.standing(today)
    standing = [sign for sign in found if sign.aside_until is None]
    resting = [sign for sign in found if sign.aside_until is not None]
    counts = Counter(sign.code for sign in standing)
    others = {sign.group.pk for sign in standing if sign.code != SignCode.ONE_PERSON}
    offered = [(OTHERS, "ohne „nur eine Ansprechperson“", len(others))]
    offered += [(ALL, "alle", len({sign.group.pk for sign in standing}))]
    offered += [(code.value, str(code.label), counts[code]) for code in SignCode if counts[code]]
    if resting:
        offered.append((RESTING, "ruhend", len({sign.group.pk for sign in resting})))
    which = which if which in {key for key, _, _ in offered} else OTHERS
    if which == OTHERS:
        chosen = [sign for sign in standing if sign.group.pk in others]
    else:
        chosen = resting if which == RESTING else [sign for sign in standing if which in {ALL, sign.code}]
    by_group: dict[Any, OfGroup] = {}
    for sign in chosen:
        by_group.setdefault(sign.group.pk, OfGroup(sign.group, [])).signs.append(sign)
    page = Paginator(list(by_group.values()), A_PAGE).get_page(page_number)
    return {
        "which": which,
        "offered": offered,
        "shown": page,
        "groups": page.object_list,
        "nexts": [(each, called(each.by)) for each in coming.ahead()],
        "today": today,
        "rest_until": (today + REST).isoformat(),
    }


def beside_group(group: Group, *, today: date) -> dict[str, Any]:
    """Return what stands of support on a group's own page: signs and how much there is, never a note."""
    rows = SupportEntry.objects.filter(group=group)
    following = (
        rows.filter(next_on__isnull=False).order_by("next_on").values_list("next_on", flat=True).first()
    )
    return {
        "address": reverse("desk:group_support", args=[group.pk]),
        "signs": [sign for sign in signs.of_group(group, today) if sign.aside_until is None],
        "count": rows.count(),
        "next_on": following,
    }


def _when(made: HelperDate) -> str:
    day = formats.german_date(made.on)
    return f"{day}, {formats.time(made.begins)}" if made.begins else day


def _told(row: SupportEntry, today: date) -> Told:
    minutes = f"{row.minutes} Minuten" if row.minutes else ""
    who = row.get_who_display() if row.who != log.Who.UNKNOWN else ""
    asked = row.get_asked_how_display() if row.asked_how else ""
    following = called(row.next_by) if row.next_on else ""
    parts = [who, minutes, row.site.name if row.site else "", asked]
    return Told(
        row,
        row.get_kind_display(),
        " · ".join(part for part in parts if part),
        following,
        is_late=row.next_on is not None and row.next_on < today,
    )
