"""Keeps the directory in step with the groups, in the transaction that changes them.

Whatever is written here comes from `groups.public.shape` for the channel `site`: the projection cannot hold what
the own site may not show.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import ConditionDefault, Group
from kontaktstelle.groups.public import PublicEntry, shape
from kontaktstelle.topics import folding

from . import fulltext
from .models import Entry, EntryTopic

BATCH = 2000


def on_listing_changed(groups: list[Group], **_: Any) -> None:
    """Write or remove the entries of these groups (receiver of `listing_changed`)."""
    refresh(groups, on=timezone.localdate())


@transaction.atomic
def refresh(groups: Sequence[Group], *, on: date) -> int:
    """Write the entries of listed groups anew and remove those of the others.

    Returns:
        How many entries stand now.
    """
    _remove([group.pk for group in groups])
    listed = [group for group in groups if group.listed and group.stage != Stage.DISSOLVED]
    defaults = _defaults({group.contact_point_id for group in listed})
    written = 0
    for start in range(0, len(listed), BATCH):
        written += _write(listed[start : start + BATCH], on=on, defaults=defaults)
    return written


def rebuild(*, on: date) -> int:
    """Write the whole directory anew: next dates move on every night, and a new version may show more or less."""
    count = 0
    with transaction.atomic():
        Entry.objects.all().delete()
        EntryTopic.objects.all().delete()
        fulltext.clear()
        ready = (
            Group.objects.everywhere()
            .filter(listed=True)
            .exclude(stage=Stage.DISSOLVED)
            .select_related("contact_point", "venue")
            .order_by("pk")
        )
        batch: list[Group] = []
        for group in ready.iterator(chunk_size=BATCH):
            batch.append(group)
            if len(batch) == BATCH:
                count += _write(batch, on=on, defaults=_defaults({group.contact_point_id for group in batch}))
                batch = []
        if batch:
            count += _write(batch, on=on, defaults=_defaults({group.contact_point_id for group in batch}))
    return count


def _defaults(contact_points: Iterable[int]) -> dict[int, dict[str, dict[str, bool]]]:
    found: dict[int, dict[str, dict[str, bool]]] = {}
    for default in ConditionDefault.objects.everywhere().filter(contact_point_id__in=list(contact_points)):
        found.setdefault(default.contact_point_id, {})[default.field] = default.conditions
    return found


def _remove(groups: Sequence[Any]) -> None:
    for start in range(0, len(groups), BATCH):
        ids = list(Entry.objects.filter(group__in=groups[start : start + BATCH]).values_list("pk", flat=True))
        if ids:
            fulltext.remove(ids)
            EntryTopic.objects.filter(entry__in=ids).delete()
            Entry.objects.filter(pk__in=ids).delete()


def _write(groups: Sequence[Group], *, on: date, defaults: dict[int, dict[str, dict[str, bool]]]) -> int:
    return write_shapes(
        [
            (
                group.pk,
                group.contact_point_id,
                shape(group, "site", on=on, defaults=defaults.get(group.contact_point_id, {})),
            )
            for group in groups
        ],
        on=on,
    )


def write_shapes(shapes: Sequence[tuple[UUID | None, int, PublicEntry]], *, on: date) -> int:
    """Write new entries: group (None for a generated one), contact point, public shape.

    Returns:
        How many were written.
    """
    now = timezone.now()
    for start in range(0, len(shapes), BATCH):
        batch = shapes[start : start + BATCH]
        entries = Entry.objects.bulk_create(
            [_entry(*each, on=on, now=now) for each in batch], batch_size=BATCH
        )
        EntryTopic.objects.bulk_create(
            [
                EntryTopic(entry=entry, topic=topic, position=position, lat=entry.lat, lon=entry.lon)
                for entry, (_, _, public) in zip(entries, batch, strict=True)
                for position, topic in enumerate(public.topics)
            ],
            batch_size=BATCH,
        )
        fulltext.add(
            [(entry.pk, _words(public)) for entry, (_, _, public) in zip(entries, batch, strict=True)]
        )
    return len(shapes)


def _entry(group: UUID | None, contact_point: int, public: PublicEntry, *, on: date, now: datetime) -> Entry:
    return Entry(
        group=group or uuid4(),
        slug=public.slug,
        contact_point_id=contact_point,
        shape=json.dumps(public.as_dict(), ensure_ascii=False, separators=(",", ":")),
        lat=public.lat,
        lon=public.lon,
        kreis_key=public.kreis_key,
        sort_key=folding.fold(public.name)[:60],
        stage=public.stage,
        takes_new=public.takes_newcomers(on),
        young=public.is_young,
        in_person="in-person" in public.forms or not public.forms,
        online="online" in public.forms,
        step_free="step-free" in public.access,
        audience="|" + "|".join(public.audience) + "|",
        languages="|" + "|".join(public.languages) + "|",
        changed_at=now,
    )


def _words(public: PublicEntry) -> str:
    """Return what the full text knows of an entry: only what its page shows, and all of that."""
    text = f"{public.name} {public.town} {public.description} {public.online_note}"
    # Folding reads so much at once; a rare word at the end of a long description counts like one at its beginning.
    parts = [text] if len(text) <= folding.LONGEST else text.split()
    return " ".join(dict.fromkeys(word for part in parts for word in folding.words(part)))
