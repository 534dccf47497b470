"""Auskunft (Art. 15 DSGVO): everything kept about one enquiry, in words, to be handed out as paper or as a file.

It opens content, and the trail says so. Who may not read notes gets none, and the paper says what is missing and who adds it.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import typst
from django.db import transaction

from kontaktstelle.mailroom import outbox
from kontaktstelle.network.models import Body, Service
from kontaktstelle.organisation.hours import BERLIN
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.relay import channels
from kontaktstelle.relay import retention as messages
from kontaktstelle.relay.models import Side
from kontaktstelle.relay.parties import Address
from kontaktstelle.topics import tree

from . import access, codes, days, erasing_now, grounds, periods, reading, restricting
from .keeping import actor, here, traced
from .lifecycle import CallBackStatus, EnquiryStatus, ReferralStatus
from .models import CallBack, Clearing, Contact, Enquiry, Intake, Referral

TEMPLATES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parent.parent / "ui" / "fonts"
PDF_STANDARD: Final = "ua-1"
SIDES = {Side.SEEKER: "Sie", Side.OFFICE: "Kontaktstelle", Side.GROUP: "Gruppe"}
TRIED = {"reached": "erreicht", "machine": "Anrufbeantworter", "nobody": "niemand erreicht"}
WHAT_THIS_IS = (
    "Auf diesen Seiten steht, was die Kontaktstelle zu Ihrer Anfrage gespeichert hat (Art. 15 DSGVO). Es kommt von Ihnen: "
    "aus Gesprächen mit Ihnen und aus dem, was Sie geschrieben haben. Entscheidungen trifft hier kein Programm."
)
LEFT_OUT = "Notizen, Nachrichten und Erreichbarkeit sind nicht enthalten. Sie gibt aus, wer in der Kontaktstelle berät."
Rows = list[tuple[str, str]]


class NothingKept(restricting.NobodyLeft):
    """The person is gone: nothing leads to them any more."""

    sentence = "Diese Anfrage ist entpersönlicht. Zu einer Person ist hier nichts mehr gespeichert."


@dataclass(frozen=True, slots=True)
class Section:
    """One part of what is kept: pairs of what it is and what it says; `empty` stands where there is nothing."""

    title: str
    rows: tuple[tuple[str, str], ...]
    empty: str = "Dazu ist nichts gespeichert."


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What is kept about one enquiry, as it is handed out."""

    office: str
    title: str
    number: str
    made_on: date
    intro: tuple[str, ...]
    sections: tuple[Section, ...]
    is_whole: bool


@transaction.atomic
def disclose(enquiry: Enquiry, *, by: Staff, at: datetime) -> Disclosure:
    """Open everything kept about an enquiry, as far as somebody may read it.

    Raises:
        NotAllowed: the right is missing, or the enquiry is for somebody else only.
        NothingKept: nothing leads to a person any more.
    """
    access.check_subject_rights(by)
    if enquiry.de_identified:
        raise NothingKept
    if access.is_for_another(by, enquiry):
        raise NotAllowed("Diese Anfrage liest nur, wer zuständig ist. Die Auskunft gibt diese Person.")
    whole = access.may_read_notes(by, enquiry)
    traced(by, "enquiry.disclosed", enquiry, at=at, fields=["content"] if whole else [])
    office, today = here(), days.local_day(at)
    contacts = list(Contact.objects.filter(enquiry=enquiry).order_by("entered_at", "pk"))
    referrals = list(Referral.objects.filter(enquiry=enquiry).select_related("group").order_by("drafted_at"))
    sections = [_itself(enquiry, at, whole=whole)]
    if whole:
        sections.append(Section("So sind Sie zu erreichen", tuple(_ways(_person(enquiry, by, at)))))
    sections.append(_contacts(contacts, by, at, whole=whole))
    if whole:
        notes = reading.notes(enquiry, by=by, at=at)
        sections += [
            Section("Notizen", tuple((_moment(note.written_at), note.text) for note in notes)),
            *_messages(enquiry, by, at),
        ]
    sections += [
        _site(enquiry),
        _consents(enquiry),
        _clearings(enquiry),
        _referrals(referrals),
        _passed_on(referrals),
        _call_backs(enquiry, by, at, whole=whole),
        _post(enquiry, referrals),
        _periods(office),
        _their_rights(office),
    ]
    intro = (
        f"Anfrage {enquiry.number}. Stand: {today:%d.%m.%Y}.",
        WHAT_THIS_IS,
        *(() if whole else (LEFT_OUT,)),
    )
    return Disclosure(
        office.name,
        "Auskunft über gespeicherte Angaben",
        enquiry.number,
        today,
        intro,
        tuple(sections),
        whole,
    )


def as_json(told: Disclosure) -> bytes:
    """Return a disclosure as a file another program can read (Art. 20 DSGVO)."""
    content = asdict(told) | {"made_on": told.made_on.isoformat()}
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def as_pdf(told: Disclosure) -> bytes:
    """Return a disclosure as PDF; tagged (PDF/UA-1) unless somebody typed a sign the fonts do not have, such as an emoji.

    What stands in it goes in as values, never as markup. The file has every sign as it was typed.
    """
    content = json.dumps(asdict(told) | {"made_on": told.made_on.isoformat()}, ensure_ascii=False)
    try:
        return _compiled(content, pdf_standards=PDF_STANDARD)
    except typst.TypstError:
        return _compiled(content)


def _compiled(content: str, **more: Any) -> bytes:
    compiled = typst.compile(
        str(TEMPLATES / "disclosure.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=FONTS.is_dir(),
        sys_inputs={"content": content},
        format="pdf",
        **more,
    )
    return bytes(compiled)


def _itself(enquiry: Enquiry, at: datetime, *, whole: bool) -> Section:
    rows = [
        ("Nummer", enquiry.number),
        ("begonnen", _moment(enquiry.opened_at)),
        ("Stand", str(EnquiryStatus(enquiry.status).label)),
        ("wartet auf", str(enquiry.get_waits_for_display()) if enquiry.waits_for else ""),
        ("fällig", _day(enquiry.due_on)),
        ("erledigt", _day(enquiry.closed_on)),
        ("zuletzt bewegt", _day(enquiry.last_event_on)),
        ("Notizen liest", "nur eine Person der Kontaktstelle" if enquiry.only_me else ""),
        ("Vermittlung ruht", "ja, wegen einer Krise" if enquiry.is_paused_for_crisis else ""),
        ("Code zum Abholen", "als Prüfwert; den Code selbst haben nur Sie" if channels.of_matter(enquiry.pk) else ""),
        ("Prüfwert", "Ihre Nummer oder Adresse, nicht zurückrechenbar; damit finden wir Sie, wenn Sie anrufen" if enquiry.phone_index or enquiry.email_index else ""),
    ]  # fmt: skip
    if (row := restricting.of(enquiry, at=at)) is not None:
        rows.append(("gesperrt", f"seit {row.laid_on:%d.%m.%Y}, bis {row.holds_until:%d.%m.%Y}"))
        rows.append(("Grund der Sperre", (row.reason or "") if whole else ""))
    return Section("Ihre Anfrage", tuple(_said(rows)))


def _person(of: Enquiry | CallBack, by: Staff, at: datetime) -> Address | None:
    try:
        return reading.person(of, by=by, at=at)
    except reading.PersonGone:
        return None


def _ways(person: Address | None) -> Rows:
    if person is None:
        return []
    return _said([
        ("Name, wie Sie ihn nannten", person.name or ""),
        ("Telefon", person.phone or ""),
        ("E-Mail", person.email or ""),
        ("Anschrift", person.address or ""),
        ("Ihr Wunsch", person.note or ""),
    ])  # fmt: skip


def _contacts(rows: Iterable[Contact], by: Staff, at: datetime, *, whole: bool) -> Section:
    found: Rows = []
    for row in rows:
        lines = _said([
            ("Weg", _code("channel", row.channel)),
            ("Richtung", _code("direction", row.direction)),
            ("Wer", _code("who", row.who)),
            ("Anliegen", _several("concern", row.concerns)),
            ("Themen", ", ".join(tree.label(topic) for topic in row.topics if topic in tree.TOPICS)),
            ("Ergebnis", _several("outcome", row.outcomes)),
            ("Erst- oder Folgekontakt", _code("visit", row.visit)),
            *[(name, _code(name, str(value))) for name, value in row.extras.items()],
            ("Kreis", row.kreis_key),
            ("Ort", " ".join(part for part in (row.postcode_area, row.municipality) if part)),
            ("Notiz", reading.contact_note(row, by=by, at=at) if whole and row.note_sealed else ""),
        ])  # fmt: skip
        found.append((_day(row.day) or "ohne Tag", "\n".join(f"{what}: {value}" for what, value in lines)))
    return Section("Kontakte", tuple(found))


def _messages(enquiry: Enquiry, by: Staff, at: datetime) -> list[Section]:
    sections = []
    for channel in channels.of_matter(enquiry.pk):
        if channel.other == Side.OFFICE:
            said = channels.copied(channel, by=actor(by), at=at)
            rows = tuple((f"{each.sent_at:%d.%m.%Y, %H:%M}, {SIDES[each.side]}", each.text) for each in said)
            sections.append(Section("Nachrichten über die Internetseite", rows))
        else:
            told = channels.told(channel)
            says = (
                f"{len(told)} Nachrichten. Die Kontaktstelle liest sie nicht. Sie öffnen sie mit Ihrem Code."
            )
            sections.append(
                Section("Nachrichten mit einer Gruppe", ((f"seit {_day(days.local_day(channel.opened_at))}", says),))
            )  # fmt: skip
    return sections


def _site(enquiry: Enquiry) -> Section:
    row = Intake.objects.filter(enquiry=enquiry).select_related("group").first()
    if row is None:
        return Section(
            "Über die Internetseite", (), "Diese Anfrage kam nicht über das Formular der Internetseite."
        )
    rows = [
        ("eingegangen", _moment(row.at)),
        ("von der Seite der Gruppe", row.group.name if row.group else ""),
        ("darf mit der Gruppe besprochen werden", "ja" if row.may_pass_on else "nein"),
        ("durchgesehen", _moment(row.decided_at) if row.suspect_for else ""),
        ("als Werbung beiseite gelegt", "ja" if row.is_advertising else ""),
    ]
    return Section("Über die Internetseite", tuple(_said(rows)))


def _consents(enquiry: Enquiry) -> Section:
    rows = [
        (
            _moment(row.given_at),
            f"{row.get_purpose_display()} ({codes.label('consent-how', row.how)}, Text „{row.text_version}“)"
            + (f"\nwiderrufen {_moment(row.withdrawn_at)}" if row.withdrawn_at else "")
            + (f"\nNachweis bis {_day(row.erase_on)}" if row.erase_on else ""),
        )
        for row in erasing_now.proofs_of(enquiry).order_by("given_at", "pk")
    ]
    return Section("Einwilligungen", tuple(rows))


def _clearings(enquiry: Enquiry) -> Section:
    held = Clearing.objects.filter(enquiry=enquiry).order_by("discussed_on", "pk")
    rows = [
        (_day(row.discussed_on), _several("clearing", row.outcomes) or "Gespräch, ohne Ergebnis")
        for row in held
    ]
    return Section("Klärungsgespräche", tuple(rows))


def _referrals(rows: Iterable[Referral]) -> Section:
    found: Rows = []
    for row in rows:
        lines = _said([
            ("Stand", str(ReferralStatus(row.status).label)),
            ("Weg", str(Referral.Route(row.route).label)),
            ("vorbereitet", _moment(row.drafted_at)),
            ("gefragt", _day(row.asked_on)),
            ("geantwortet", _day(row.answered_on)),
            ("nachfragen", _day(row.follow_up_on)),
            ("beendet", _day(row.ended_on)),
            ("Grund der Absage", codes.label("declined", row.declined_for) if row.declined_for else ""),
            ("Ergebnis", codes.label("result", row.result) if row.result else ""),
        ])  # fmt: skip
        found.append((_name(row), "\n".join(f"{what}: {value}" for what, value in lines)))
    return Section("Vermittlungen", tuple(found))


def _passed_on(rows: Iterable[Referral]) -> Section:
    told = [
        (_name(row), f"{_day(row.asked_on)}: {Referral.Route(row.route).label}")
        for row in rows
        if row.asked_on is not None and row.route != Referral.Route.OPEN
    ]
    return Section("An wen Angaben von Ihnen gegangen sind", tuple(told), "An niemanden.")


def _call_backs(enquiry: Enquiry, by: Staff, at: datetime, *, whole: bool) -> Section:
    found: Rows = []
    for row in CallBack.objects.filter(enquiry=enquiry).order_by("promised_at", "pk"):
        lines = _said([
            ("Stand", str(CallBackStatus(row.status).label)),
            ("für", _day(row.due_on)),
            ("Zeit", " bis ".join(f"{each:%H:%M}" for each in (row.window_from, row.window_to) if each)),
            ("Anrufbeantworter", str(CallBack.Machine(row.machine).label)),
            ("Versuche", ", ".join(f"{date.fromisoformat(day):%d.%m.%Y} {TRIED.get(what, what)}" for day, what in row.attempts)),
            *(_ways(_person(row, by, at)) if whole else []),
        ])  # fmt: skip
        found.append((
            f"{CallBack.Kind(row.kind).label}, {_moment(row.promised_at)}",
            "\n".join(f"{what}: {value}" for what, value in lines),
        ))  # fmt: skip
    return Section("Rückrufe und Termine", tuple(found))


def _post(enquiry: Enquiry, referrals: Iterable[Referral]) -> Section:
    found = outbox.facts([enquiry.pk, *(row.pk for row in referrals)])
    return Section(
        "Hinweise, die das Programm verschickt hat",
        tuple((_moment(at), f"{way}, {standing}. Darin steht nie, von wem oder worum es geht.") for at, way, standing in found),
    )  # fmt: skip


def _periods(office: ContactPoint) -> Section:
    rows = (
        ("wozu", "um Ihre Anfrage zu beantworten und auf Wunsch eine Gruppe oder Stelle zu finden"),
        ("Rechtsgrundlage", grounds.ground_of(office.traeger.kind).law),
        (
            "Anfrage, Notizen",
            f"{periods.days_of(periods.ENQUIRY)} Tage, nachdem sie erledigt ist und sich nichts mehr bewegt hat; dann bleibt nur eine Zahl",
        ),
        ("Rückrufe", f"höchstens {periods.days_of(periods.CALL_BACK)} Tage nach Erledigung"),
        ("Nachrichten", f"{messages.READ.days} Tage nach dem Lesen"),
        (
            "Einwilligungen",
            f"Nachweis bis zum Ende des Jahres, {periods.days_of(periods.CONSENT) // 365} Jahre nach dem Ende, ohne Ihren Namen",
        ),
    )
    return Section("Wozu, auf welcher Grundlage, wie lange", rows)


def _their_rights(office: ContactPoint) -> Section:
    rows = (
        ("Berichtigung", "Sagen Sie uns, was nicht stimmt; wir ändern es."),
        ("Löschung", "Auf Ihren Wunsch löschen wir sofort. Es bleibt eine Zahl ohne Person."),
        ("Sperre", "Auf Ihren Wunsch ruht die Anfrage: Nichts wird versandt, nichts gelöscht."),
        ("Widerruf", "Jede Einwilligung können Sie jederzeit zurücknehmen, ohne Grund."),
        ("Beschwerde", "bei der Datenschutzaufsicht Ihres Landes oder Ihrer Kirche"),
        ("wo", f"{office.name}, {office.phone}, {office.email}"),
    )
    return Section("Ihre Rechte", rows)


def _name(row: Referral) -> str:
    if row.group is not None:
        return str(row.group.name)
    kind, _, key = row.network.partition(":")
    model = {"body": Body, "service": Service}.get(kind)
    found = model.objects.filter(key=key).first() if model else None
    return str(found.name) if found else "eine Stelle"


def _said(rows: Rows) -> Rows:
    return [(what, value) for what, value in rows if value]


def _code(name: str, key: str) -> str:
    if key == codes.UNKNOWN or not key:
        return ""
    return codes.label(name, key) if name in codes.LISTS else key


def _several(name: str, keys: Iterable[str]) -> str:
    return ", ".join(codes.label(name, key) for key in keys)


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(BERLIN):%d.%m.%Y, %H:%M}" if at else ""
