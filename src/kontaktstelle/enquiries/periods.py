"""How many days what is kept: the numbers that the register (`retention`) and the steps of this app share."""

from kontaktstelle.privacy.retention import Period

CONTACT = Period(30, 0, 90)
ENQUIRY = Period(90, 0, 180)
CALL_BACK = Period(30, 0, 30)
SENT_TO = Period(1, 0, 1)
CONSENT = Period(3 * 365, 365, 4 * 365)
HAND_OVER = Period(30, 7, 60)
ABSENCE = Period(30, 0, 90)
FORM = Period(2, 1, 7)
ADVERTISING = Period(14, 7, 30)
