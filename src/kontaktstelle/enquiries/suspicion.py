"""What makes a message from the site suspect. Nothing is dropped: a suspect one waits in a queue somebody looks through.

No third party is asked and nobody solves a riddle: a field people do not see, the age of the form, links, the same text again.
"""

import hashlib
import hmac
import re
import unicodedata
from datetime import datetime, timedelta

from kontaktstelle.privacy import keys

from .models import Intake

QUICKEST = timedelta(seconds=3)
MOST_LINKS = 2
SAME_TEXT_WITHIN = timedelta(days=1)
_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
LABELS = {
    "honeypot": "ein Feld ist ausgefüllt, das Menschen nicht sehen",
    "quick": "in weniger als drei Sekunden geschrieben",
    "links": "mehrere Links",
    "repeated": "derselbe Text war heute schon da",
}


def reasons(text: str, *, honeypot: str, form_age: timedelta, mac: str, at: datetime) -> list[str]:
    """Return why a message is suspect, as keys of `LABELS`; mostly nothing."""
    found = {
        "honeypot": bool(honeypot.strip()),
        "quick": form_age < QUICKEST,
        "links": len(_LINK.findall(text)) > MOST_LINKS,
        "repeated": Intake.objects.filter(text_mac=mac, at__gt=at - SAME_TEXT_WITHIN).exists(),
    }
    return [key for key, holds in found.items() if holds]


def text_mac(text: str, *, contact_point: int) -> str:
    """Return by what the same text is known again, for two days; it tells nothing without the key."""
    folded = " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))
    key = keys.purpose_key(f"text/cp{contact_point}")
    return hmac.new(key, folded.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
