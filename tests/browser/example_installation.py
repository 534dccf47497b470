"""Run by `running`, in a process of its own: set up an installation with example data and print which groups are special.

Prints a JSON object: what is special about a group → its slug.
"""

import json
import os
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "kontaktstelle.settings"

import django

django.setup()

from django.utils import timezone  # noqa: E402

from kontaktstelle.cli.running import set_up  # noqa: E402
from kontaktstelle.directory import emergency  # noqa: E402
from kontaktstelle.directory.models import Entry  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import tables  # noqa: E402

tables.put_here()
set_up(example=True)
emergency.write(at=timezone.now())
shapes = [json.loads(shape) for shape in Entry.objects.order_by("slug").values_list("shape", flat=True)]


def first(**wanted):
    """Return the slug of the first group that is as wanted; a callable decides, anything else is compared."""
    for shape in shapes:
        if all(
            want(shape.get(name)) if callable(want) else shape.get(name, "") == want
            for name, want in wanted.items()
        ):
            return shape["slug"]
    raise SystemExit(f"The examples hold no group with {sorted(wanted)}.")


groups = {
    "open": first(
        stage="open",
        forms=["in-person"],
        kreis_key="05978",
        venue=bool,
        next_dates=bool,
        phone=bool,
        description=bool,
    ),
    "via_office": first(
        stage="open", only_via_office=True, withheld=lambda hidden: not hidden, kreis_key="05978"
    ),
    "protected": first(stage="open", withheld=True),
    "online": first(stage="open", forms=["online"]),
    "both": first(stage="open", forms=["in-person", "online"]),
    "by_phone": first(forms=["in-person", "telephone"]),
    "full": first(stage="full"),
    "founding": first(stage="founding"),
    "paused": first(stage="paused"),
    "intake_stop": first(stage="intake-stop"),
    "conditions": first(stage="open", conditions=lambda conditions: len(conditions or ()) > 1),
    "no_dates": first(stage="open", next_dates=lambda dates: not dates, withheld=lambda hidden: not hidden),
    "longest_name": max(shapes, key=lambda shape: len(shape["name"]))["slug"],
    "longest_word": max(shapes, key=lambda shape: max(map(len, shape["name"].split())))["slug"],
}
json.dump(groups, sys.stdout)
