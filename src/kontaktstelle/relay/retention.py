"""Löschfristen of the ways to reach a person."""

from datetime import datetime, timedelta

from django.db.models import Q

from kontaktstelle.privacy.retention import Period, Rule, Then, day, goes_with, register

from .models import Channel, Message, Party, ReceiptCode

READ, UNREAD = Period(30, 0, 90), Period(90, 30, 180)
ENQUIRY = "enquiries.enquiry"


def _due(at: datetime) -> Q:
    return Q(erase_on__lte=day(at))


def _read_long_ago(at: datetime) -> Q:
    return Q(read_at__lte=at - timedelta(days=READ.days))


def _written_long_ago(at: datetime) -> Q:
    return Q(sent_at__lte=at - timedelta(days=UNREAD.days))


register(
    Rule(
        Party,
        Then.ERASE,
        what="Name und Wege zu einer Person, versiegelt",
        since="vereinbarter Tag, sonst mit der Sache, zu der sie gehört",
        period=Period(0),
        ground="Art. 5 (1) e DSGVO",
        due=_due,
    ),
    goes_with(Channel, ENQUIRY, what="wer mit wem schreibt, als Nummern"),
    goes_with(
        ReceiptCode,
        ENQUIRY,
        what="womit eine Antwort gelesen wird; öffnet 180 Tage nach der letzten Nachricht nichts mehr",
    ),
    Rule(
        Message,
        Then.ERASE,
        what="Nachricht über die Internetseite, versiegelt; spätestens mit der Anfrage",
        since="Lesen",
        period=READ,
        ground="Art. 5 (1) c, e DSGVO",
        due=_read_long_ago,
        matter="channel__about",
    ),
    Rule(
        Message,
        Then.ERASE,
        what="Nachricht, die niemand gelesen hat",
        since="Schreiben",
        period=UNREAD,
        ground="Art. 5 (1) e DSGVO",
        due=_written_long_ago,
        matter="channel__about",
    ),
)
