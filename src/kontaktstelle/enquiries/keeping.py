"""What every step does with its row: take it as it stands now, refuse a stale page, write the trail; a form counts once."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction

from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.tenancy import TenantModel, current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from .access import Outside
from .models import Arrangement, CallBack, Contact, Enquiry, Note, PostedForm, Referral

Row = TypeVar("Row", Contact, Enquiry, Note, CallBack, Referral, Arrangement)
P = ParamSpec("P")
Made = TypeVar("Made", bound=models.Model)


class ChangedMeanwhile(StepRefused):
    """Somebody else changed the row since the page was opened. Where it was a text, both are here."""

    sentence = "Das hat inzwischen jemand anderes geändert. Ihre Eingabe ist noch da; bitte vergleichen Sie."

    def __init__(self, *, theirs: str | None = None, yours: str | None = None) -> None:
        super().__init__()
        self.theirs, self.yours = theirs, yours


class TakenBack(StepRefused):
    """A form is posted again whose row was undone or erased."""

    sentence = "Diese Eingabe wurde schon zurückgenommen oder gelöscht."


def here() -> ContactPoint:
    """Return the contact point being acted for."""
    return ContactPoint.objects.get(pk=current())


def locked(row: Row, *, seen: int | None = None) -> Row:
    """Return the row as it stands now, kept from others till the step is done.

    Args:
        row: the row as the page knows it.
        seen: the version the page showed; None where the step itself refuses what no longer fits.

    Raises:
        ChangedMeanwhile: the row has another version.
    """
    stored: Row = type(row).objects.select_for_update().get(pk=row.pk)
    if seen is not None and stored.version != seen:
        raise ChangedMeanwhile
    return stored


def kept(row: Row) -> Row:
    """Save a changed row as its next version."""
    row.version += 1
    row.save()
    return row


def traced(
    by: Staff | Outside | None, action: str, row: TenantModel, *, at: datetime, fields: Iterable[str] = ()
) -> None:
    """Write the step into the trail; without `by` it was the nightly work."""
    trail.record(
        actor(by),
        action,
        object_type=row._meta.label_lower,  # noqa: SLF001 - Django's public meta interface
        object_id=row.pk,
        at=at,
        contact_point=row.contact_point_id,
        fields=fields,
    )


def actor(by: Staff | StrEnum | None) -> str:
    """Return how the trail knows who acts: a number, a side outside (of any app), or the nightly work."""
    if isinstance(by, StrEnum):
        return by.value
    return str(by.pk) if by else "nightly"


def once(model: type[Made]) -> Callable[[Callable[P, Made]], Callable[P, Made]]:
    """Make a step that creates or moves a row of `model` safe to post twice: the same `form_key` gives the same row.

    The key is written in the step's own transaction. Of two clicks at once the second waits, meets the first one's key,
    is rolled back and answered with the first one's row.
    """

    def wrap(step: Callable[P, Made]) -> Callable[P, Made]:
        many = _many(model, lambda *args, **kwargs: [step(*args, **kwargs)], step.__name__)

        @wraps(step)
        def taken(*args: P.args, **kwargs: P.kwargs) -> Made:
            return many(*args, **kwargs)[0]

        return taken

    return wrap


def once_many(model: type[Made]) -> Callable[[Callable[P, list[Made]]], Callable[P, list[Made]]]:
    """Do the same for a step that creates several rows."""

    def wrap(step: Callable[P, list[Made]]) -> Callable[P, list[Made]]:
        return wraps(step)(_many(model, step, step.__name__))

    return wrap


def _many(model: type[Made], step: Callable[P, list[Made]], name: str) -> Callable[P, list[Made]]:
    def taken(*args: P.args, **kwargs: P.kwargs) -> list[Made]:
        key, at = kwargs.get("form_key"), kwargs["at"]
        by: Any = kwargs.get("by")
        if not isinstance(key, UUID):
            with transaction.atomic():
                return step(*args, **kwargs)
        of_this_form = {"step": name, "key": key, "posted_by": actor(by)}
        if (done := _made_before(model, of_this_form)) is not None:
            return done
        try:
            with transaction.atomic():
                posted = PostedForm.objects.create(contact_point_id=current(), at=at, **of_this_form)
                made = step(*args, **kwargs)
                posted.rows = [str(row.pk) for row in made]
                posted.save(update_fields=["rows"])
                return made
        except IntegrityError:
            if (done := _made_before(model, of_this_form)) is not None:
                return done
            raise

    return taken


def _made_before(model: type[Made], of_this_form: dict[str, object]) -> list[Made] | None:
    posted = PostedForm.objects.filter(**of_this_form).first()
    if posted is None:
        return None
    numbers = [model._meta.pk.to_python(number) for number in posted.rows]  # noqa: SLF001 - Django's public meta interface
    found = model._default_manager.in_bulk(numbers)  # noqa: SLF001 - the manager of the wall
    if len(found) < len(numbers):
        raise TakenBack
    return [found[number] for number in numbers]
