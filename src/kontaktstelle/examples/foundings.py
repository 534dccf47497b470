"""Foundings of an example office: one in each stretch of the way, with an invented list; written once, then left alone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from kontaktstelle.enquiries import days
from kontaktstelle.enquiries.finding import indexed
from kontaktstelle.foundings import periods
from kontaktstelle.foundings.lifecycle import FoundingStatus, MeetingStatus, OutreachStatus
from kontaktstelle.foundings.models import (
    CallText,
    Founding,
    FoundingMeeting,
    Interest,
    ListConsent,
    Outreach,
)
from kontaktstelle.groups.models import Venue
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.relay.parties import Address, sealed_party

from .identity import row_id
from .people import FIRST, LAST

S = FoundingStatus


@dataclass(frozen=True, slots=True)
class ExampleFounding:
    """A founding: how far it is, when it began and is due (days from today), who stands on its list."""

    title: str
    topic: str
    status: FoundingStatus
    began: int
    due: int
    listed: int = 0
    threshold: int = 6
    text: str = ""
    reason: str = ""


FOUNDINGS = (
    ExampleFounding("Pflegende Söhne und Töchter", "caregivers", S.IDEA, -4, 3),
    ExampleFounding("Tinnitus am Abend", "tinnitus", S.ADVICE, -20, -2),
    ExampleFounding(
        "Long Covid, zweite Gruppe", "long-covid", S.GATHERING, -75, 12, 4,
        text="Sie sind seit Corona nicht mehr die oder der Alte? Andere kennen das. Wir möchten eine Gruppe beginnen.",
    ),
    ExampleFounding(
        "Angehörige nach Schlaganfall", "stroke-relatives", S.APPOINTED, -120, 9, 7,
        text="Ein Schlaganfall trifft die ganze Familie. Wer begleitet einen Menschen und möchte sich austauschen?",
    ),
    ExampleFounding("Trauer in jungen Jahren", "grief-young", S.GIVEN_UP, -300, 0, reason="too-few"),
)  # fmt: skip


def write(contact_point: ContactPoint, kreis_key: str, *, on: date) -> int:
    """Write what is not there yet, acting for the office; return how many foundings were written."""
    written = 0
    for place, each in enumerate(FOUNDINGS):
        number = row_id("founding", contact_point.slug, each.topic)
        if not Founding.objects.filter(pk=number).exists():
            _one(contact_point, kreis_key, each, place, on=on)
            written += 1
    return written


def _one(contact_point: ContactPoint, kreis_key: str, each: ExampleFounding, place: int, *, on: date) -> None:
    began, is_over = on + timedelta(days=each.began), each.status == S.GIVEN_UP
    row = Founding(
        id=row_id("founding", contact_point.slug, each.topic), contact_point=contact_point, origin=Founding.Origin.OFFICE, begun_month=days.month_of(began),
        status=each.status, topics=[each.topic], kreis_key=kreis_key, threshold=each.threshold, role=Founding.Role.NOBODY, reason=each.reason,
        next_on=None if is_over else days.office_day(contact_point, on + timedelta(days=each.due)) if each.due > 0 else on + timedelta(days=each.due),
        ended_month=days.month_of(on) if is_over else None, talked_on=began + timedelta(days=14) if each.text else None,
        talked_about=["motives", "picture", "when", "room"] if each.text else [], audience=["betroffene"] if each.text else [],
        looked_round_on=began + timedelta(days=14) if each.text else None,
    )  # fmt: skip
    row.title = f"{each.title}, Beispiel"
    row.save(force_insert=True)
    if not each.text:
        return
    text = CallText(
        contact_point=contact_point,
        founding=row,
        number=1,
        written_on=began + timedelta(days=15),
        approved_on=began + timedelta(days=20),
        approved_how="telephone",
    )
    text.text = each.text
    text.save(force_insert=True)
    outreach = Outreach(
        contact_point=contact_point, founding=row, text=text, way=Outreach.Way.PRESS, where="Beispielbote", status=OutreachStatus.OUT,
        planned_for=began + timedelta(days=24), out_on=began + timedelta(days=25),
    )  # fmt: skip
    outreach.save(force_insert=True)
    for number in range(each.listed):
        _listed(contact_point, row, outreach, place * 10 + number, on=began + timedelta(days=27 + number))
    if each.status == S.APPOINTED and (venue := Venue.objects.order_by("pk").first()) is not None:
        FoundingMeeting(
            contact_point=contact_point, founding=row, kind=FoundingMeeting.Kind.FIRST, status=MeetingStatus.PLANNED, on=on + timedelta(days=each.due),
            starts=time(18, 30), venue=venue,
        ).save(force_insert=True)  # fmt: skip


def _listed(
    contact_point: ContactPoint, founding: Founding, outreach: Outreach, number: int, *, on: date
) -> None:
    person = Address(
        f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}",
        f"030 23125 {800 + number}",
        f"interesse{number}@example.org",
    )
    party = sealed_party(person, contact_point=contact_point.pk, on=on)
    party.save(force_insert=True)
    until = periods.consent_until(on, on)
    row = Interest(
        contact_point=contact_point, kind=Interest.Kind.FOUNDING, founding=founding, topics=founding.topics, kreis_key=founding.kreis_key,
        month=days.month_of(on), who=Interest.Who.AFFECTED if number % 3 else Interest.Who.RELATIVE, outreach=outreach, party=party.pk,
        way=Interest.Way.MAIL if number % 2 else Interest.Way.PHONE, first_on=on, consent_until=until, erase_on=periods.goes_on(on, until),
    )  # fmt: skip
    row.phone_index, row.email_index = indexed(person, contact_point.pk)
    row.save(force_insert=True)
    ListConsent(
        contact_point=contact_point, interest=row, text_version="interessiertenliste-1", how="telephone", given_at=datetime.combine(on, time(12), UTC),
    ).save(force_insert=True)  # fmt: skip
