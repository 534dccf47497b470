"""What an office's form offers in a year: the lists of `codes`, less what the office switched off."""

from datetime import datetime

from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused

from . import access, codes, days
from .keeping import traced
from .models import CodeSwitch


class NotSwitchable(StepRefused):
    """No such field or value, or a year that is over."""

    sentence = "Dieses Feld lässt sich nicht umstellen. Abgelaufene Jahre bleiben, wie sie waren."


def fields(year: int) -> list[str]:
    """Return the optional fields this office keeps in a year."""
    switches = _switches(year)
    return [field for field in codes.OPTIONAL_FIELDS if switches.get((field, ""), False)]


def values(name: str, year: int) -> list[codes.Code]:
    """Return the values of a list this office offers in a year."""
    switches = _switches(year)
    return [code for code in codes.offered(name, year=year) if switches.get((name, code.key), True)]


def switch(
    field: str, *, value: str = "", is_on: bool, from_year: int, by: Staff, at: datetime
) -> CodeSwitch:
    """Switch a field, or one value of a list, on or off from a year on.

    Raises:
        NotSwitchable: no such field or value, or the year is over.
    """
    access.check_leads(by)
    known = value in codes.LISTS.get(field, {}) if value else field in codes.OPTIONAL_FIELDS
    if not known or from_year < days.local_day(at).year:
        raise NotSwitchable
    row: CodeSwitch
    row, _ = CodeSwitch.objects.update_or_create(
        contact_point_id=current(), field=field, value=value, from_year=from_year, defaults={"is_on": is_on}
    )
    traced(by, "form.switched", row, at=at, fields=[field])
    return row


def _switches(year: int) -> dict[tuple[str, str], bool]:
    chosen = CodeSwitch.objects.filter(from_year__lte=year).order_by("from_year")
    return {(each.field, each.value): each.is_on for each in chosen}
