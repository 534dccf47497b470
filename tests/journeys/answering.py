"""Run by a journey, in a process of its own on the installation of the browser: somebody of the office answers one enquiry.

Takes the answer, if any, and the words by which the enquiry is found; writes what was said.
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "kontaktstelle.settings"

import django

django.setup()

from django.utils import timezone  # noqa: E402

from kontaktstelle.enquiries import correspondence  # noqa: E402
from kontaktstelle.enquiries.models import Enquiry  # noqa: E402
from kontaktstelle.organisation.models import ContactPoint, Post, Staff  # noqa: E402
from kontaktstelle.organisation.tenancy import acting_for  # noqa: E402

for office in ContactPoint.objects.order_by("pk"):
    with acting_for(office):
        staff, _ = Staff.objects.get_or_create(
            email=f"beratung@{office.slug}.example.org",
            defaults={"name": "Beratung Reise", "contact_point": office},
        )
        Post.objects.get_or_create(
            staff=staff, contact_point=office, role=Post.Role.COUNSELS, defaults={"given_at": timezone.now()}
        )
        for enquiry in Enquiry.objects.filter(party=None, only_me=False):
            thread = correspondence.thread(enquiry, by=staff, at=timezone.now())
            if thread is None or not thread.said or thread.said[0].text != sys.argv[2]:
                continue
            if sys.argv[1]:
                correspondence.tell(enquiry, sys.argv[1], by=staff, at=timezone.now())
            for said in thread.said:
                sys.stdout.write(f"{said.side}: {said.text}\n")
