"""Löschfristen of the ways to reach a person."""

from datetime import datetime

from django.db.models import Q

from kontaktstelle.privacy.retention import Period, Rule, Then, day, register

from .models import Party


def _due(at: datetime) -> Q:
    return Q(erase_on__lte=day(at))


register(
    Rule(
        Party,
        Then.ERASE,
        what="Name und Wege zu einer Person, versiegelt",
        since="vereinbarter Tag, sonst mit der Sache, zu der sie gehört",
        period=Period(0),
        ground="Art. 5 (1) e DSGVO",
        due=_due,
    )
)
