"""`bench desk`: the quick log with 250 groups and 30,000 contacts: the form, what fits while somebody types, the writing down.

Requests go through the whole application (middleware, session, door, trail) in one process on SQLite as the product runs
it; groups all lie around the office, so that each question has as many answers as it can.
"""

import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from . import generated

DEFAULT_GROUPS, CONTACTS = 250, 30_000
POSTCODE, LAT, LON = "59423", 51.5348, 7.6889
TYPED = (
    "angst",
    "depression",
    "mein mann trinkt",
    "trauer",
    "herz",
    "kann nicht schlafen",
    "borderline",
    "krebs",
    "pflege",
    "sucht",
)
FORM, MATCH = "/schreibtisch/kontakt/", "/schreibtisch/kontakt/passend/"
OK, MOVED = 200, 302


def run(*, groups: int, queries: int) -> dict[str, Any]:
    """Return times of the three requests."""
    from . import installation

    with installation.temporary("sqlite"):
        return measured(groups or DEFAULT_GROUPS, queries)


def measured(count: int, rounds: int) -> dict[str, Any]:
    """Measure in this process's database."""
    from django.test import Client

    from . import installation

    around = Random(5)
    installation.fill(
        [
            replace(group, lat=LAT + around.uniform(-0.2, 0.2), lon=LON + around.uniform(-0.3, 0.3))
            for group in generated.groups(count)
        ]
    )
    contacts = _contacts()
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(_member())

    def send(path: str, **values: Any) -> Any:
        return browser.post(
            path, {"form_key": str(uuid.uuid4()), **values}, headers={"sec-fetch-site": "same-origin"}
        )

    found = 0

    def match(number: int) -> int:
        nonlocal found
        answer = send(MATCH, topic_words=TYPED[number % len(TYPED)], place=POSTCODE)
        found += len(answer.json()["groups"])
        return int(answer.status_code)

    requests: dict[str, tuple[int, Callable[[int], int]]] = {
        "the form": (OK, lambda _: browser.get(FORM).status_code),
        "what fits": (OK, match),
        "writing it down": (
            MOVED,
            lambda _: send(FORM, channel="telephone", who="affected", place=POSTCODE).status_code,
        ),
    }
    took: dict[str, list[float]] = {name: [] for name in requests}
    spent: dict[str, float] = dict.fromkeys(requests, 0.0)
    for number in range(-10, rounds):  # the first ten read models and templates
        for name, (expected, ask) in requests.items():
            started, cpu = time.perf_counter(), time.process_time()
            status = ask(number)
            if status != expected:
                raise RuntimeError(f"{name}: {status}")
            if number >= 0:
                took[name].append(time.perf_counter() - started)
                spent[name] += time.process_time() - cpu
    table: dict[str, Any] = {
        "groups, contacts, rounds": f"{count}, {contacts}, {rounds}",
        "groups shown a question": round(found / (rounds + 10), 1),
    }
    for name, times in took.items():
        times.sort()
        table[f"{name}: p50 / p95 ms (bar p95 150)"] = (
            f"{statistics.median(times) * 1000:.1f} / {times[int(len(times) * 0.95)] * 1000:.1f}"
        )
        table[f"{name}: CPU ms"] = round(spent[name] / rounds * 1000, 2)
    return table


def _contacts() -> int:
    from kontaktstelle.enquiries.models import Contact
    from kontaktstelle.organisation.setup import default_office
    from kontaktstelle.organisation.tenancy import acting_for

    office, made = default_office(), []
    if office is None:
        raise RuntimeError("Es gibt keine Kontaktstelle.")
    for number in range(CONTACTS):
        day = date(2026, 1, 1) + timedelta(days=number % 300)
        made.append(
            Contact(
                contact_point=office, month=day.replace(day=1), day=day, code_year=2026, channel="telephone", direction="incoming", who="affected",
                concerns=["find-group"], topics=["anxiety-panic"], kreis_key="05978", entered_at=datetime.combine(day, datetime.min.time(), UTC),
            )
        )  # fmt: skip
    with acting_for(office):
        Contact.objects.bulk_create(made, batch_size=500)
        return int(Contact.objects.count())


def _member() -> Any:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.utils import timezone

    from kontaktstelle.organisation.models import Post, Staff
    from kontaktstelle.organisation.setup import default_office

    office = default_office()
    if office is None:
        raise RuntimeError("Es gibt keine Kontaktstelle.")
    member = Staff.objects.create(email="empfang@bench.example.org", name="Empfang", contact_point=office)
    Post.objects.create(staff=member, contact_point=office, role="reception", given_at=timezone.now())
    TOTP.activate(member, generate_totp_secret())  # pages of the desk open with a second factor only
    return member
