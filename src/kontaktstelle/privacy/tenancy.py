"""The wall between contact points: rows of one are never seen while acting for another.

`with acting_for(contact_point): …` opens the rows of one office; outside, the manager of a tenant's rows refuses
to answer. On PostgreSQL the database refuses as well (`privacy.row_security`): SQL that forgets the manager, too, finds
nothing and writes nothing there.

There are two ways round it, both by name, for work that serves the whole installation (the public directory, nightly
jobs, the sending of mail): `objects.everywhere()` opens all rows for what this one query does, `across_offices` for a
block (migrations, backups). `tests/walls` lists the modules that may use them, with their reasons.

Apps below `organisation` hold their office as a number (`TenantRow`), those above as a key (`organisation.tenancy`).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from django.db import models

from . import scope

Function = TypeVar("Function", bound=Callable[..., Any])


class TenantNotSet(Exception):  # noqa: N818 - named for what was forgotten
    """Confidential rows were asked for without saying for which contact point."""


def acting_for(contact_point: models.Model | int) -> AbstractContextManager[None]:
    """Open the rows of this contact point for the block."""
    return scope.of_office(contact_point if isinstance(contact_point, int) else contact_point.pk)


class Block(Protocol):
    """Opens rows for a `with` block, or as a decorator for each call of a function."""

    def __enter__(self) -> None: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> bool | None: ...
    def __call__(self, function: Function, /) -> Function:
        """Return the function, opening rows each time it is called."""


def across_offices() -> Block:
    """Open the rows of all contact points for the block or function: only for work that serves the whole installation."""
    return scope.of_all_offices()


def current() -> int:
    """Return the number of the contact point being acted for.

    Raises:
        TenantNotSet: outside `acting_for`.
    """
    number = scope.office()
    if number is None:
        raise TenantNotSet("Vertrauliche Zeilen wurden ohne Kontaktstelle abgefragt.")
    return number


class TenantRows(models.QuerySet[Any]):
    """Rows of tenants. After `everywhere` the database lets all of them pass while this query runs, and no other."""

    of_all_offices = False

    def everywhere(self) -> Self:
        """Return the same rows, of all contact points."""
        rows = self.all()
        rows.of_all_offices = True
        return rows

    def _clone(self) -> Self:
        copy: Self = super()._clone()  # type: ignore[misc]
        copy.of_all_offices = self.of_all_offices
        return copy

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Yield the rows; those of all offices are fetched first, for whoever reads them may act for one meanwhile."""
        rows = super().iterator(chunk_size=chunk_size)
        if not self.of_all_offices:
            return rows
        with scope.of_all_offices():
            return iter(list(rows))


def _in_its_scope(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def running(rows: TenantRows, *given: Any, **named: Any) -> Any:
        with scope.of_all_offices() if rows.of_all_offices else nullcontext():
            return run(rows, *given, **named)

    return running


# Everything of a query that speaks with the database; what is not here ends in one of these.
for _name in ("_fetch_all", "count", "exists", "aggregate", "create", "bulk_create", "bulk_update", "update", "_update", "delete", "_raw_delete"):  # fmt: skip
    setattr(TenantRows, _name, _in_its_scope(getattr(models.QuerySet, _name)))


class TenantManager(models.Manager[Any]):
    """Answers with the rows of the contact point being acted for, and refuses outside one."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return this contact point's rows only."""
        return self._rows().filter(contact_point_id=current())

    def everywhere(self) -> models.QuerySet[Any]:
        """Return the rows of all contact points: only for work that serves the whole installation."""
        return self._rows().everywhere()

    def _rows(self) -> TenantRows:
        return TenantRows(self.model, using=self._db, hints=self._hints)  # type: ignore[attr-defined]


class MachineryManager(models.Manager[Any]):
    """What Django itself uses to save, to delete and to follow a key already held.

    It is not refused here, but not let round the wall either: PostgreSQL still asks whose row it is. Called by its name,
    `Model.unscoped`, it is `everywhere`.
    """

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        """Put the manager, and what answers to its name, on the model."""
        super().contribute_to_class(cls, name)
        setattr(cls, name, _ByName())


class _ByName:
    def __get__(self, _row: object, model: type[models.Model]) -> models.QuerySet[Any]:
        return TenantRows(model).everywhere()


class TenantRow(models.Model):
    """A row that belongs to one contact point, known by its number: the contact point stands in an app above."""

    contact_point_id = models.PositiveBigIntegerField("Nummer der Kontaktstelle")

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "unscoped"

    unscoped = MachineryManager()
