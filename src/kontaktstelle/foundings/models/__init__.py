"""The rows of foundings; foreign keys leave no path back (`related_name="+"`), persons are opaque numbers into `relay`."""

from .foundings import CallText, Founding, FoundingMeeting, Outreach, StartHelper
from .lists import Interest, ListConsent, MeetingInvitation

__all__ = [
    "CallText",
    "Founding",
    "FoundingMeeting",
    "Interest",
    "ListConsent",
    "MeetingInvitation",
    "Outreach",
    "StartHelper",
]
