"""Run by a journey, in a process of its own on the installation of the browser: what happens away from the pages.

`which WORDS` prints the number of the enquiry that begins with these words, its office and its group's contact with an
e-mail address of its own; `away EMAIL DEPUTY` lets somebody be away for a week; `night DAYS` does the work of a night so
many days from now and prints the figures before and after; `poster TITLE` prints where a founding's poster leads, `group
NAME` which group that is, `contact NAME EMAIL` lets somebody be reached for it.
"""

import json
import os
import sys
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "kontaktstelle.settings"

import django

django.setup()

from django.utils import timezone  # noqa: E402

from kontaktstelle.enquiries import figures, hand_over  # noqa: E402
from kontaktstelle.enquiries.models import Enquiry, Intake  # noqa: E402
from kontaktstelle.foundings import calling  # noqa: E402
from kontaktstelle.foundings.models import Founding  # noqa: E402
from kontaktstelle.groups.models import ContactPerson, Group  # noqa: E402
from kontaktstelle.organisation.models import ContactPoint, Staff  # noqa: E402
from kontaktstelle.organisation.tenancy import acting_for  # noqa: E402
from kontaktstelle.privacy import retention  # noqa: E402
from kontaktstelle.relay import channels  # noqa: E402
from kontaktstelle.relay.models import Message  # noqa: E402
from kontaktstelle.relay.parties import Address, register_party  # noqa: E402


def which(words):
    for office in ContactPoint.objects.order_by("pk"):
        with acting_for(office):
            for intake in Intake.objects.select_related("enquiry", "group"):
                first = channels.of_matter(intake.enquiry_id)[0]
                text = Message.objects.filter(channel=first).order_by("sent_at").first()
                if text is None or text.text != words:
                    continue
                party = register_party(
                    Address("Gerda Gruppe", email="gerda.gruppe@example.org"),
                    contact_point=office.pk,
                    on=timezone.localdate(),
                )
                ContactPerson.objects.filter(group=intake.group).delete()
                ContactPerson.objects.create(contact_point=office, group=intake.group, party=party)
                return {"number": intake.enquiry.number, "office": office.slug, "group": intake.group.slug}
    raise SystemExit("no such enquiry")


def away(email, deputy):
    gone, stands_in = Staff.objects.get(email=email), Staff.objects.get(email=deputy)
    with acting_for(gone.contact_point):
        until = timezone.localdate() + timedelta(days=7)
        hand_over.go_away(staff=gone, until=until, deputy=stands_in, by=gone, at=timezone.now())
    return {}


def night(days):
    at = timezone.now() + timedelta(days=int(days))
    before = counted()
    retention.run(at=at)
    after = counted()
    return {slug: before[slug] == after[slug] for slug in before}


def counted():
    year = figures.Period.year(timezone.localdate().year)
    told = {}
    for office in ContactPoint.objects.order_by("pk"):
        with acting_for(office):
            told[office.slug] = repr((figures.contacts(year), figures.referrals(year)))
    return told


def left(number):
    """Say what is left of an enquiry."""
    for office in ContactPoint.objects.order_by("pk"):
        with acting_for(office):
            enquiry = Enquiry.objects.filter(number=number).first()
            if enquiry is not None:
                return {
                    "de_identified": enquiry.de_identified,
                    "channels": len(channels.of_matter(enquiry.pk)),
                }
    return {}


def poster(title):
    for office in ContactPoint.objects.order_by("pk"):
        with acting_for(office):
            for founding in Founding.objects.order_by("pk"):
                if founding.title == title:
                    address = calling.poster(founding, at=timezone.now()).address
                    return {"path": "/" + address.split("://")[-1].split("/", 1)[1]}
    raise SystemExit("no such founding")


def group(name):
    row = Group.objects.everywhere().get(name=name)
    return {"pk": str(row.pk), "slug": row.slug}


def contact(name, address):
    row = Group.objects.everywhere().get(name=name)
    with acting_for(row.contact_point):
        party = register_party(
            Address("Rosa Ansprechbar", email=address),
            contact_point=row.contact_point_id,
            on=timezone.localdate(),
        )
        ContactPerson.objects.create(contact_point=row.contact_point, group=row, party=party)
    return {}


json.dump(
    {
        "which": which,
        "away": away,
        "night": night,
        "left": left,
        "poster": poster,
        "group": group,
        "contact": contact,
    }[sys.argv[1]](*sys.argv[2:]),
    sys.stdout,
)
