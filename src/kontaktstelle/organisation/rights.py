"""Who may do what: one table from right to roles, one question (`may`), one refusal (`check`).

A right is held at a contact point, through a post there. Nobody holds all rights: who leads and does not counsel
reads no notes, who runs the server sees no content, who watches over data protection sees the trail and nothing else.
`docs/reference/access.md` shows which page asks for which right.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from kontaktstelle.refusal import StepRefused

from .models import ContactPoint, Post, Staff

Role = Post.Role


class NotAllowed(StepRefused):
    """The person holds no post with this right at this contact point."""

    sentence = "Dazu fehlt Ihnen hier das Recht. Die Leitung Ihrer Kontaktstelle kann es Ihnen geben."


class Right(models.TextChoices):
    """What can be allowed; the words say it to people."""

    AT_THE_DESK = "at-the-desk", "den Schreibtisch benutzen"
    LOG_CONTACT = "log-contact", "Kontakte erfassen, Rückrufe anlegen, Material senden"
    SEE_ENQUIRY = "see-enquiry", "sehen, welche Anfragen offen und fällig sind"
    SEE_NOTE = "see-note", "Notizen und Nachrichten lesen und beantworten"
    HAND_OVER = "hand-over", "Anfragen übergeben und vertreten"
    REFER = "refer", "vermitteln und weitervermitteln"
    FOUND = "found", "Gründungen begleiten"
    SEE_INTERESTED = "see-interested", "sehen, wer auf einer Interessiertenliste steht"
    SUPPORT = "support", "Gruppen begleiten, ihr Begleitbuch und die Zeichen lesen"
    SUBJECT_RIGHTS = "subject-rights", "Auskunft, Berichtigung und Löschung für eine Person"
    EDIT_GROUP = "edit-group", "Gruppen und Treffpunkte bearbeiten"
    SEE_GROUP_CONTACT = "see-group-contact", "private Kontakte von Gruppen sehen"
    RELEASE_PROTECTED = "release-protected", "geschützte Kontakte freigeben"
    PUBLISH_GROUP = "publish-group", "Gruppen veröffentlichen"
    FUNDING = "funding", "Gruppen bei Förderanträgen begleiten, eigene Anträge führen"
    EDIT_OFFICE = "edit-office", "Sprechzeiten, Schließzeiten und Texte der Stelle ändern"
    KEEP_REGISTER = "keep-register", "Hilfetelefone, Dienste und eigene Wörter prüfen und ergänzen"
    DECIDE = "decide", "Schritte in einer Krise, Einwilligungstexte und den Kontaktbogen beschließen"
    MANAGE_STAFF = "manage-staff", "Mitarbeitende einladen und Rollen vergeben"
    LOCK_STAFF = "lock-staff", "Zugänge sperren"
    SETTINGS = "settings", "Einstellungen ändern"
    RETENTION = "retention", "Löschfristen ändern"
    SEE_TRAIL = "see-trail", "das Zugriffsprotokoll öffnen"
    CONFIRM_TRAIL = "confirm-trail", "bestätigen, dass das Zugriffsprotokoll geöffnet wird"
    EXPORT_PERSONS = "export-persons", "Daten mit Personen ausgeben"
    READ_PAPERS = "read-papers", "die Mappe für IT, Datenschutz und Personalrat öffnen"
    STATISTICS = "statistics", "Zahlen und Berichte sehen"


_ALL = frozenset(Role)
TABLE: dict[Right, frozenset[Role]] = {
    Right.AT_THE_DESK: _ALL,
    Right.LOG_CONTACT: frozenset({Role.RECEPTION, Role.COUNSELS, Role.LEADS}),
    Right.SEE_ENQUIRY: frozenset({Role.COUNSELS, Role.LEADS}),
    Right.SEE_NOTE: frozenset({Role.COUNSELS}),
    Right.HAND_OVER: frozenset({Role.COUNSELS, Role.LEADS}),
    Right.REFER: frozenset({Role.COUNSELS}),
    Right.FOUND: frozenset({Role.COUNSELS, Role.LEADS}),
    # For a rare illness the list names people: who leads and does not counsel sees how many they are.
    Right.SEE_INTERESTED: frozenset({Role.COUNSELS}),
    # What a group said in a conflict is for those who counsel; who leads sees how often, never what.
    Right.SUPPORT: frozenset({Role.COUNSELS}),
    Right.SUBJECT_RIGHTS: frozenset({Role.COUNSELS, Role.LEADS}),
    Right.EDIT_GROUP: frozenset({Role.COUNSELS, Role.LEADS, Role.UPKEEP}),
    Right.SEE_GROUP_CONTACT: frozenset({Role.COUNSELS, Role.LEADS, Role.UPKEEP}),
    Right.RELEASE_PROTECTED: frozenset({Role.LEADS}),
    Right.PUBLISH_GROUP: frozenset({Role.COUNSELS, Role.LEADS, Role.UPKEEP}),
    Right.FUNDING: frozenset({Role.COUNSELS, Role.LEADS}),
    Right.EDIT_OFFICE: frozenset({Role.LEADS, Role.UPKEEP}),
    Right.KEEP_REGISTER: frozenset({Role.COUNSELS, Role.LEADS, Role.UPKEEP}),
    Right.DECIDE: frozenset({Role.LEADS}),
    Right.MANAGE_STAFF: frozenset({Role.LEADS}),
    Right.LOCK_STAFF: frozenset({Role.LEADS, Role.OPERATOR}),
    Right.SETTINGS: frozenset({Role.LEADS, Role.OPERATOR}),
    Right.RETENTION: frozenset({Role.LEADS}),
    Right.SEE_TRAIL: frozenset({Role.DPO}),
    # The second pair of eyes, which opens nothing itself.
    Right.CONFIRM_TRAIL: frozenset({Role.LEADS, Role.DPO}),
    Right.EXPORT_PERSONS: frozenset({Role.LEADS}),
    Right.READ_PAPERS: frozenset({Role.LEADS, Role.DPO, Role.OPERATOR}),
    Right.STATISTICS: frozenset({Role.COUNSELS, Role.LEADS}),
}
# Whoever holds one of these signs in with a second factor. Only the directory may be kept without one.
SHOWS_PEOPLE = frozenset({
    Right.LOG_CONTACT, Right.SEE_ENQUIRY, Right.SEE_NOTE, Right.REFER, Right.SEE_INTERESTED, Right.SUPPORT, Right.SUBJECT_RIGHTS, Right.MANAGE_STAFF, Right.LOCK_STAFF,
    Right.SEE_TRAIL, Right.EXPORT_PERSONS, Right.SETTINGS,
})  # fmt: skip
# These roles use the right only for a reason they write down, which the trail keeps.
FOR_A_REASON: dict[Right, frozenset[Role]] = {
    Right.SEE_GROUP_CONTACT: frozenset({Role.UPKEEP}),
    Right.SEE_TRAIL: _ALL,
    Right.EXPORT_PERSONS: _ALL,
}


def roles_of(staff: Staff, contact_point: ContactPoint | int) -> frozenset[Role]:
    """Return the roles somebody holds at a contact point; none if their account is locked. Asks the database each time."""
    if not staff.is_active:
        return frozenset()
    held = Post.objects.filter(staff=staff, contact_point=contact_point, staff__is_active=True)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def may(staff: Staff, right: Right, contact_point: ContactPoint | int) -> bool:
    """Say whether somebody holds a right at a contact point, now."""
    return bool(TABLE[right] & roles_of(staff, contact_point))


def check(staff: Staff, right: Right, contact_point: ContactPoint | int) -> None:
    """Refuse whoever does not hold the right.

    Raises:
        NotAllowed: they do not.
    """
    if not may(staff, right, contact_point):
        raise NotAllowed


def has_held(staff: Staff, right: Right, contact_point: ContactPoint | int, *, since: datetime) -> bool:
    """Say whether somebody holds a right at a contact point and held it at a moment already."""
    roles = TABLE[right] & roles_of(staff, contact_point)
    return Post.objects.filter(
        staff=staff, contact_point=contact_point, role__in=roles, given_at__lte=since
    ).exists()


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """Return every right that comes with these roles."""
    held = frozenset(roles)
    return frozenset(right for right, enough in TABLE.items() if enough & held)


def wants_reason(roles: Iterable[Role], right: Right) -> bool:
    """Say whether somebody with these roles uses the right only for a written reason."""
    able = TABLE[right] & frozenset(roles)
    return bool(able) and able <= FOR_A_REASON.get(right, frozenset())


def needs_second_factor(staff: Staff) -> bool:
    """Say whether somebody holds, anywhere, a right that is never used with a password alone."""
    roles = Post.objects.filter(staff=staff).values_list("role", flat=True)
    return bool(rights_of(Role(role) for role in roles) & SHOWS_PEOPLE)
