"""An installation of its own in which two people touch one proposal at the same moment, several times: prints how each ended."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import django


def main():  # noqa: PLR0915 - one story after the other
    os.environ["DJANGO_SETTINGS_MODULE"] = "kontaktstelle.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from kontaktstelle.privacy import keys

    keys.create_missing()
    call_command("migrate", verbosity=0)
    from kontaktstelle.groups import upkeep
    from kontaktstelle.groups.models import Group, LiveNotice, OwnPageKey, Proposal
    from kontaktstelle.groups.own_page import keys as own_keys
    from kontaktstelle.groups.own_page import live, proposals
    from kontaktstelle.organisation.tenancy import acting_for
    from kontaktstelle.refusal import StepRefused
    from support.people import make_group, make_member, make_office

    office, now = make_office(), timezone.now()
    by = make_member(office, "counsels", "leads", second_factor=False)

    def both(*steps):
        together = Barrier(len(steps))

        def run(step):
            try:
                together.wait()
                with acting_for(office):
                    step()
            except StepRefused as refused:
                return type(refused).__name__
            else:
                return "done"
            finally:
                connection.close()

        with ThreadPoolExecutor(len(steps)) as pool:
            return sorted(pool.map(run, steps))

    def proposed(name):
        group = make_group(office, name)
        with acting_for(office):
            [row] = proposals.propose(group, {"description": "Wir singen."}, at=now)
        return group, row

    said = {}

    def stands(group):
        return Group.objects.everywhere().get(pk=group.pk).description

    group, row = proposed("Eins, Beispiel")
    seen = proposals.mark_of(group.description)
    ends = both(
        lambda: proposals.accept(row.pk, seen=seen, by=by, at=now),
        lambda: proposals.reject(row.pk, by=by, at=now),
    )
    status = Proposal.objects.everywhere().get(pk=row.pk).status
    said["accept and reject"] = [ends, (status == "accepted") == (stands(group) == "Wir singen.")]

    group, row = proposed("Zwei, Beispiel")
    ends = both(*[lambda: proposals.accept(row.pk, seen=seen, by=by, at=now)] * 2)
    said["accept twice"] = [ends, stands(group) == "Wir singen."]

    group, row = proposed("Drei, Beispiel")
    ends = both(
        lambda: proposals.accept(row.pk, seen=seen, by=by, at=now),
        lambda: upkeep.change(group, {"description": "Wir wandern."}, by=by, at=now, seen=group.changed_at),
    )
    won = "Wir wandern." if "ShowsAnotherState" in ends else "Wir singen."
    said["accept and write"] = [
        sorted("refused" if each != "done" else each for each in ends),
        stands(group) == won,
    ]

    group = make_group(office, "Vier, Beispiel")
    ends = both(
        lambda: proposals.propose(group, {"name": "Mut"}, at=now),
        lambda: proposals.propose(group, {"name": "Kraft"}, at=now),
    )
    with acting_for(office):
        said["two proposals"] = [ends, Proposal.objects.filter(group=group, status="open").count() == 1]

    ends = both(*[lambda: own_keys.path_of(group.pk, at=now)] * 2)
    with acting_for(office):
        said["two links"] = [ends, OwnPageKey.objects.filter(group=group).count() == 1]

    day = timezone.localdate(now)
    ends = both(*[lambda: live.cancel(group, day, at=now)] * 2)
    with acting_for(office):
        said["said twice"] = [ends, LiveNotice.objects.filter(group=group).count() == 1]
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
