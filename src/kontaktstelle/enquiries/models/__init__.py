"""The rows of enquiries; foreign keys leave no path back (`related_name="+"`), persons are opaque numbers into `relay`."""

from .contacts import CodeSwitch, Contact, MonthlyCount, PostedForm
from .handing import Absence, HandOverNote
from .intake import Intake
from .referrals import Arrangement, Consent, Referral
from .threads import CallBack, Clearing, Enquiry, Note

__all__ = [
    "Absence",
    "Arrangement",
    "CallBack",
    "Clearing",
    "CodeSwitch",
    "Consent",
    "Contact",
    "Enquiry",
    "HandOverNote",
    "Intake",
    "MonthlyCount",
    "Note",
    "PostedForm",
    "Referral",
]
