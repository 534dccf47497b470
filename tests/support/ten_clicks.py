"""An installation of its own in which ten threads post one form at the same moment: prints what came of it."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import django


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "kontaktstelle.settings"
    django.setup()
    from django.db import connection

    from kontaktstelle.privacy import keys
    from support import tables

    keys.create_missing()
    tables.put_here()
    from kontaktstelle.enquiries import log
    from kontaktstelle.enquiries.models import Contact
    from kontaktstelle.organisation.tenancy import acting_for
    from kontaktstelle.privacy.models import TrailEntry
    from support.desk import AT, make_staff
    from support.people import make_office

    office = make_office()
    by, key, together = make_staff(office), uuid4(), Barrier(10)

    def click(_):
        try:
            with acting_for(office):
                together.wait()
                return log.log_contact(by=by, at=AT, who="affected", form_key=key).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(click, range(10)))
    with acting_for(office):
        contacts = Contact.objects.count()
    lines = TrailEntry.objects.filter(action="contact.logged").count()
    json.dump(
        {"answers": len(answers), "different": len(set(answers)), "contacts": contacts, "lines": lines},
        sys.stdout,
    )


if __name__ == "__main__":
    main()
