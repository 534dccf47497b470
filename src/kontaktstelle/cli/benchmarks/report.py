"""`bench report`: all figures of a year of one office, a Land and Germany, against one query by the ORM for every table.

Both run in one process, in turn, on SQLite and on a throw-away PostgreSQL; the ratio compares what they took.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any

SIZES = {"office": 3_000, "land": 60_000, "germany": 320_000}
BARS = {"office": 0.5, "land": 1.0, "germany": 3.0}
YEAR = 2025
BLOCK = 5_000
ROUNDS = 3


def run(*, groups: int, queries: int) -> dict[str, Any]:  # noqa: ARG001 - the same call for every benchmark
    """Return seconds by size and database; `groups` above 0 takes that many contacts instead of Germany."""
    from . import installation

    most = groups or SIZES["germany"]
    return {
        **{f"SQLite: {name}": value for name, value in installation.in_sqlite("report.measured", most).items()},
        **{f"PostgreSQL: {name}": value for name, value in installation.in_postgres("report.measured", most).items()},
    }  # fmt: skip


def measured(most: int) -> dict[str, Any]:
    """Measure in this process's database, growing from one office to all of them."""
    from kontaktstelle.enquiries.figures import Period
    from kontaktstelle.organisation.tenancy import acting_for
    from kontaktstelle.reporting import counting

    office, made, table = _office(), 0, {}
    period = Period.year(YEAR)
    with acting_for(office):
        for name, size in SIZES.items():
            if size > most:
                continue
            _contacts(office, made, size)
            made = size
            ours, naive = (
                _fastest(lambda: counting.figures_of(period)),
                _fastest(lambda: _table_by_table(period)),
            )
            table[f"{name}, {size} contacts: seconds (bar {BARS[name]})"] = round(ours, 3)
            table[f"{name}: a query for every table / one pass"] = round(naive / ours, 2)
    return table


def _fastest(call: Callable[[], Any]) -> float:
    took = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        call()
        took.append(time.perf_counter() - started)
    return min(took)


def _table_by_table(period: Any) -> None:
    """What one would write first: every breakdown asks the database by itself."""
    from kontaktstelle.enquiries import figures
    from kontaktstelle.enquiries.figures import By

    for by in By:
        figures.contacts(period, by)
    for crossed in ((By.MONTH, By.CHANNEL), (By.MONTH, By.WHO), (By.MONTH, By.TOPIC), (By.MONTH, By.KREIS)):
        figures.contacts(period, *crossed)
    for name in figures.ALONE:
        figures.contacts_alone(period, name)
    figures.unmet(period)


def _office() -> Any:
    from kontaktstelle.organisation.models import ContactPoint, Traeger

    traeger = Traeger.objects.create(name="Vergleich", kind=Traeger.Kind.PUBLIC)
    return ContactPoint.objects.create(
        slug="bench", name="Vergleich", short_name="Vergleich", traeger=traeger, land="NW", phone="030 23125 100",
        email="bench@example.org", is_example=True,
    )  # fmt: skip


def _contacts(office: Any, first: int, last: int) -> None:
    from kontaktstelle.enquiries import codes
    from kontaktstelle.enquiries.models import Contact
    from kontaktstelle.topics import tree

    chance = Random(first)
    lists = {name: list(codes.LISTS[name]) for name in ("channel", "who", "concern", "outcome", "visit")}
    topics, kreise = list(tree.TOPICS), ["05978", "05915", "05170", ""]
    rows: list[Contact] = []
    for number in range(first, last):
        day = date(YEAR, number % 12 + 1, number % 28 + 1)
        rows.append(
            Contact(
                contact_point=office, month=day.replace(day=1), day=day, entered_at=datetime.combine(day, datetime.min.time(), UTC),
                code_year=YEAR, channel=chance.choice(lists["channel"]), direction="incoming", who=chance.choice(lists["who"]),
                visit=chance.choice(lists["visit"]), concerns=chance.sample(lists["concern"], chance.randint(0, 2)),
                outcomes=chance.sample(lists["outcome"], chance.randint(0, 2)), topics=chance.sample(topics, chance.randint(0, 2)),
                kreis_key=chance.choice(kreise), extras={"sex": chance.choice(["female", "male"])} if chance.random() < 0.5 else {},
                municipality=chance.choice(["", "Unna", "Lünen", "Schwerte"]),
            )
        )  # fmt: skip
        if len(rows) == BLOCK:
            Contact.objects.bulk_create(rows)
            rows = []
    Contact.objects.bulk_create(rows)
