"""Ordinary records of one office that add up to given numbers: contacts, referrals, groups, foundings, funding, activities.

A process of its own, `python -m kontaktstelle.cli.replaying.records`, reads the numbers from its input and writes the records;
whoever counts them later sees the database and nothing else.
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

BLOCK = 5_000
OFFICE = "nachgestellt"
Numbers = Mapping[tuple[str, str, str], int]


@dataclass(slots=True)
class Year:
    """The numbers of one year, by figure, breakdown and value."""

    year: int
    numbers: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def of(self, figure: str, by: str = "", value: str = "") -> int | None:
        """Return a number, None where nothing is said."""
        return self.numbers.get((figure, by, value))

    def parts(self, figure: str, by: str) -> dict[str, int]:
        """Return what is said of the values of a breakdown."""
        return {key[2]: number for key, number in self.numbers.items() if key[:2] == (figure, by)}

    def month(self, number: int) -> date:
        """Return one of its months, each in turn."""
        return date(self.year, number % 12 + 1, 1)


def years_of(records: Iterable[Mapping[str, Any]]) -> list[Year]:
    """Return the numbers year by year, the earliest first."""
    years: dict[int, Year] = {}
    for each in records:
        year = years.setdefault(each["year"], Year(each["year"]))
        year.numbers[each["figure"], each["by"], each["value"]] = each["number"]
    return [years[number] for number in sorted(years)]


def make_office(sites: Iterable[str]) -> Any:
    """Return a new office with the sites the numbers name."""
    from kontaktstelle.organisation.models import ContactPoint, Site, Traeger

    traeger = Traeger.objects.create(name="Nachgestellt", kind=Traeger.Kind.ASSOCIATION)
    office = ContactPoint.objects.create(
        slug=OFFICE, name="Nachgestellt", short_name="Nachgestellt", traeger=traeger, land="NW", phone="030 23125 100",
        email="nachgestellt@example.org", is_example=True,
    )  # fmt: skip
    for code in sorted(set(sites) | {"haupt"}):
        Site.objects.create(
            contact_point=office,
            code=code,
            name=code.title(),
            street=f"Weg {code}",
            postcode="59423",
            town="Unna",
        )
    return office


def write(records: list[dict[str, Any]]) -> Any:
    """Write records that add up to the numbers; return their office."""
    from kontaktstelle.organisation.tenancy import acting_for

    from . import records_of_contacts, records_of_groups, records_of_work

    office = make_office(
        each["value"] for each in records if each["figure"] == "rooms.groups" and each["by"] == "house"
    )
    years = years_of(records)
    with acting_for(office):
        groups = records_of_groups.write(office, years)
        for year in years:
            records_of_contacts.write(office, year)
            records_of_work.write(office, year, groups)
    return office


def main() -> None:
    """Write the numbers of the input into the installation the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontaktstelle.settings")
    records = json.loads(sys.stdin.read())
    import django

    django.setup()
    from django.core.management import call_command

    from kontaktstelle.organisation.tenancy import across_offices
    from kontaktstelle.privacy import keys

    keys.create_missing()
    with across_offices():
        call_command("migrate", verbosity=0, interactive=False)
    write(records)


if __name__ == "__main__":
    main()
