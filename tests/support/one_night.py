"""An installation of its own in which an enquiry is erased: prints what could be found in the file before and after."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django


def main():
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "kontaktstelle.settings"
    django.setup()
    from django.db import connection

    from kontaktstelle.privacy import keys
    from support import tables

    keys.create_missing()
    tables.put_here()
    from kontaktstelle.enquiries.models import Consent, Contact, Enquiry, Note
    from kontaktstelle.organisation.tenancy import acting_for
    from kontaktstelle.relay.models import Party
    from support.desk import AT, a_whole_thread, make_staff
    from support.nights import night
    from support.people import make_group, make_office

    def in_the_file():
        connection.close()
        name = str(connection.settings_dict["NAME"])
        return b"".join(
            Path(name + end).read_bytes() for end in ("", "-wal", "-journal") if Path(name + end).exists()
        )

    office = make_office()
    by, group = make_staff(office), make_group(office)
    with acting_for(office):
        a_whole_thread(office, group, by)
        marks = {
            "Kanariendorf": b"Kanariendorf",
            "59999": b"59999",
            "proof": Consent.objects.get().address_index.encode(),
        }
        enquiry = Enquiry.objects.get()
        marks |= {"email": enquiry.email_index.encode(), "party": enquiry.party.hex.encode()}
        for row, name in [(Contact.objects.get(), "note"), (Note.objects.get(), "text")]:
            marks[f"sealed {name}"] = bytes(getattr(row, f"{name}_sealed"))[-24:]
        for number, party in enumerate(Party.objects.all()):
            for way in ("name", "phone", "email", "address", "note"):
                marks[f"{way} {number}"] = bytes(getattr(party, f"{way}_sealed"))[-24:]
        before = in_the_file()
        night(at=AT + timedelta(days=90))
        after = in_the_file()
    json.dump(
        {
            "put_in": len(marks),
            "found_before": sum(mark in before for mark in marks.values()),
            "left": [name for name, mark in marks.items() if mark in after],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
