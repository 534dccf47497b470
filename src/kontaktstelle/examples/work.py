"""Two years of an example office's activities, and of how it supported its groups. Plausible, not real.

A Kreis with 250 groups writes some eighty posts a year, stands at a dozen stalls and holds eight trainings, three of them
first-aid refreshers; smaller offices do less. What is older than the Löschfrist is de-identified as it would be.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from kontaktstelle.activities.models import ActivityRecord
from kontaktstelle.enquiries import days
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import ContactPoint, Site
from kontaktstelle.support.models import HelperDate, SignSetAside, SupportEntry, SupportKind
from kontaktstelle.support.retention import NOTE

from .chance import chance
from .identity import is_ours, row_id
from .offices import ExampleOffice

MONTHS = 24
A_KREIS = 250
# How often a year where 250 groups are, at most so many at once, and how many each reaches.
A_YEAR: dict[str, tuple[float, int, tuple[int, int] | None]] = {
    "post": (83, 4, (80, 900)),
    "press": (11, 1, None),
    "interview": (4, 1, None),
    "podcast": (1, 1, None),
    "talk": (14, 1, (12, 60)),
    "stall": (12, 1, (20, 140)),
    "newsletter": (6, 1, (240, 310)),
    "material": (50, 5, (10, 120)),
    "event": (2, 1, (80, 400)),
    "training": (8, 1, (8, 20)),
    "meeting-of-groups": (2, 1, (18, 45)),
    "own-training": (5, 1, None),
    "committee": (22, 1, (6, 24)),
    "cooperation": (24, 1, (2, 8)),
    "room-groups": (960, 90, None),
}
ABOUT: dict[str, Sequence[str]] = {
    "talk": ("Was ist Selbsthilfe?", "Selbsthilfe im Krankenhaus", "Selbsthilfe und Psychotherapie"),
    "stall": ("Wochenmarkt", "Gesundheitstag", "Tag der offenen Tür der Klinik"),
    "event": ("Selbsthilfetag", "Neujahrsempfang der Gruppen"),
    "training": ("Erste-Hilfe-Auffrischung", "Die Gruppe im Fokus", "Öffentlichkeitsarbeit für Gruppen", "Gesprächsführung"),
    "committee": ("Gesundheitskonferenz", "Arbeitskreis Sucht", "Psychosoziale Arbeitsgemeinschaft"),
    "cooperation": ("Klinik, Sozialdienst", "Pflegestützpunkt", "Jobcenter, Fallmanagement"),
    "press": ("Neue Gruppe sucht Menschen", "Selbsthilfetag", "Jahresbericht"),
    "interview": ("Lokalradio", "Lokalzeitung"),
}  # fmt: skip
SUPPORT_A_YEAR = 0.5
KINDS = {"advice": 48, "visit": 22, "succession": 10, "conflict": 9, "accompaniment": 6, "start-help": 5}
NOTES = {
    "advice": "Fragen zum Ablauf der Treffen. Wir haben eine Runde zu Beginn besprochen.",
    "visit": "Freundlich aufgenommen. Die Gruppe wünscht sich mehr Menschen am Nachmittag.",
    "succession": "Die Ansprechperson möchte im Herbst aufhören. Im nächsten Treffen sprechen alle darüber.",
    "conflict": "Zwei Menschen reden sehr viel. Verabredet: Redezeiten, und in vier Wochen sehen wir weiter.",
    "accompaniment": "Im Treffen dabei, die Gruppe hat ihre Regeln neu beschlossen.",
    "start-help": "Drittes Treffen begleitet, es geht gut von selbst.",
}
SETTLED = frozenset({Stage.OPEN, Stage.FULL, Stage.INTAKE_STOP})


def activities_of(
    office: ExampleOffice, contact_point: ContactPoint, sites: Sequence[Site], *, on: date
) -> list[ActivityRecord]:
    """Return an example office's activities of the two years before a day."""
    rows = []
    for back in range(MONTHS, 0, -1):
        month = days.month_after(days.month_of(on), -back)
        for kind, (a_year, at_once, reached) in A_YEAR.items():
            by = chance(office.slug, "activity", month, kind)
            left = int(a_year * office.groups / A_KREIS / 12 * by.uniform(0.7, 1.3) + by.random())
            number = 0
            while left > 0:
                times = min(left, by.randint(1, at_once))
                row = ActivityRecord(
                    id=row_id("activity", office.slug, month, kind, number), contact_point=contact_point, kind=kind, month=month, times=times,
                    day=None if kind == "room-groups" else month + timedelta(days=by.randrange(27)), site=by.choice(list(sites)),
                    reached=by.randint(*reached) * times if reached else None, entered_at=_noon(month),
                    text=by.choice(ABOUT[kind]) if kind in ABOUT else "",
                )  # fmt: skip
                if kind == "room-groups":
                    row.minutes, row.reached = times * 120, max(1, times // 2)
                if kind == "training" and by.random() < 1 / 2:
                    row.waiting = by.randint(1, 6)
                rows.append(row)
                left, number = left - times, number + 1
    return rows


def support_of(
    office: ExampleOffice, contact_point: ContactPoint, groups: Iterable[Group], *, on: date
) -> list[SupportEntry]:
    """Return how an example office supported its groups in the two years before a day; some have a next date."""
    rows: list[SupportEntry] = []
    for group in groups:
        by = chance(office.slug, "support", group.key)
        if group.stage not in SETTLED:
            continue
        times = int(2 * SUPPORT_A_YEAR * by.uniform(0.2, 1.8) + by.random())
        rows += [_entry(office, contact_point, group, number=each, by=by, on=on) for each in range(times)]
    return rows


def _entry(
    office: ExampleOffice, contact_point: ContactPoint, group: Group, *, number: int, by: Random, on: date
) -> SupportEntry:
    kind = SupportKind(by.choices(list(KINDS), weights=list(KINDS.values()))[0])
    day = on - timedelta(days=by.randrange(1, 700))
    gone = (on - day).days >= NOTE.days
    entry = SupportEntry(
        id=row_id("support", office.slug, group.key, number), contact_point=contact_point, group=group, kind=kind, month=days.month_of(day),
        day=None if gone else day, minutes=by.choice([20, 30, 45, 60, 90]), entered_on=day, de_identified=gone, site=group.site,
        asked_how="in-session" if kind == SupportKind.ACCOMPANIMENT else "",
    )  # fmt: skip
    if not gone:
        entry.who = (
            "member" if group.is_anonymous_fellowship else by.choice(["contact-person", "member", "several"])
        )
        entry.note = NOTES[kind]
        if (on - day).days < 60 and by.random() < 1 / 2:  # noqa: PLR2004 - two months back
            entry.next_on = on + timedelta(days=by.randrange(30))
    return entry


def remove_former(activities: Sequence[ActivityRecord], entries: Sequence[SupportEntry]) -> None:
    """Remove rows an earlier loading wrote and this one does not; what people added stays. Call it within the office."""
    for model, rows in ((ActivityRecord, activities), (SupportEntry, entries)):
        kept = {row.pk for row in rows}
        numbers = model.objects.values_list("pk", flat=True)
        former = [number for number in numbers if is_ours(number) and number not in kept]
        for start in range(0, len(former), 500):
            model.objects.filter(pk__in=former[start : start + 500]).delete()


def free_of_support(groups: Iterable[UUID]) -> list[UUID]:
    """Return those of the groups nobody has noted anything about, after removing the examples' own."""
    wanted = list(groups)
    rows = SupportEntry.objects.filter(group__in=wanted)
    ours = [number for number in rows.values_list("pk", flat=True) if is_ours(number)]
    SupportEntry.objects.filter(pk__in=ours).delete()
    noted = set(rows.values_list("group", flat=True))
    free = [number for number in wanted if number not in noted]
    for model in (SignSetAside, HelperDate):
        model.objects.filter(group__in=free).delete()
    return free


def _noon(month: date) -> datetime:
    return datetime.combine(days.month_after(month), time(12), UTC)
