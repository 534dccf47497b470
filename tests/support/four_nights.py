"""An installation of its own in which four workers do the same night, and four colleagues click at once: prints what came of it."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import django

AT = datetime(2026, 5, 6, 1, tzinfo=UTC)
TOGETHER = 4


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "kontaktstelle.settings"
    django.setup()
    from django.db import connection

    from kontaktstelle.privacy import keys
    from support import tables

    keys.create_missing()
    tables.put_here()
    from kontaktstelle.funding import applications, nightly
    from kontaktstelle.funding.models import Application, FundingRound, Programme, Telling
    from kontaktstelle.groups.models import Group, YearlyAsking, YearlyUpdate
    from kontaktstelle.groups.yearly import asking
    from kontaktstelle.mailroom.models import Dispatch
    from kontaktstelle.organisation.tenancy import acting_for
    from kontaktstelle.privacy.models import TrailEntry
    from kontaktstelle.refusal import StepRefused
    from support.people import A_MOMENT, make_group, make_member, make_office

    office = make_office()
    by = make_member(office, "counsels", "leads", second_factor=False)
    for number in range(3):
        make_group(office, f"Gruppe {number}, Beispiel", public_email=f"gruppe{number}@example.org")
    programme = Programme.objects.create(key="p", name="P", kind="gkv-flat", source="Beispiel")
    FundingRound.objects.create(
        key="r", name="R", programme=programme, year=2026, due_on=date(2026, 6, 30), source="Beispiel",
        checked_on=date(2026, 3, 1), checked_by=str(by.pk),
    )  # fmt: skip
    with acting_for(office):
        Group.objects.update(created_at=datetime(2024, 3, 1, tzinfo=UTC))
        asking.begin(date(2025, 1, 1), by=by, at=A_MOMENT)
    together = Barrier(TOGETHER)

    def at_once(work):
        def one(_):
            try:
                together.wait()
                return work()
            except StepRefused:
                return "refused"
            finally:
                connection.close()

        with ThreadPoolExecutor(TOGETHER) as pool:
            return list(pool.map(one, range(TOGETHER)))

    at_once(lambda: (nightly.run(at=AT), asking.ask_everywhere(at=AT)))
    with acting_for(office):
        number = Application.objects.order_by("pk").first().pk

    def decide():
        with acting_for(office):
            applications.submits(number, by=by, at=AT)

    at_once(decide)
    with acting_for(office):
        counts = {
            "tellings": Telling.objects.count(),
            "applications": Application.objects.count(),
            "questions": YearlyUpdate.objects.count(),
            "askings": YearlyAsking.objects.count(),
            # one mail of the three about money was taken back by "erledigt"
            "mails": Dispatch.objects.filter(status="waiting").count(),
            "submitted": TrailEntry.objects.filter(action="application.submitted").count(),
        }
    json.dump(counts, sys.stdout)


if __name__ == "__main__":
    main()
