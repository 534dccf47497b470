"""Löschfristen: the register in which every table says how long it keeps what, and the nightly work by it.

An app declares its rules in its module `retention`, which is read at the start:

    register(
        Rule(Party, Then.ERASE, what="…", since="…", period=Period(0), ground="…", due=lambda at: Q(erase_on__lte=day(at))),
        goes_with(ContactPerson, Group),
        kept(Site, because="nennt keine Person"),
    )

A model without a rule fails the tests. `run` takes what is due, batch by batch, each in a transaction of its own: stopped
anywhere it goes on the next time, done twice it does nothing the second time. `coming` says what it will take. A restriction
(`restriction`) on a matter stops every rule for it and for what hangs on it.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete
from django.utils import timezone

from . import ledger, restriction, trail
from .tenancy import across_offices, acting_for

BATCH = 500
ACTOR = "nightly"
logger = logging.getLogger("kontaktstelle.privacy")


class Then(models.TextChoices):
    """What happens when the period is over."""

    ERASE = "erase", "gelöscht"
    DE_IDENTIFY = "de-identify", "entpersönlicht"
    WITH = "with", "geht mit"
    KEEP = "keep", "bleibt"


class Act(Protocol):
    """Takes rows of one office whose period is over, acting for it, in one transaction; they are not due afterwards."""

    def __call__(self, rows: Sequence[Any], *, at: datetime) -> None:
        """Erase the rows, or take the person out of them, and write the trail."""


class Period(NamedTuple):
    """So many days, and the bounds within which they may be set; None if they may not. `key`: by which an office sets them."""

    days: int
    at_least: int | None = None
    at_most: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one table keeps one thing.

    Args:
        model: whose rows.
        then: what happens to them.
        what: what is kept, in German.
        ground: why so long, or why at all: the law or the purpose, in German.
        since: from which event the period counts, in German.
        period: how long, in days.
        due: which rows' period is over at a moment. After `act` a row must not be among them.
        act: what is done to them; by default they are deleted and each is traced.
        goes_with: the label of the model with whose rows these go (`Then.WITH`), e.g. `relay.channel`.
        has_gone: which rows lost their person already (`Then.DE_IDENTIFY`).
        matter: the column with the key of what a row belongs to, where that may be restricted; e.g. `enquiry_id`.
        in_backup: whether a backup holds the rows; not so for what can be made anew or lives for hours.
    """

    model: type[models.Model]
    then: Then
    what: str
    ground: str
    since: str = ""
    period: Period | None = None
    due: Callable[[datetime], Q] | None = None
    act: Act | None = None
    goes_with: str = ""
    has_gone: Q | None = None
    matter: str = ""
    in_backup: bool = True

    @property
    def label(self) -> str:
        """Return the model's label, e.g. `relay.party`."""
        return self.model._meta.label_lower  # noqa: SLF001 - Django's public meta interface

    @property
    def is_in_ledger(self) -> bool:
        """Say whether what goes is noted, so that no backup brings it back: rows with a key that is never given twice."""
        return self.then != Then.KEEP and isinstance(self.model._meta.pk, models.UUIDField)  # noqa: SLF001

    def rows(self, at: datetime) -> QuerySet[Any]:
        """Return the rows of all offices whose period is over, without what a restriction holds."""
        found = self.model._base_manager.all()  # noqa: SLF001 - what is due goes in every office
        if self.due is None:
            return found.none()
        found = found.filter(self.due(at))
        if isinstance(self.model._meta.pk, models.UUIDField):  # noqa: SLF001 - as above
            found = found.exclude(pk__in=restriction.held(day(at)))
        return found.exclude(**{f"{self.matter}__in": restriction.held(day(at))}) if self.matter else found


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run did by one rule."""

    rule: Rule
    count: int
    is_stuck: bool = False


@dataclass(frozen=True, slots=True)
class Coming:
    """What will go by one rule: how many rows, and their keys."""

    rule: Rule
    numbers: tuple[Any, ...]


_RULES: list[Rule] = []


def day(at: datetime) -> date:
    """Return the day of a moment in the calendar of the installation: periods of days end with it."""
    return timezone.localdate(at)


def register(*rules: Rule) -> None:
    """Declare rules. Once each; a model may have several, for several things it keeps."""
    for rule in rules:
        if any(rule.model is other.model and rule.what == other.what for other in _RULES):
            raise ValueError(f"{rule.label} declares “{rule.what}” twice.")
        if (rule.then in {Then.ERASE, Then.DE_IDENTIFY}) != (rule.due is not None):
            raise ValueError(f"{rule.label}: what is erased says when it is due, and nothing else does.")
        if rule.then == Then.DE_IDENTIFY and rule.act is None:
            raise ValueError(f"{rule.label}: only the app knows how a person goes and the row stays.")
        if rule.then == Then.DE_IDENTIFY and _of(rule.model, Then.DE_IDENTIFY):
            raise ValueError(f"{rule.label}: a row loses its person once.")
        if (rule.then == Then.WITH) != bool(rule.goes_with):
            raise ValueError(f"{rule.label}: say with what it goes.")
        _RULES.append(rule)
        if rule.is_in_ledger:
            post_delete.connect(_noted, sender=rule.model, dispatch_uid=f"ledger/{rule.label}")


def kept(model: type[models.Model], *, because: str, what: str = "alles", in_backup: bool = True) -> Rule:
    """Return the rule of a table that keeps what it has."""
    return Rule(model, Then.KEEP, what, because, in_backup=in_backup)


def goes_with(
    model: type[models.Model], other: type[models.Model] | str, *, what: str = "alles", in_backup: bool = True
) -> Rule:
    """Return the rule of a table whose rows go with the rows of another; its label, if it stands in an app above."""
    label = other if isinstance(other, str) else other._meta.label_lower  # noqa: SLF001 - Django's public meta interface
    ground = "nicht länger als das, wozu es gehört, Art. 5 (1) e DSGVO"
    return Rule(model, Then.WITH, what, ground, goes_with=label, in_backup=in_backup)


def quietly(rows: Sequence[Any], *, at: datetime) -> None:  # noqa: ARG001 - the moment says nothing here
    """Delete rows that name nobody and nothing confidential: without a line for each in the trail."""
    type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).delete()  # noqa: SLF001 - as in `Rule.rows`


def rules() -> tuple[Rule, ...]:
    """Return all rules, apps in their order."""
    return tuple(_RULES)


@across_offices()
def run(*, at: datetime, progress: Callable[[int, int], None] | None = None) -> list[Taken]:
    """Take everything that is due: the nightly work. A rule that fails does not keep others from theirs.

    Returns:
        What was taken by each rule that had something, and by each that is stuck.
    """
    taken = []
    # What hangs on something goes before it: apps further up first.
    acting = [rule for rule in reversed(_RULES) if rule.due]
    for done, rule in enumerate(acting, start=1):
        count, is_stuck = 0, False
        try:
            for batch in _batches(rule, at):
                count += batch
        except Exception:
            logger.exception("retention is stuck")
            is_stuck = True
        if count or is_stuck:
            taken.append(Taken(rule, count, is_stuck))
        if progress:
            progress(done, len(acting))
    if not connection.in_atomic_block:
        ledger.sync(at=at)
        leave_no_copies()
    return taken


@across_offices()
def coming(
    *, at: datetime, contact_point: int | None = None, of: Iterable[type[models.Model]] = ()
) -> list[Coming]:
    """Return what will be due within a day from a moment: the preview of tomorrow.

    Args:
        at: now; also a later day, to look further ahead.
        contact_point: of this office only; rows that belong to none are left out then.
        of: of these models only.
    """
    found, wanted = [], set(of)
    for rule in _RULES:
        if wanted and rule.model not in wanted:
            continue
        rows = rule.rows(at + timedelta(days=1))
        if contact_point is not None:
            if not _is_of_an_office(rule.model):
                continue
            rows = rows.filter(contact_point_id=contact_point)
        if rule.due and (numbers := tuple(rows.order_by("pk").values_list("pk", flat=True))):
            found.append(Coming(rule, numbers))
    return found


@across_offices()
def erase_again(erased: Mapping[str, date], *, at: datetime) -> int:
    """Erase what is known to be erased and came back with a backup, and take out again the persons who came back.

    Returns:
        How many rows had come back.
    """
    count = 0
    for model in dict.fromkeys(rule.model for rule in reversed(_RULES) if rule.is_in_ledger):
        # A row whose person is gone has nothing to lose; one that is deleted goes whole.
        taking = _of(model, Then.ERASE) or Rule(model, Then.ERASE, "zurückgekehrt", "Löschverzeichnis")
        for rule, stays in ((taking, False), (_of(model, Then.DE_IDENTIFY), True)):
            if rule is not None:
                count += _again(rule, ledger.label_of(model, stays=stays), erased, at)
    return count


def _of(model: type[models.Model], then: Then) -> Rule | None:
    return next((rule for rule in _RULES if rule.model is model and rule.then == then), None)


def _again(rule: Rule, label: str, erased: Mapping[str, date], at: datetime) -> int:
    everything = rule.model._base_manager.all()  # noqa: SLF001 - what is erased is so in every office
    if rule.has_gone is not None:
        everything = everything.exclude(rule.has_gone)
    back = [
        number
        for number in everything.values_list("pk", flat=True).iterator(chunk_size=2000)
        if ledger.mac(label, number) in erased
    ]
    for start in range(0, len(back), BATCH):
        with transaction.atomic():
            _take(rule, list(everything.filter(pk__in=back[start : start + BATCH])), at)
    return len(back)


def leave_no_copies() -> None:
    """On SQLite with a write-ahead log, empty the log: deleted text would stay readable in it."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        if str(cursor.execute("PRAGMA journal_mode").fetchone()[0]).lower() != "wal":
            return
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        logger.warning("write-ahead log not emptied")


def left_out_of_backups() -> set[str]:
    """Return the labels of models whose rows no backup holds."""
    return {rule.label for rule in _RULES if not rule.in_backup}


def _batches(rule: Rule, at: datetime) -> Any:
    before: list[Any] = []
    while numbers := list(rule.rows(at).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        if numbers == before:
            raise RuntimeError(f"{rule.label}: what was taken is still due.")
        before = numbers
        with transaction.atomic():
            # Somebody may have written to one of them in the meantime: then it is not due any more.
            rows = list(rule.rows(at).filter(pk__in=numbers).select_for_update(of=("self",)).order_by("pk"))
            _take(rule, rows, at)
        yield len(rows)


def _take(rule: Rule, rows: list[Any], at: datetime) -> None:
    if not _is_of_an_office(rule.model):
        return _take_of_one(rule, rows, at)
    for number, of_office in groupby(sorted(rows, key=_office), key=_office):
        with acting_for(number) if number else nullcontext():
            _take_of_one(rule, list(of_office), at)
    return None


def _take_of_one(rule: Rule, rows: list[Any], at: datetime) -> None:
    if not rows:
        return
    numbers = [row.pk for row in rows]
    if rule.act:
        rule.act(rows, at=at)
    else:
        for row in rows:
            trail.record(
                ACTOR, f"{rule.label}.erased", object_type=rule.label, object_id=row.pk, at=at, contact_point=_office(row)
            )  # fmt: skip
        rule.model._base_manager.filter(pk__in=numbers).delete()  # noqa: SLF001 - as in `Rule.rows`
    # What is deleted notes itself.
    if rule.is_in_ledger and rule.then == Then.DE_IDENTIFY:
        ledger.record(rule.model, numbers, on=day(at), stays=True)


def _is_of_an_office(model: type[models.Model]) -> bool:
    return any(field.attname == "contact_point_id" for field in model._meta.concrete_fields)  # noqa: SLF001 - as above


def _office(row: Any) -> int:
    return getattr(row, "contact_point_id", None) or 0


def _noted(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    ledger.record(sender, [instance.pk], on=timezone.localdate())
