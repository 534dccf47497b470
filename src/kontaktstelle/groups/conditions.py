"""Teilnahmevoraussetzungen: what a group asks before one comes, as structure, worded kindly in public.

Set once per topic field and office (`ConditionDefault`) and overridden by a group: a group's own value, also
"no", counts before the field's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: how staff call it, and how it is said to somebody who wants to come."""

    key: str
    label: str
    sentence: str | Promise
    short: str | Promise


CONDITIONS: dict[str, Condition] = {
    condition.key: condition
    for condition in (
        Condition(
            "call_first",
            "vorher anrufen",
            _("Bitte rufen Sie vorher an. Dann wissen beide Seiten, was sie erwartet."),
            _("bitte vorher anrufen"),
        ),
        Condition(
            "first_talk",
            "Vorgespräch",
            _("Vor dem ersten Treffen führt die Gruppe mit Ihnen ein kurzes Gespräch."),
            _("Vorgespräch nötig"),
        ),
        Condition(
            "registration",
            "Anmeldung",
            _("Bitte melden Sie sich vor dem ersten Treffen an."),
            _("bitte anmelden"),
        ),
        Condition(
            "only_via_office",
            "nur über die Kontaktstelle",
            _("Den Kontakt stellt die Kontaktstelle her."),
            _("über die Kontaktstelle"),
        ),
        Condition(
            "diagnosis",
            "Diagnose liegt vor",
            _("Die Gruppe ist für Menschen, bei denen eine Ärztin oder ein Arzt die Diagnose gestellt hat."),
            _("Diagnose liegt vor"),
        ),
        Condition(
            "first_therapy",
            "erste Behandlung begonnen",
            _(
                "Sie sollten schon eine Behandlung begonnen haben oder gehabt haben. Die Gruppe ersetzt keine Therapie."
            ),
            _("erste Behandlung begonnen"),
        ),
        Condition(
            "stability",
            "Stabilität",
            _(
                "In einer akuten Krise ist die Gruppe noch nicht der richtige Ort. Die Kontaktstelle hilft Ihnen weiter."
            ),
            _("nicht in einer akuten Krise"),
        ),
        Condition(
            "abstinence",
            "nüchtern zum Treffen",
            _("Bitte kommen Sie nüchtern zum Treffen."),
            _("nüchtern kommen"),
        ),
        Condition(
            "regular",
            "regelmäßige Teilnahme",
            _("Die Gruppe wünscht sich, dass Sie regelmäßig kommen."),
            _("regelmäßige Teilnahme"),
        ),
        Condition(
            "costs",
            "kleiner Kostenbeitrag",
            _("Die Gruppe bittet um einen kleinen Beitrag zu den Kosten."),
            _("kleiner Beitrag"),
        ),
    )
}


def effective(field_defaults: Iterable[Mapping[str, bool]], own: Mapping[str, bool]) -> list[str]:
    """Return the keys of the conditions that hold, in the order of `CONDITIONS`.

    Args:
        field_defaults: what the office set for each topic field of the group; any "yes" counts.
        own: the group's own answers, which count before all defaults.
    """
    asked: dict[str, bool] = {}
    for default in field_defaults:
        for key, wanted in default.items():
            asked[key] = asked.get(key, False) or wanted
    asked.update(own)
    return [key for key in CONDITIONS if asked.get(key)]
