"""Values of a row as JSON can hold them, and back by the field they belong to."""

import base64
import uuid
from datetime import date, datetime
from typing import Any

from django.db import models

Fields = dict[str, "models.Field[Any, Any]"]


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it; `back` turns it back by its field."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID | models.TextChoices) else value


def back(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Return what `plain` was given; a choice comes back as its plain text, as it does from the database."""
    if value is not None and isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    if value is None or isinstance(field, models.JSONField | models.ForeignKey):
        return value
    return field.to_python(value)


def fields_of(model: type[models.Model]) -> Fields:
    """Return a model's columns by attribute name."""
    return {each.attname: each for each in model._meta.concrete_fields}  # noqa: SLF001 - Django's public meta interface
