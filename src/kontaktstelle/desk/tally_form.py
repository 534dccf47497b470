"""What the form of the Strichliste says: one way, and for each kind of person how many. Rules stand in `enquiries.log`."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from kontaktstelle.enquiries import codes, offer
from kontaktstelle.organisation.models import ContactPoint, Site

from . import contact_form

STROKES = "striche-"
UNKNOWN = codes.Code(codes.UNKNOWN, codes.UNKNOWN_LABEL, 0, None, (), "u")


@dataclass(slots=True)
class TallyForm:
    """The values as typed, so that nothing is lost when something is refused."""

    form_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    channel: str = ""
    strokes: dict[str, str] = field(default_factory=dict)
    site: str = ""
    day: str = ""

    @classmethod
    def read(cls, post: QueryDict) -> "TallyForm":
        """Read a form that was sent."""
        return cls(
            form_key=post.get("form_key", ""),
            channel=post.get("channel", ""),
            strokes={
                who: post.get(STROKES + who, "").strip()
                for who in [*codes.LISTS["who"], codes.UNKNOWN]
                if post.get(STROKES + who, "").strip()
            },
            site=post.get("site", ""),
            day=post.get("day", "").strip(),
        )

    def values(self, office: ContactPoint) -> dict[str, Any]:
        """Return the arguments of `log.tally`.

        Raises:
            contact_form.NumberUnreadable, contact_form.DayUnreadable: as their sentences say.
        """
        counted = {who: contact_form.number(typed) or 0 for who, typed in self.strokes.items()}
        return {
            "strokes": {(self.channel, who): count for who, count in counted.items() if count},
            "site": Site.objects.filter(contact_point=office, code=self.site).first() if self.site else None,
            "day": contact_form.day(self.day),
            "form_key": contact_form.key(self.form_key),
        }


def page_parts(office: ContactPoint, year: int) -> dict[str, Any]:
    """Return what the page offers: ways, kinds of person and at the end whoever did not say, sites."""
    return {
        "channels": offer.values("channel", year),
        "kinds": [*offer.values("who", year), UNKNOWN],
        "prefix": STROKES,
        "sites": list(office.sites.order_by("name")),
    }
