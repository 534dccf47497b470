"""The cast of the desk: staff of an office, contacts and enquiries, made by the steps themselves."""

from datetime import UTC, datetime, timedelta

from kontaktstelle.enquiries import call_backs, clearing, log, referral, threads
from kontaktstelle.enquiries.models import CallBack, Referral
from kontaktstelle.organisation.models import Post, Staff
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.parties import Address

# A Tuesday, when the office is open.
AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
KARLA = Address(
    "Karla Kanarienvogel",
    "030 23125 778",
    "karla.kanarie@example.org",
    "Kanarienallee 3, Unna",
    "Kanarienwunsch",
)
CANARIES = [
    "Kanarienvogel",
    "23125",
    "karla.kanarie",
    "Kanarienallee",
    "Kanarienwunsch",
    "Kanariennotiz",
    "Kanariendorf",
    "59999",
]


def make_staff(office, name="beratung", roles=("counsels", "leads"), **fields):
    """Return somebody who works at an office; in a small one who counsels also leads."""
    staff = Staff.objects.create(
        email=f"{name}@{office.slug}.example.org", name=name.title(), contact_point=office, **fields
    )
    for role in roles:
        Post.objects.create(staff=staff, contact_point=office, role=role, given_at=AT)
    return staff


def make_contact(office, by, at=AT, **codes):
    with acting_for(office):
        return log.log_contact(by=by, at=at, **codes)


def make_enquiry(office, by, at=AT, **how):
    with acting_for(office):
        contact = log.log_contact(
            by=by, at=at, who="affected", concerns=["find-group"], topics=["anxiety-panic"], kreis_key="05978"
        )
        return log.open_enquiry(contact, by=by, at=at, **how)


def days_later(count, at=AT):
    return at + timedelta(days=count)


def a_whole_thread(office, group, by):
    """Return a closed enquiry in which everything a person could be known by was put in."""
    contact = log.log_contact(
        by=by, at=AT, who="affected", topics=["anxiety-panic"], kreis_key="05978", municipality="Kanariendorf", postcode_area="59999", note="Kanariennotiz",
    )  # fmt: skip
    enquiry = log.open_enquiry(contact, by=by, at=AT, person=KARLA)
    threads.write_note(enquiry, "Kanariennotiz, lang", by=by, at=AT)
    call_backs.done(
        call_backs.promise(CallBack.Kind.CALL, KARLA, by=by, at=AT, enquiry=enquiry), by=by, at=AT
    )
    clearing.record(enquiry, ["fits"], by=by, at=AT)
    row = referral.draft(enquiry, to=group, route=Referral.Route.CALL_BACK, by=by, at=AT)
    referral.consent(row, text_version="weitergabe-1", how="telephone", by=by, at=AT)
    referral.ask(row, by=by, at=AT)
    referral.accept(row, by=by, at=AT)
    referral.confirm_contact(row, by=by, at=AT)
    return threads.close(enquiry, by=by, at=AT)
