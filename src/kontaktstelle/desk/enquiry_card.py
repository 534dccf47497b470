"""One enquiry = one page: its summary line with the next step, and what belongs to it, as far as somebody may see it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from kontaktstelle.enquiries import access, codes, correspondence, days, intake, reading, referral
from kontaktstelle.enquiries.lifecycle import CallBackStatus, EnquiryStatus, ReferralStatus
from kontaktstelle.enquiries.models import CallBack, Clearing, Consent, Contact, Enquiry, Note, Referral
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address
from kontaktstelle.topics import tree

from . import crisis, duties, referred_to

AUDIENCE_OF = {"affected": "betroffene", "relative": "angehoerige", "parents": "eltern"}
AGREED = "Einwilligung"
WHOM = Enquiry.WaitsFor.choices


class WhomUnclear(StepRefused):
    """Nobody an enquiry can wait for, or no day."""

    sentence = "Bitte wählen Sie, auf wen gewartet wird, und einen Tag."


class ColleagueUnknown(StepRefused):
    """Nobody of this office."""

    sentence = "Bitte wählen Sie jemanden aus der Liste."


@dataclass(frozen=True, slots=True)
class ContactShown:
    """A conversation of the enquiry, in words."""

    number: UUID
    day: date | None
    line: str
    topics: str
    outcomes: str
    note: str


@dataclass(frozen=True, slots=True)
class ReferralShown:
    """A referral of the enquiry: where to, how far it is, when something is due."""

    number: UUID
    name: str
    status: str
    is_open: bool
    due_on: date | None
    result: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do now: a way to go or, with `posts`, a step to take."""

    words: str
    address: str
    posts: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the page of an enquiry shows."""

    enquiry: Enquiry
    state: str
    covered: str
    may_refer: bool
    hidden: bool
    to_withdraw: list[UUID]
    may_read: bool
    contacts: list[ContactShown]
    topics: list[str]
    notes: list[reading.NoteRead]
    person: Address | None
    call_backs: list[tuple[CallBack, str, str]]
    clearings: list[tuple[date | None, str]]
    referrals: list[ReferralShown]
    history: list[tuple[date, str]]
    next_step: NextStep | None
    thread: correspondence.Thread | None = None
    brought: intake.Brought | None = None
    colleagues: list[tuple[str, str]] = field(default_factory=list)
    last_contact: UUID | None = None
    may_found: bool = False


def card(enquiry: Enquiry, *, by: Staff, at: datetime) -> Card:
    """Return an enquiry as somebody may see it; opening its notes and the person is traced."""
    may_refer = rights.may(by, Right.REFER, current())
    may_read = access.may_read_notes(by, enquiry)
    contacts = list(Contact.objects.filter(enquiry=enquiry).order_by("entered_at", "pk"))
    referrals = list(Referral.objects.filter(enquiry=enquiry).order_by("drafted_at", "pk"))
    clearings = list(Clearing.objects.filter(enquiry=enquiry).order_by("discussed_on", "pk"))
    promised = list(CallBack.objects.filter(enquiry=enquiry).order_by("promised_at", "pk"))
    hidden = access.is_for_another(by, enquiry)
    shown = [] if hidden else contacts
    return Card(
        enquiry=enquiry,
        state=state_said(enquiry, by),
        covered=duties.called(enquiry.covered_by),
        may_refer=may_refer,
        hidden=hidden,
        to_withdraw=[each.pk for each in referrals if referral.may_be_withdrawn(each)] if hidden else [],
        may_read=may_read,
        contacts=[_contact(each, by, at, may_read=may_read) for each in shown],
        topics=topics_of(shown),
        notes=reading.notes(enquiry, by=by, at=at) if may_read else [],
        person=_person(enquiry, by, at) if may_read else None,
        call_backs=[(each, str(CallBack.Kind(each.kind).label), duties.window_said(each)) for each in promised if not hidden],
        clearings=[] if hidden else [(each.discussed_on, ", ".join(codes.label("clearing", key) for key in each.outcomes)) for each in clearings],
        referrals=[] if hidden else _referrals(referrals),
        history=[] if hidden else _history(enquiry, contacts, referrals, clearings, promised),
        next_step=next_step(enquiry, referrals, promised, clearings, days.local_day(at)) if may_refer and not hidden else None,
        thread=correspondence.thread(enquiry, by=by, at=at) if may_read and not enquiry.de_identified else None,
        brought=intake.brought(enquiry, by=by) if may_read else None,
        colleagues=colleagues(),
        last_contact=contacts[-1].pk if contacts else None,
        may_found=may_read and rights.may(by, Right.FOUND, current()) and wants_to_found(contacts),
    )  # fmt: skip


def wants_to_found(contacts: Sequence[Contact]) -> bool:
    """Say whether an enquiry is about founding a group, as it was logged."""
    return any("found-group" in each.concerns or each.who == "founder" for each in contacts)


def state_said(enquiry: Enquiry, by: Staff) -> str:
    """Return in words whose turn it is, as far as somebody may know."""
    if access.is_for_another(by, enquiry):
        return "nur für eine Person"
    if enquiry.de_identified:
        return "entpersönlicht"
    if enquiry.status == EnquiryStatus.WAITING:
        return duties.WAITING.get(enquiry.waits_for, "wartet")
    return str(EnquiryStatus(enquiry.status).label)


def topics_of(contacts: Sequence[Contact]) -> list[str]:
    """Return the topics of an enquiry's contacts, the latest first, each once."""
    return list(dict.fromkeys(topic for each in reversed(contacts) for topic in each.topics))


def colleagues() -> list[tuple[str, str]]:
    """Return who may cover an enquiry here: number and name."""
    found = access.who_may(Right.REFER).order_by("name", "email")
    return [(str(each.pk), duties.called(each)) for each in found]


def colleague(number: str) -> Staff | None:
    """Return who is named in a form; "" is nobody. The step refuses whoever may not.

    Raises:
        ColleagueUnknown: no such person.
    """
    if not number:
        return None
    try:
        return Staff.objects.get(pk=UUID(number))
    except (ValueError, Staff.DoesNotExist) as error:
        raise ColleagueUnknown from error


def waited_for(value: str) -> Enquiry.WaitsFor:
    """Return for whom an enquiry shall wait.

    Raises:
        WhomUnclear: for nobody known.
    """
    try:
        return Enquiry.WaitsFor(value)
    except ValueError as error:
        raise WhomUnclear from error


def number_of(row: Note | Contact | CallBack | Referral) -> str:
    """Return the number of the enquiry a row belongs to, "" for none."""
    enquiry = Enquiry.objects.filter(pk=row.enquiry_id).first() if row.enquiry_id else None
    return enquiry.number if enquiry else ""


def crisis_lines(enquiry: Enquiry, office: ContactPoint) -> crisis.CrisisHelp:
    """Return whom to call in a crisis, near where the person is as far as that was said, and the office's own steps."""
    kreis = next((each.kreis_key for each in Contact.objects.filter(enquiry=enquiry) if each.kreis_key), "")
    return crisis.at_hand(office, kreis_key=kreis)


def next_step(
    enquiry: Enquiry, referrals: Sequence[Referral], call_backs: Sequence[CallBack], clearings: Sequence[Clearing], today: date
) -> NextStep | None:  # fmt: skip
    """Return the one thing an enquiry needs now; None where nobody is left to do it for."""
    if enquiry.de_identified:
        return None
    return (
        _by_status(enquiry, {EnquiryStatus.CLOSED: "Wieder aufnehmen", EnquiryStatus.NEW: "Gelesen, ich kümmere mich"})
        or _call(call_backs, today)
        or next((NextStep(words, reverse("desk:referral", args=[row.pk])) for row in referrals if (words := _asks_for(row))), None)
        or _in_a_crisis(enquiry)
        or _by_status(enquiry, {EnquiryStatus.WAITING: "Wir sind wieder dran"})
        or _of_an_open_one(enquiry, has_referrals=bool(referrals), is_cleared=bool(clearings))
    )  # fmt: skip


def _by_status(enquiry: Enquiry, words: dict[EnquiryStatus, str]) -> NextStep | None:
    said = words.get(EnquiryStatus(enquiry.status), "")
    return (
        NextStep(said, reverse("desk:enquiry_take_up", args=[enquiry.number]), posts=True) if said else None
    )


def _call(call_backs: Sequence[CallBack], today: date) -> NextStep | None:
    for each in call_backs:
        if each.status == CallBackStatus.PROMISED and each.due_on and each.due_on <= today:
            words = "Anrufen" if each.kind == CallBack.Kind.CALL else str(CallBack.Kind(each.kind).label)
            return NextStep(words, reverse("desk:call_back", args=[each.pk]))
    return None


def _in_a_crisis(enquiry: Enquiry) -> NextStep | None:
    address = f"{reverse('desk:promise')}?anfrage={enquiry.number}"
    return NextStep("Rückruf vormerken", address) if enquiry.is_paused_for_crisis else None


def _of_an_open_one(enquiry: Enquiry, *, has_referrals: bool, is_cleared: bool) -> NextStep:
    number = enquiry.number
    if has_referrals:
        return NextStep("Anfrage erledigen", reverse("desk:enquiry_close", args=[number]), posts=True)
    if is_cleared:
        return NextStep("Vermitteln", reverse("desk:refer", args=[number]))
    return NextStep("Mit der Person klären", reverse("desk:clearing", args=[number]))


def _asks_for(row: Referral) -> str:
    if referral.is_to_be_told(row):
        return "Der Gruppe Bescheid geben" if row.group_id else "Der Stelle Bescheid geben"
    always = {
        ReferralStatus.DRAFT: "Mitteilen" if row.route == Referral.Route.OPEN else "Einwilligung festhalten",
        ReferralStatus.CONSENTED: "Gruppe fragen" if row.group_id else "Stelle fragen",
    }
    when_due = {ReferralStatus.ASKED: "Antwort eintragen", ReferralStatus.ACCEPTED: "Kontakt eintragen"}
    status = ReferralStatus(row.status)
    if status in always:
        return always[status]
    return when_due.get(status, "")


def _contact(row: Contact, by: Staff, at: datetime, *, may_read: bool) -> ContactShown:
    place = row.municipality or row.postcode_area
    said = [
        codes.label("channel", row.channel) if row.channel != codes.UNKNOWN else "",
        codes.label("who", row.who) if row.who != codes.UNKNOWN else "",
        ", ".join(codes.label("concern", key) for key in row.concerns),
        place,
    ]
    return ContactShown(
        row.pk,
        row.day,
        " · ".join(part for part in said if part) or "Kontakt ohne Angaben",
        ", ".join(tree.label(topic) for topic in row.topics if topic in tree.TOPICS),
        ", ".join(codes.label("outcome", key) for key in row.outcomes),
        reading.contact_note(row, by=by, at=at) if may_read and row.note_sealed else "",
    )


def _person(enquiry: Enquiry, by: Staff, at: datetime) -> Address | None:
    if enquiry.party is None:
        return None
    try:
        return reading.person(enquiry, by=by, at=at)
    except reading.PersonGone:
        return None


def _referrals(rows: Sequence[Referral]) -> list[ReferralShown]:
    names = referred_to.names(rows)
    return [
        ReferralShown(
            row.pk,
            names[row.pk],
            status_said(row),
            row.due_on is not None,
            row.due_on,
            codes.label("result", row.result) if row.result else codes.label("declined", row.declined_for) if row.declined_for else "",
        )
        for row in rows
    ]  # fmt: skip


def status_said(row: Referral) -> str:
    """Return how far a referral is, in words that also fit a body of the help network."""
    words = str(ReferralStatus(row.status).label)
    return words if row.group_id else words.replace("Gruppe", "Stelle")


def _history(
    enquiry: Enquiry,
    contacts: Sequence[Contact],
    referrals: Sequence[Referral],
    clearings: Sequence[Clearing],
    call_backs: Sequence[CallBack],
) -> list[tuple[date, str]]:
    happened: list[tuple[date | None, str]] = []
    happened += [(each.day, "Kontakt") for each in contacts]
    happened += [(enquiry.opened_at and days.local_day(enquiry.opened_at), "Anfrage begonnen")]
    happened += [(each.discussed_on, "Klärungsgespräch") for each in clearings]
    for back in call_backs:
        label = str(CallBack.Kind(back.kind).label)
        happened.append((days.local_day(back.promised_at), f"{label} versprochen"))
        happened += [(date.fromisoformat(day), f"{label}: {'erreicht' if what == 'reached' else 'nicht erreicht'}") for day, what in back.attempts]  # fmt: skip
    names = referred_to.names(referrals)
    for row in referrals:
        name = names[row.pk]
        happened += [
            (row.drafted_at and days.local_day(row.drafted_at), f"{name}: vorbereitet"),
            (row.asked_on, f"{name}: gefragt"),
            (row.answered_on, f"{name}: {'abgesagt' if row.status == ReferralStatus.DECLINED else 'geantwortet'}"),
            (row.ended_on, f"{name}: {status_said(row)}"),
        ]  # fmt: skip
    agreed = Consent.objects.filter(referral__in=referrals)
    happened += [
        (days.local_day(each.given_at), f"{AGREED} ({codes.label('consent-how', each.how)})")
        for each in agreed
    ]
    happened.append((enquiry.closed_on, "erledigt"))
    return sorted(((day, words) for day, words in happened if day), key=lambda each: each[0])


def place_of(contacts: Sequence[Contact], office: ContactPoint) -> str:
    """Return where the person is, as far as it was said; else where the office is: who does not say mostly lives near it."""
    for each in reversed(contacts):
        if each.municipality:
            return str(each.municipality)
    site = office.sites.order_by("pk").first()
    return str(site.postcode) if site else ""


def audience_of(contacts: Sequence[Contact]) -> str:
    """Return for whom a group should be, as far as it was said."""
    return next((AUDIENCE_OF[each.who] for each in reversed(contacts) if each.who in AUDIENCE_OF), "")
