"""Löschfristen of this app, in one table: what is kept how long, from when, within which bounds, and why.

The register of the installation reads `RULES`; `erasure` acts by it. An office may set its own within the bounds.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import TenantNotSet, current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from .models import OfficePeriod


@dataclass(frozen=True, slots=True)
class Rule:
    """One period: `days` counted from `since`; an office may set it between `at_least` and `at_most`."""

    key: str
    model: str
    what: str
    since: str
    days: int
    at_least: int
    at_most: int
    then: str
    ground: str


RULES: dict[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule(
            "contact", "Contact", "Notiz, Tag und Wohnort eines Kontakts", "Erfassung", 30, 0, 90,
            "entpersönlicht: Monat, Stelle, Weg, Wer, Anliegen, Themen, Kreis und Ergebnis bleiben als Zahl", "Art. 5 (1) c DSGVO",
        ),
        Rule(
            "enquiry", "Enquiry", "Person, Erreichbarkeit und Notizen einer Anfrage", "Abschluss oder letztes Ereignis", 90, 0, 180,
            "entpersönlicht, mit ihren Kontakten und Vermittlungen", "Art. 5 (1) e, 17 (1) a DSGVO",
        ),
        Rule("call-back", "CallBack", "Rückruf, Termin", "Erledigung", 30, 0, 30, "gelöscht", "Art. 5 (1) e DSGVO"),
        Rule("dispatch", "CallBack", "Anschrift zum Zusenden", "Versand", 1, 0, 1, "gelöscht", "Art. 5 (1) e DSGVO"),
        Rule(
            "consent", "Consent", "Nachweis einer Einwilligung", "Ende der Verarbeitung", 3 * 365, 365, 4 * 365,
            "gelöscht zum Ende des Jahres", "Art. 7 (1), 5 (2) DSGVO; §§ 195, 199 BGB",
        ),
        Rule("hand-over", "HandOverNote", "Übergabenotiz", "Eintrag", 30, 7, 60, "gelöscht", "Art. 5 (1) c DSGVO"),
        Rule("absence", "Absence", "Abwesenheit", "ihr letzter Tag", 30, 0, 90, "gelöscht", "Art. 5 (1) c DSGVO"),
        Rule("form", "PostedForm", "Schlüssel eines abgesandten Formulars", "Absenden", 2, 1, 7, "gelöscht", "Art. 32 DSGVO"),
    )
}  # fmt: skip
# Rows that keep nothing of a person, or go with the row they hang on.
GOES_WITH: dict[str, str] = {
    "Referral": "mit seiner Anfrage entpersönlicht; bleibt als Zahl",
    "Clearing": "mit seiner Anfrage entpersönlicht; bleibt als Zahl",
    "Note": "mit ihrer Anfrage gelöscht",
    "MonthlyCount": "Zahl ohne Person, bleibt",
    "CodeSwitch": "Einstellung, bleibt",
    "OfficePeriod": "Einstellung, bleibt",
    "Arrangement": "mit der Gruppe",
}


# How long the key of a form is kept serves the machine, not a person: nothing to decide for an office.
NOT_TO_SET = frozenset({"form"})


class PeriodOutOfBounds(StepRefused):
    """Longer than there is ground for, or shorter than the proof needs."""

    sentence = "Diese Frist ist nicht möglich."


class TakesMore(StepRefused):
    """The shorter period takes rows tonight that would have stayed; somebody says yes to that first."""

    sentence = "Damit wird heute Nacht mehr gelöscht. Das lässt sich nicht zurücknehmen."


def period(key: str) -> int:
    """Return a period in days: the one the contact point being acted for has set, else the programme's."""
    rule = RULES[key]
    try:
        row = OfficePeriod.objects.filter(key=key).first()
    except TenantNotSet:
        row = None
    # A newer programme may know narrower bounds than when the office set it.
    return min(max(int(row.days), rule.at_least), rule.at_most) if row else rule.days


@transaction.atomic
def set_period(key: str, days: int | None, *, sure: bool, by: Staff, at: datetime) -> int:
    """Set how long something is kept.

    Args:
        key: of `RULES`.
        days: within its bounds; None for the programme's period.
        sure: somebody has seen what goes tonight, and said yes.
        by: who.
        at: when.

    Returns:
        The period before, in days.

    Raises:
        rights.NotAllowed: not the Leitung.
        PeriodOutOfBounds: the sentence names the bounds.
        TakesMore: more goes tonight than before, and nobody said yes yet.
    """
    rights.check(by, Right.RETENTION, current())
    rule = RULES.get(key)
    if rule is None or key in NOT_TO_SET:
        raise PeriodOutOfBounds
    if days is not None and not rule.at_least <= days <= rule.at_most:
        raise PeriodOutOfBounds(
            f"„{rule.what}“: Möglich sind {rule.at_least} bis {rule.at_most} Tage ({rule.ground})."
        )
    before, taken = period(key), _taken_tonight(at)
    if days is None:
        OfficePeriod.objects.filter(key=key).delete()
    else:
        OfficePeriod.objects.update_or_create(
            contact_point_id=current(), key=key, defaults={"days": days, "set_at": at}
        )
    more = _taken_tonight(at) - taken
    if more > 0 and not sure:
        raise TakesMore(
            f"Damit {'verliert' if more == 1 else 'verlieren'} heute Nacht {more} {'Eintrag' if more == 1 else 'Einträge'} mehr Person und Text. Das lässt sich nicht zurücknehmen."
        )
    if period(key) != before:
        trail.record(
            str(by.pk),
            "period.set",
            object_type="enquiries.officeperiod",
            object_id=key,
            at=at,
            contact_point=current(),
            fields=[key],
        )
    return before


def _taken_tonight(at: datetime) -> int:
    from .erasure import upcoming  # the work of the night reads its periods here

    night = upcoming(at=at)
    return len(night.enquiries) + len(night.call_backs) + night.contacts
