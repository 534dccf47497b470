"""A group with a canary in every field: if one sings where its field is closed, something leaked."""

from datetime import date

from kontaktstelle.groups import listing
from kontaktstelle.groups.models import ContactPerson, Group, Venue
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.parties import Address, register_party

from .people import A_DAY, A_MOMENT, make_group

EVERY_CHANNEL = ["site", "print", "feeds", "partners"]
# Field that opens them → what would be seen. Folded words too, for the full text.
OPENED_BY = {
    "description": ["Kanarienbeschreibung"],
    "town": ["Kanariendorf"],
    "venue": ["Kanarienhaus", "Kanariengasse 7"],
    "meeting": ["18:37", "18.37", "2. Mittwoch"],
    "access": ["Kanarienklingel"],
    "public_phone": ["23125 777", "23125777"],
    "public_email": ["kanarienpost@example.org"],
    "website": ["kanarienseite.example.org"],
    "online_note": ["Kanarienkonferenz"],
    "founded": ["1987-11", "11/1987", "November 1987"],
}
NEVER = [
    "Kanariennotiz", "Kanarienquelle", "Kanarienverband", "Kanarienthema", "Kanarienschluessel", "Kanarienpruefer", "Kanarienortsteil", "Kanariengrund",
    "Karla Kanarienvogel", "23125 778", "23125778", "karla.kanarie@example.org", "Kanarienallee", "Kanarienbemerkung", "31847",
]  # fmt: skip
# The exact place of the venue and of the town; the Kreis has other numbers.
PLACES = ["51.53777", "7.68777", "51.53111", "7.68111"]


def make_canary(office, *, opened=(), protected=False, listed=True, **fields):
    """Return a group with every field filled; `opened` fields are open on every channel."""
    with acting_for(office):
        venue = Venue.objects.create(
            contact_point=office, name="Kanarienhaus", street="Kanariengasse 7", postcode="59423", town="Kanariendorf", lat=51.53777, lon=7.68777,
            access_note="Bitte bei Kanarienklingel läuten", closed_note="Kanariengrund",
        )  # fmt: skip
        group = make_group(
            office, name=fields.pop("name", "Gruppe Beispiel"), listed=False, town="Kanariendorf", district="Kanarienortsteil", lat=51.53111, lon=7.68111, venue=venue,
            description="Eine Kanarienbeschreibung.", meeting_text="jeden 2. Mittwoch im Monat, 18:37 Uhr", online_note="Kanarienkonferenz",
            forms=["in-person", "online"], public_phone="030 23125 777", public_email="kanarienpost@example.org", website="https://kanarienseite.example.org/",
            founded="1987-11", source="Kanarienquelle", association="Kanarienverband", unknown_topics=["Kanarienthema"], key="Kanarienschluessel", members=31847, attending=31847,
            visibility=dict.fromkeys(opened, EVERY_CHANNEL),
            **fields,
        )  # fmt: skip
        group.note = "Kanariennotiz"
        party = register_party(
            Address(
                "Karla Kanarienvogel",
                "030 23125 778",
                "karla.kanarie@example.org",
                "Kanarienallee 3, Unna",
                "Kanarienbemerkung",
            ),
            contact_point=office.pk,
            on=date(2026, 3, 10),
        )
        ContactPerson.objects.create(contact_point=office, group=group, party=party)
        values = {"note": "Kanariennotiz"} | ({"protected": True} if protected else {})
        listing.change(group, values, by="test", at=A_MOMENT)
        if listed:
            listing.list_group(
                group, basis=Group.Basis.CONSENT_FORM, basis_on=A_DAY, by="Kanarienpruefer", at=A_MOMENT
            )
    return group


def closed_canaries(group, channel="site"):
    """Return every canary that may not be seen of this group on a channel."""
    from kontaktstelle.groups.visibility import is_open

    shut = [
        canary
        for field, canaries in OPENED_BY.items()
        if not is_open(field, channel, group.visibility, protected=group.protected)
        for canary in canaries
    ]
    if group.takes_referrals_only_via_office or group.protected:
        shut += OPENED_BY["public_phone"] + OPENED_BY["public_email"]
    return [
        *shut,
        *NEVER,
        *([] if is_open("town", channel, group.visibility, protected=group.protected) else PLACES),
    ]


def singing(text, canaries):
    """Return the canaries that can be heard in a text, however its spaces are written."""
    text = text.replace("\xa0", " ").replace("\u202f", " ").replace("&nbsp;", " ")
    return [canary for canary in canaries if canary.casefold() in text.casefold()]
