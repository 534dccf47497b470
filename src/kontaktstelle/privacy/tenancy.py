"""The wall between contact points: rows of one are never seen while acting for another.

`with acting_for(contact_point): …` opens the rows of one office; outside, the manager of a tenant's rows refuses
to answer. `everywhere` is the one way round it, for work that serves the whole installation (the public
directory, nightly jobs, the sending of mail); `tests/walls` lists the modules that may use it.

Apps below `organisation` hold their office as a number (`TenantRow`), those above as a key (`organisation.tenancy`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

_acting_for: ContextVar[int | None] = ContextVar("acting_for", default=None)


class TenantNotSet(Exception):  # noqa: N818 - named for what was forgotten
    """Confidential rows were asked for without saying for which contact point."""


@contextmanager
def acting_for(contact_point: models.Model | int) -> Iterator[None]:
    """Open the rows of this contact point for the block."""
    token = _acting_for.set(contact_point if isinstance(contact_point, int) else contact_point.pk)
    try:
        yield
    finally:
        _acting_for.reset(token)


def current() -> int:
    """Return the number of the contact point being acted for.

    Raises:
        TenantNotSet: outside `acting_for`.
    """
    number = _acting_for.get()
    if number is None:
        raise TenantNotSet("Vertrauliche Zeilen wurden ohne Kontaktstelle abgefragt.")
    return number


class TenantManager(models.Manager[Any]):
    """Answers with the rows of the contact point being acted for, and refuses outside one."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return this contact point's rows only."""
        return super().get_queryset().filter(contact_point_id=current())

    def everywhere(self) -> models.QuerySet[Any]:
        """Return the rows of all contact points: only for work that serves the whole installation."""
        return super().get_queryset()


class TenantRow(models.Model):
    """A row that belongs to one contact point, known by its number: the contact point stands in an app above."""

    contact_point_id = models.PositiveBigIntegerField("Nummer der Kontaktstelle")

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "unscoped"

    # Django's own machinery (saving, deleting) must not be refused.
    unscoped = models.Manager()  # noqa: DJ012 - a second manager, not a field
