"""The cast: offices and groups of tests, made the way the product makes them; telephone numbers are reserved for fiction."""

from datetime import UTC, date, datetime, time, timedelta

from kontaktstelle.groups import listing, rhythm
from kontaktstelle.groups.models import Group
from kontaktstelle.groups.visibility import AS_IN_A_PUBLIC_LIST
from kontaktstelle.organisation.models import Area, ContactPoint, Hours, Post, Site, Staff, Traeger
from kontaktstelle.organisation.tenancy import acting_for

A_DAY = date(2026, 3, 10)
A_MOMENT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def make_office(slug="hier", kreis_key="05978", name="Kontaktstelle Hier, Beispiel", land="NW"):
    """Return a contact point with one site and hours on Tuesday and Thursday."""
    traeger = Traeger.objects.create(name=f"Träger {slug}", kind=Traeger.Kind.PUBLIC)
    office = ContactPoint.objects.create(
        slug=slug,
        name=name,
        short_name=slug.title(),
        traeger=traeger,
        land=land,
        phone="030 23125 100",
        email=f"{slug}@example.org",
        is_example=True,
        asks_how_it_went=True,
    )
    site = Site.objects.create(
        contact_point=office,
        code="haupt",
        name="Hauptstelle",
        street="Beispielstraße 1",
        postcode="59423",
        town="Unna",
    )
    Hours.objects.create(site=site, weekday=1, opens=time(9), closes=time(12))
    Hours.objects.create(site=site, weekday=3, opens=time(14), closes=time(17))
    Area.objects.create(contact_point=office, kreis_key=kreis_key)
    return office


def make_group(office, name="Gruppe Angst, Beispiel", topics=("anxiety-panic",), *, listed=True, **fields):
    """Return a saved group of an office, listed on the basis of an example unless told otherwise."""
    values = {
        "town": "Unna", "postcode": "59423", "kreis_key": "05978", "lat": 51.5348, "lon": 7.6889,
        "description": "Wir reden miteinander.", "audience": ["betroffene"], "forms": ["in-person"], "languages": ["de"],
        "meeting_text": "jeden 1. Dienstag im Monat, 19 Uhr", "visibility": dict(AS_IN_A_PUBLIC_LIST),
    } | fields  # fmt: skip
    with acting_for(office):
        taken = set(Group.objects.everywhere().values_list("slug", flat=True))
        group = Group(
            contact_point=office,
            name=name,
            topics=list(topics),
            slug=listing.free_slug(name, values["town"], taken),
            **values,
        )
        group.rhythm = rhythm.read(group.meeting_text).as_json() if group.meeting_text else {}
        group.save()
        if listed:
            listing.list_group(group, basis=Group.Basis.EXAMPLE, basis_on=A_DAY, by="test", at=A_MOMENT)
    return group


A_PASSWORD = "vier blaue Tassen im Regal"
A_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_member(office, *roles, email="", name="", second_factor=True, password=None):
    """Return somebody who works at an office in these roles, signed up and ready."""
    from allauth.mfa.totp.internal.auth import TOTP

    member = Staff.objects.create(
        email=email or f"{'-'.join(roles) or 'niemand'}.{Staff.objects.count()}@example.org",
        name=name or f"Wer {' und '.join(roles)}",
        contact_point=office,
    )
    if password:
        member.set_password(password)
        member.save()
    for role in roles:
        Post.objects.create(
            staff=member, contact_point=office, role=role, given_at=A_MOMENT - timedelta(days=30)
        )
    if second_factor:
        TOTP.activate(member, A_SECRET)
    return member
