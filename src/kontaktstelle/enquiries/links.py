"""The links of an enquiry: by one a group answers, by the other, with six digits, it reads and writes messages."""

from datetime import datetime, timedelta
from uuid import UUID

from kontaktstelle.relay.signed_links import Linked, made, read

from . import days

__all__ = ["ANSWER", "MESSAGES", "Linked", "group_answer", "group_channel", "made", "read"]
ANSWER, MESSAGES = "referral-answer", "group-messages"
LASTS_DAYS = {ANSWER: 30, MESSAGES: 60}


def group_answer(referral: UUID, *, contact_point: int, at: datetime) -> str:
    """Return the secret part of the link by which a group says yes or no."""
    return _made(ANSWER, referral, contact_point, at)


def group_channel(channel: UUID, *, contact_point: int, at: datetime) -> str:
    """Return the secret part of the link that, with six digits, opens a group's messages."""
    return _made(MESSAGES, channel, contact_point, at)


def _made(purpose: str, row: UUID, contact_point: int, at: datetime) -> str:
    until = days.local_day(at) + timedelta(days=LASTS_DAYS[purpose])
    return made(purpose, row, contact_point=contact_point, until=until)
