"""Abschied: a group ends, with a reason; what of it goes and what stays is said before, and its old address leads on for a year.

The step itself erases nothing. For a week it can be undone; then the night takes the people (`groups.retention`), and what
stays is history without persons: name, topics, Kreis, founded, dissolved, reason. A group that only sleeps pauses instead.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kontaktstelle import places
from kontaktstelle.groups import history, listing
from kontaktstelle.groups.lifecycle import Stage, check_step
from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.groups.public import as_the_site_would_show
from kontaktstelle.groups.signals import group_dissolved
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

from .models import Farewell

Reason = Farewell.Reason
UNDO_DAYS = 7
FORWARDS_FOR = timedelta(days=365)
LONGEST_WORDS = 1000


class ReasonMissing(StepRefused):
    """A reason is a word of the list."""

    sentence = "Bitte wählen Sie, warum die Gruppe aufhört; „nicht gesagt“ ist auch eine Antwort."


class DayUnfit(StepRefused):
    """A group ends on a day that has come."""

    sentence = (
        "Der Tag der Auflösung liegt in der Zukunft. Bis dahin können Sie einen Aufnahmestopp eintragen."
    )


class NothingToUndo(StepRefused):
    """The group did not end here, or its people are erased already."""

    sentence = "Das lässt sich nicht mehr zurücknehmen: Die Ansprechpersonen sind schon gelöscht. Bitte legen Sie die Gruppe neu an."


@dataclass(frozen=True, slots=True)
class Preview:
    """What a farewell would do, in plain words and counts."""

    goes: tuple[str, ...]
    stays: tuple[tuple[str, str], ...]
    erased_after: date
    forwards_until: date | None


@dataclass(frozen=True, slots=True)
class Past:
    """A group whose entry was public and is no more; nothing of its people. `lat`/`lon` as they were public."""

    name: str
    topics: list[str]
    lat: float | None
    lon: float | None
    is_protected: bool


def preview(group: Group, *, on: date) -> Preview:
    """Return what goes and what stays if the group takes its leave today."""
    people = ContactPerson.objects.filter(group=group).count()
    goes = [
        (people > 0, "eine Ansprechperson mit allen Wegen zu ihr" if people == 1 else f"{people} Ansprechpersonen mit allen Wegen zu ihnen"),
        (bool(group.public_phone or group.public_email), "Telefon und E-Mail der Gruppe"),
        (bool(group.website or group.online_note), "Internetseite und Hinweis zum Online-Treffen"),
        (group.note_sealed is not None, "die Bemerkung der Kontaktstelle"),
        (bool(group.description), "die Beschreibung"),
        (bool(group.meeting_text or group.venue_id or group.town), "Treffen, Treffpunkt und Ort"),
        (group.members is not None or group.attending is not None, "wie viele dazugehörten"),
        (True, "was vor der letzten Änderung dastand"),
    ]  # fmt: skip
    topics = ", ".join(tree.label(topic) for topic in group.topics if topic in tree.TOPICS)
    stays = (
        ("Name", group.name), ("Themen", topics or "keines"), ("Kreis", places.kreis_name(group.kreis_key) if group.kreis_key else "unbekannt"),
        ("gegründet", group.founded or "unbekannt"), ("aufgelöst", f"{on:%d.%m.%Y}"), ("Grund", "wie Sie ihn wählen"),
    )  # fmt: skip
    return Preview(
        tuple(words for holds, words in goes if holds), stays, on + timedelta(days=UNDO_DAYS),
        on + FORWARDS_FOR if group.listed else None,
    )  # fmt: skip


@transaction.atomic
def dissolve(
    group: Group, reason: str, *, words: str = "", on: date, by: Staff, at: datetime, seen: datetime | None
) -> Farewell:
    """End a group: it leaves the directory at once, open referrals are told, its old address leads on. Said twice it is once.

    Args:
        group: of the office being acted for.
        reason: one of `Farewell.Reason`.
        words: more about it, sealed; they go with the people.
        on: the day it ended, today or before.
        by: who enters it.
        at: when.
        seen: the group's `changed_at` as the page showed it.

    Raises:
        ReasonMissing, DayUnfit: as their sentences say.
        lifecycle.WrongStage, listing.GroupChangedMeanwhile, rights.NotAllowed: as theirs.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    known = of(group)
    if known is not None:
        return known
    if reason not in set(Reason) or len(words) > LONGEST_WORDS:
        raise ReasonMissing
    if on > timezone.localtime(at).date():
        raise DayUnfit
    stored = (
        Group.objects.select_for_update(of=("self",))
        .select_related("venue", "contact_point")
        .get(pk=group.pk)
    )
    check_step(Stage(stored.stage), Stage.DISSOLVED)
    row = Farewell(
        contact_point_id=current(), group=stored, reason=reason, said_at=at, by=str(by.pk),
        before={
            "stage": stored.stage, "stage_before_pause": stored.stage_before_pause, "paused_by_venue": stored.paused_by_venue,
            "intake_stop_until": stored.intake_stop_until.isoformat() if stored.intake_stop_until else None,
        },
    )  # fmt: skip
    if words.strip():
        row.words = words.strip()
    if stored.listed:
        # Only what everybody could see: of a protected group the Kreis.
        shown = as_the_site_would_show(stored, on=on)
        row.slug, row.topics, row.lat, row.lon = stored.slug, shown.topics, shown.lat, shown.lon
        row.forwards_until = timezone.localtime(at).date() + FORWARDS_FOR
    listing.move(stored, Stage.DISSOLVED, by=str(by.pk), at=at, seen=seen)
    if stored.dissolved_on != on:
        Group.objects.filter(pk=stored.pk).update(dissolved_on=on)
    # Taken back it is by `undo` alone, which puts the farewell away, too.
    history.forget(stored)
    row.save(force_insert=True)
    _traced(row, "farewell.said", by, at)
    group_dissolved.send(sender=Group, group=stored, by=by, at=at)
    return row


@transaction.atomic
def undo(group: Group, *, by: Staff, at: datetime) -> Group:
    """Take a farewell back, as long as nothing is erased: the group stands where it stood. Ended referrals stay ended.

    Raises:
        NothingToUndo: it did not end here, or the night has taken its people.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    stored = Group.objects.select_for_update().get(pk=group.pk)
    row = of(stored)
    if row is None and stored.stage != Stage.DISSOLVED:
        return stored  # type: ignore[no-any-return]  # sent twice
    if row is None or row.erased_on is not None:
        raise NothingToUndo
    before = dict(row.before)
    until = before.pop("intake_stop_until")
    listing.revive(
        stored,
        {**before, "intake_stop_until": date.fromisoformat(until) if until else None},
        by=str(by.pk),
        at=at,
    )
    _traced(row, "farewell.undone", by, at)
    row.delete()
    return stored  # type: ignore[no-any-return]


def of(group: Group) -> Farewell | None:
    """Return a group's farewell, or None."""
    found: Farewell | None = Farewell.objects.filter(group=group).first()
    return found


def past(slug: str, *, on: date) -> Past | None:
    """Return the group that stood at an address of the directory within the last year and ended, or None.

    Who follows an old link acts for no office: what is returned was public.
    """
    row = (
        Farewell.objects.everywhere()
        .select_related("group")
        .filter(slug=slug, forwards_until__gte=on)
        .exclude(slug="")
        .first()
    )
    if row is None:
        return None
    return Past(row.group.name, list(row.topics), row.lat, row.lon, row.group.protected)


def _traced(row: Farewell, action: str, by: Staff, at: datetime) -> None:
    trail.record(
        str(by.pk), action, object_type="groups.farewell", object_id=row.pk, at=at, contact_point=row.contact_point_id
    )  # fmt: skip
