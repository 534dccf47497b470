"""Löschfristen of support: notes go after a year, counts stay; a date for helpers goes with its day."""

from datetime import datetime, timedelta

from django.db.models import Q

from kontaktstelle.privacy.retention import Period, Rule, Then, day, quietly, register

from .erasure import forget
from .models import HelperDate, SignSetAside, SupportEntry

# A year of a group's life: long enough to see a conflict come back, short enough that nobody is kept for what they once said.
NOTE = Period(365, 90, 730)
AFTER_THE_DATE = Period(1, 0, 7)


def _said_long_ago(at: datetime) -> Q:
    last = day(at) - timedelta(days=NOTE.days)
    # While a date with the group stands, what it is about is still needed.
    return Q(de_identified=False, day__lte=last) & (Q(next_on__isnull=True) | Q(next_on__lte=last))


def _over(at: datetime) -> Q:
    return Q(on__lte=day(at) - timedelta(days=AFTER_THE_DATE.days))


def _stands_again(at: datetime) -> Q:
    return Q(until__lt=day(at))


register(
    Rule(
        SupportEntry,
        Then.DE_IDENTIFY,
        what="Notiz, Tag, wer kam und wer zuständig war; Monat, Art, Standort, Dauer und Gruppe bleiben als Zahl",
        since="Tag des Gesprächs, solange kein Termin aussteht",
        period=NOTE,
        ground="Art. 5 (1) e DSGVO: der Zweck der Begleitung ist erreicht",
        due=_said_long_ago,
        act=forget,
        has_gone=Q(de_identified=True),
    ),
    Rule(
        HelperDate,
        Then.ERASE,
        what="Tag und Ort für Helfende, Ort versiegelt",
        since="Tag des Termins",
        period=AFTER_THE_DATE,
        ground="Art. 5 (1) e DSGVO: der Termin ist vorbei",
        due=_over,
        act=quietly,
    ),
    Rule(
        SignSetAside,
        Then.ERASE,
        what="welches Zeichen einer Gruppe bis wann ruht, keine Person",
        since="Ende der Ruhe",
        period=Period(0),
        ground="das Zeichen steht wieder",
        due=_stands_again,
        act=quietly,
    ),
)
