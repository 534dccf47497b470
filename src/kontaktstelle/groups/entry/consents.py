"""Einwilligung der Ansprechpersonen: asked by link, letter or telephone, answered field by field and channel by channel.

A staff member asks, and by that says what may be opened; a person agrees to some of it or to nothing. What they do not agree
to is closed in the same step, and so is what they withdraw, at any time. Silence changes nothing and opens nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from kontaktstelle.groups import history, listing
from kontaktstelle.groups.lifecycle import ConsentStatus, check_consent_step
from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.groups.visibility import CHANNELS, OPENABLE, WITHHELD
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.mailroom import outbox
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay import signed_links

from .models import ContactConsent

PURPOSE, ACTOR = "contact-consent", "group"
# As long as a consent may be withdrawn by the same link; then by a call, as ever.
LASTS = timedelta(days=1100)
TEXT_VERSION, SPOKEN_VERSION = "verzeichnis-1", "verzeichnis-telefon-1"
TEXT = (
    "Wir führen ein Verzeichnis der Selbsthilfegruppen, damit Menschen Ihre Gruppe finden. Hier steht, welche Angaben wo zu sehen wären. "
    "Sie entscheiden über jede einzeln. Ihren Namen zeigen wir nirgends. Solange Sie nicht antworten, ändert sich nichts, und nichts Neues wird gezeigt. "
    "Ihre Einwilligung ist freiwillig. Sie können sie jederzeit widerrufen, mit Wirkung für die Zukunft und ohne Nachteile: über denselben Link, mit einem Anruf "
    "oder einem Brief. Im Internet und in den Schnittstellen verschwindet die Angabe sofort, im gedruckten Verzeichnis mit der nächsten Auflage. "
    "Wir halten fest, wann und wie Sie geantwortet haben; dieser Nachweis wird drei Jahre nach dem Ende gelöscht."
)
# Read aloud in a quarter of a minute.
SPOKEN = (
    "Darf unser Verzeichnis die Angaben zeigen, die ich Ihnen gerade genannt habe: im Internet, gedruckt und bei anderen Stellen? Ihr Name steht nirgends. "
    "Sie können das jederzeit widerrufen, ein Anruf genügt. Sind Sie einverstanden?"
)
TEXTS = {TEXT_VERSION: TEXT, SPOKEN_VERSION: SPOKEN}
# As somebody outside calls them: "own site" would be theirs.
CHANNEL_WORDS = {
    **CHANNELS,
    "site": "Internetseite der Kontaktstelle",
    "feeds": "Landesportal und Schnittstellen",
}
PUBLIC_CHANNELS = tuple(channel for channel in CHANNELS if channel != "staff")
# Ways that lead to somebody's own telephone or letter box: proposed for the office's own lists only.
OF_A_PERSON = ("public_phone", "public_email")
HOLDS = frozenset({ConsentStatus.GIVEN, ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN})
How = ContactConsent.How
Scope = Mapping[str, Iterable[str]]


class NothingToAsk(StepRefused):
    """There is nothing that could be shown."""

    sentence = "Zu dieser Gruppe ist nichts eingetragen, was zu sehen sein könnte. Bitte ergänzen Sie zuerst ihre Angaben."


class NobodyThere(StepRefused):
    """The person was removed meanwhile."""

    sentence = "Diese Ansprechperson gibt es nicht mehr."


class AlreadyAsked(StepRefused):
    """An answer is still due."""

    sentence = "Diese Person ist schon gefragt. Die Antwort lässt sich dort eintragen."


class NotAsked(StepRefused):
    """Nobody asked, or it was answered."""

    sentence = "Hier ist keine Antwort mehr offen. Bitte sehen Sie nach, was zuletzt festgehalten wurde."


class NothingHolds(StepRefused):
    """There is no consent to withdraw."""

    sentence = "Hier ist nichts mehr zu widerrufen."


def proposal(group: Group) -> dict[str, list[str]]:
    """Return what a contact person would be asked about: every field with something in it, and where it is or could be seen.

    Of a protected group nothing is asked that it may never show.
    """
    found: dict[str, list[str]] = {}
    for field in OPENABLE:
        if (group.protected and field in WITHHELD) or not value_of(group, field):
            continue
        opened = [channel for channel in PUBLIC_CHANNELS if channel in group.visibility.get(field, ())]
        usual = ["site", "print"] if field in OF_A_PERSON else list(PUBLIC_CHANNELS)
        found[field] = opened or usual
    return found


def value_of(group: Group, field: str) -> str:
    """Return in words what a field would show."""
    if field == "venue":
        return (
            ", ".join(part for part in (group.venue.name, group.venue.street, group.venue.town) if part)
            if group.venue
            else ""
        )
    if field == "access":
        return _access(group)
    stored = {"meeting": "meeting_text"}.get(field, field)
    return str(getattr(group, stored) or "").strip()


@transaction.atomic
def open_question(person: ContactPerson, way: PostWay, *, by: Staff, at: datetime) -> ContactConsent:
    """Begin to ask a contact person. Whoever mails, prints or calls notes it then with `was_asked`.

    Raises:
        NothingToAsk, NobodyThere, AlreadyAsked, rights.NotAllowed: as their sentences say.
    """
    rights.check(by, Right.SEE_GROUP_CONTACT, current())
    stored = (
        ContactPerson.objects.select_for_update(of=("self",))
        .select_related("group__venue")
        .filter(pk=person.pk)
        .first()
    )
    if stored is None:
        raise NobodyThere
    asked = proposal(stored.group)
    if not asked:
        raise NothingToAsk
    row = ContactConsent(
        contact_point_id=current(), group=stored.group, person=stored, way=way, asked=asked, opened_on=timezone.localtime(at).date(),
        text_version=SPOKEN_VERSION if way == PostWay.CALL else TEXT_VERSION,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyAsked from error
    _traced(row, "group-consent.opened", by=str(by.pk), at=at)
    return row


def was_asked(row: ContactConsent, *, by: str, at: datetime) -> None:
    """Note that the mail is on its way, the letter is printed, the call was made."""
    if row.asked_on is None:
        row.asked_on = timezone.localtime(at).date()
        row.save(update_fields=["asked_on"])
        _traced(row, "group-consent.asked", by=by, at=at)


def link_path(row: ContactConsent) -> str:
    """Return the path of the page on which a person answers, and withdraws later on; it ends in a secret."""
    secret = signed_links.made(
        PURPOSE, row.pk, contact_point=row.contact_point_id, until=row.opened_on + LASTS
    )
    return f"/einwilligung/{secret}/"


@transaction.atomic
def answer(
    number: UUID, agreed: Scope, *, how: ContactConsent.How, by: Staff | None, at: datetime
) -> ContactConsent:
    """Record what a person agreed to; fields they were asked about and left out are closed at once. Said twice it is once.

    Args:
        number: of the question.
        agreed: field → channels, of those asked about; nothing at all is a refusal.
        how: by which way the answer came.
        by: who heard or read it; None for the person's own link.
        at: when.

    Raises:
        NotAsked: it was answered otherwise, or ended.
        rights.NotAllowed: not for this person.
    """
    row = _locked(number, by)
    kept = {
        field: [channel for channel in channels if channel in set(agreed.get(field, ()))]
        for field, channels in row.asked.items()
    }
    kept = {field: channels for field, channels in kept.items() if channels}
    to = ConsentStatus.GIVEN if kept else ConsentStatus.REFUSED
    if row.status == to and row.agreed == kept and not row.withdrawn:
        return row
    if row.status != ConsentStatus.ASKED:
        raise NotAsked
    check_consent_step(ConsentStatus.ASKED, to)
    actor, today = str(by.pk) if by else ACTOR, timezone.localtime(at).date()
    earlier = ContactConsent.objects.filter(person=row.person, status__in=HOLDS).exclude(pk=row.pk)
    for each in earlier:
        check_consent_step(ConsentStatus(each.status), ConsentStatus.REPLACED)
        each.status, each.ended_on = ConsentStatus.REPLACED, today
        each.save()
    row.status, row.agreed, row.how, row.recorded_by, row.answered_at = to, kept, how, actor, at
    row.asked_on = row.asked_on or today
    if how == How.PHONE:
        row.text_version = SPOKEN_VERSION
    row.ended_on = None if kept else today
    row.save()
    if row.person is not None:
        row.person.consent = ContactPerson.Consent.PUBLIC if kept else ContactPerson.Consent.INTERNAL
        row.person.save()
    outbox.withdraw(about=row.pk, by=actor, at=at)
    # Fields nobody asked about, for nothing stood in them, close as well: filled later they would be seen unasked.
    _show(row.group, {field: kept.get(field, []) for field in OPENABLE}, by=actor, at=at)
    _traced(row, f"group-consent.{to}", by=actor, at=at, fields=sorted(kept))
    return row


@transaction.atomic
def withdraw(number: UUID, fields: Iterable[str] = (), *, by: Staff | None, at: datetime) -> ContactConsent:
    """Widerruf: at any time, without a reason. The field is closed everywhere in this step; without `fields` all of them are.

    Raises:
        NothingHolds: nothing of it holds any more.
        rights.NotAllowed: not for this person.
    """
    row = _locked(number, by)
    wanted = set(fields) or set(row.agreed)
    going = [field for field in holds(row) if field in wanted]
    if row.status != ConsentStatus.GIVEN:
        raise NothingHolds
    if not going:
        return row  # sent twice
    actor, today = str(by.pk) if by else ACTOR, timezone.localtime(at).date()
    row.withdrawn |= dict.fromkeys(going, at.isoformat())
    if not holds(row):
        check_consent_step(ConsentStatus.GIVEN, ConsentStatus.WITHDRAWN)
        row.status, row.ended_on = ConsentStatus.WITHDRAWN, today
        if row.person is not None:
            row.person.consent = ContactPerson.Consent.INTERNAL
            row.person.save()
    row.save()
    _show(row.group, {field: [] for field in going}, by=actor, at=at)
    _traced(row, "group-consent.withdrawn", by=actor, at=at, fields=going)
    return row


@transaction.atomic
def end_question(number: UUID, *, by: Staff, at: datetime) -> None:
    """Ask no more: the person stays as internal as before."""
    row = _locked(number, by)
    if row.status == ConsentStatus.ENDED:
        return
    if row.status != ConsentStatus.ASKED:
        raise NotAsked
    row.status, row.ended_on = ConsentStatus.ENDED, timezone.localtime(at).date()
    row.save()
    outbox.withdraw(about=row.pk, by=str(by.pk), at=at)
    _traced(row, "group-consent.ended", by=str(by.pk), at=at)


def holds(row: ContactConsent) -> dict[str, list[str]]:
    """Return what still holds of a consent: agreed to and not withdrawn."""
    if row.status != ConsentStatus.GIVEN:
        return {}
    return {field: list(channels) for field, channels in row.agreed.items() if field not in row.withdrawn}


def of_group(group: Group) -> list[ContactConsent]:
    """Return what was asked and answered about a group, latest first."""
    return list(
        ContactConsent.objects.filter(group=group)
        .select_related("person")
        .order_by("-opened_on", "-answered_at", "pk")
    )


def by_number(number: UUID) -> ContactConsent | None:
    """Return a consent of the office being acted for, or None."""
    found: ContactConsent | None = (
        ContactConsent.objects.select_related("group__venue", "person").filter(pk=number).first()
    )
    return found


def reference(row: ContactConsent) -> str:
    """Return the short sign on a paper form by which it is found again when it comes back."""
    return f"E-{row.pk.hex[:4].upper()}-{row.pk.hex[4:8].upper()}"


def by_reference(typed: str) -> ContactConsent | None:
    """Return the consent a paper form belongs to, or None."""
    letters = "".join(sign for sign in typed.lower() if sign.isalnum()).removeprefix("e")
    if len(letters) == 7:  # its own "E" is the sign's first letter, not the mark before it  # noqa: PLR2004
        letters = f"e{letters}"
    found = [row for row in ContactConsent.objects.all() if row.pk.hex.startswith(letters[:8])]
    return found[0] if len(letters) >= 8 and len(found) == 1 else None  # noqa: PLR2004 - as long as `reference`


def _show(group: Group, wanted: Mapping[str, list[str]], *, by: str, at: datetime) -> None:
    """Open and close fields as it was said. It is no change to take back: what somebody closed stays closed."""
    stored = Group.objects.select_for_update().get(pk=group.pk)
    opened = {field: list(channels) for field, channels in stored.visibility.items()}
    for field, channels in wanted.items():
        others = [channel for channel in opened.get(field, ()) if channel not in PUBLIC_CHANNELS]
        opened[field] = [*channels, *others]
        if not opened[field]:
            del opened[field]
    if opened != stored.visibility:
        listing.change(stored, {"visibility": opened}, by=by, at=at)
        history.forget(stored)


def _locked(number: UUID, by: Staff | None) -> ContactConsent:
    if by is not None:
        rights.check(by, Right.SEE_GROUP_CONTACT, current())
    row: ContactConsent | None = (
        ContactConsent.objects.select_for_update(of=("self",))
        .select_related("group", "person")
        .filter(pk=number)
        .first()
    )
    if row is None:
        raise NotAsked
    return row


def _access(group: Group) -> str:
    known = {
        "Induktionsanlage": group.induction_loop, "Gebärdensprache": group.sign_language, "Leichte Sprache": group.easy_language,
        "stufenlos": group.step_free == "yes" or (group.step_free == "unknown" and group.venue is not None and group.venue.step_free == "yes"),
    }  # fmt: skip
    said = [words for words, holds_true in known.items() if holds_true]
    return ", ".join([*said, *([group.venue.access_note] if group.venue and group.venue.access_note else [])])


def _traced(row: ContactConsent, action: str, *, by: str, at: datetime, fields: Iterable[str] = ()) -> None:
    trail.record(
        by, action, object_type="groups.contactconsent", object_id=row.pk, at=at, contact_point=row.contact_point_id, fields=fields
    )  # fmt: skip
