"""Aufnahmekriterien: what an office asks of a group, in its own plain sentences, in versions; decided by who leads.

The programme's draft gathers what offices ask: it claims no right to be listed, and no judgement of a group's worth.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from .models import EntryCriteria

MOST_LINES = 20
LONGEST_LINE = 200
DRAFT = (
    "Die Menschen der Gruppe teilen ein Thema oder eine Lage und helfen sich gegenseitig: als Betroffene oder als Angehörige.",
    "Niemand leitet die Gruppe beruflich. Fachleute kommen höchstens zu Gast.",
    "Die Gruppe trifft sich regelmäßig, mindestens viermal im Jahr.",
    "Zur Gruppe gehören mindestens sechs Menschen, oder sie ist in Gründung oder hat ein seltenes Thema.",
    "Neue Menschen können dazukommen.",
    "Die Teilnahme kostet nichts außer einem Beitrag zu Raum und Auslagen. Niemand verkauft etwas oder wirbt für Angebote.",
    "Niemand verspricht Heilung oder rät von Behandlungen ab.",
    "Die Gruppe wirbt für keine Partei, Weltanschauung oder Glaubensrichtung.",
    "Was in der Gruppe gesagt wird, bleibt in der Gruppe.",
    "Die Kontaktstelle kann jemanden aus der Gruppe erreichen. Bei anonymen Gemeinschaften genügt ein gemeinsamer Kontakt.",
)


class LinesUnfit(StepRefused):
    """The list cannot be used as it is."""

    sentence = "Bitte schreiben Sie mindestens ein Kriterium, je Zeile eines."


class CriteriaChangedMeanwhile(StepRefused):
    """Another version was written since the page was opened."""

    sentence = "Die Kriterien hat inzwischen jemand anderes geändert. Ihre Eingabe ist noch da; bitte vergleichen Sie."


@dataclass(frozen=True, slots=True)
class Standing:
    """The criteria that hold now; number 0 is the programme's draft."""

    number: int
    lines: tuple[str, ...]
    decided_on: date | None


def standing() -> Standing:
    """Return the criteria of the office being acted for."""
    newest: EntryCriteria | None = EntryCriteria.objects.order_by("-number").first()
    if newest is None:
        return Standing(0, DRAFT, None)
    return Standing(newest.number, tuple(newest.lines), newest.decided_on)


def versions() -> list[EntryCriteria]:
    """Return every version an office decided on, newest first."""
    return list(EntryCriteria.objects.order_by("-number"))


@transaction.atomic
def decide(lines: Iterable[str], *, decided_on: date | None, seen: int, by: Staff, at: datetime) -> Standing:
    """Let a list of criteria hold from now on, as the next version; the one that holds already is written once.

    Args:
        lines: a sentence each; empty ones are left out.
        decided_on: the day of the decision; None for today.
        seen: the number of the version the page showed.
        by: who leads.
        at: when.

    Raises:
        rights.NotAllowed: not the Leitung.
        LinesUnfit, CriteriaChangedMeanwhile: as their sentences say.
    """
    rights.check(by, Right.DECIDE, current())
    kept = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
    today = timezone.localtime(at).date()
    if not kept:
        raise LinesUnfit
    if len(kept) > MOST_LINES or any(len(line) > LONGEST_LINE for line in kept):
        raise LinesUnfit(
            f"Höchstens {MOST_LINES} Kriterien mit je höchstens {LONGEST_LINE} Zeichen haben Platz."
        )
    if decided_on is not None and decided_on > today:
        raise LinesUnfit("Der Tag des Beschlusses liegt in der Zukunft.")
    now = standing()
    if now.number and now.lines == kept:
        return now  # sent twice
    if seen != now.number:
        raise CriteriaChangedMeanwhile
    row = EntryCriteria(
        contact_point_id=current(), number=now.number + 1, lines=list(kept), decided_on=decided_on or today, written_at=at, written_by=str(by.pk)
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # two at the same moment
        raise CriteriaChangedMeanwhile from error
    trail.record(
        str(by.pk), "criteria.decided", object_type="groups.entrycriteria", object_id=row.pk, at=at, contact_point=current()
    )  # fmt: skip
    return Standing(row.number, kept, row.decided_on)
