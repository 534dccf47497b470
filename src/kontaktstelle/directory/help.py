"""Help lines as pages show them: an adapter over the register in `network`.

Never one line alone: a caller may meet an engaged tone. Whatever the register says or forgets, the numbers that hold
for the whole country are there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A line to call: when, in which languages, what it costs, and when somebody last checked that it answers."""

    name: str
    numbers: tuple[str, ...]
    operator: str
    hours: str
    languages: str
    free_of_charge: bool
    note: str
    checked_on: str
    emergency: bool = False


# What `topics.danger` calls a danger, and the numbers that hold everywhere for it, most urgent first.
_EVERYWHERE: dict[str, tuple[str, ...]] = {
    "suicide": ("seelsorge", "112"),
    "other-suicide": ("112", "seelsorge"),
    "violence": ("110", "violence"),
    "child": ("110", "kummer"),
    "medical": ("112", "116117"),
    "withdrawal": ("112", "116117"),
    "need": ("116117", "seelsorge"),
    "": ("seelsorge", "112", "110", "116117", "violence", "kummer"),
}


def lines_for(kinds: Sequence[str]) -> list[HelpLine]:
    """Return the lines for these kinds of danger or need, most urgent first; all of them for none.

    Args:
        kinds: kinds as `topics.danger` names them, or "need".
    """
    everywhere = _lines_everywhere()
    keys = dict.fromkeys(key for kind in (kinds or [""]) for key in _EVERYWHERE.get(kind, _EVERYWHERE[""]))
    return [everywhere[key] for key in keys]


def _lines_everywhere() -> dict[str, HelpLine]:
    always = _("rund um die Uhr")
    return {
        "112": HelpLine(_("Notruf: Rettungsdienst und Feuerwehr"), ("112",), "", always, "", free_of_charge=True, note=_("Wenn ein Leben in Gefahr ist."), checked_on="", emergency=True),
        "110": HelpLine(_("Polizei"), ("110",), "", always, "", free_of_charge=True, note=_("Wenn jemand Sie oder andere bedroht."), checked_on="", emergency=True),
        "116117": HelpLine(_("Ärztlicher Bereitschaftsdienst"), ("116 117",), "", always, "", free_of_charge=True, note=_("Wenn Sie schnell ärztlichen Rat brauchen, aber kein Leben in Gefahr ist. Hier bekommen Sie auch Termine für eine psychotherapeutische Sprechstunde."), checked_on=""),
        "seelsorge": HelpLine(_("TelefonSeelsorge"), ("0800 1110111", "0800 1110222"), "", always, "", free_of_charge=True, note=_("Ist gerade besetzt? Bitte versuchen Sie es wieder oder wählen Sie die zweite Nummer."), checked_on=""),
        "violence": HelpLine(_("Hilfetelefon Gewalt gegen Frauen"), ("116 016",), "", always, _("18 Sprachen, auch Gebärdensprache"), free_of_charge=True, note=_("Auch für Menschen, die einer Frau helfen wollen."), checked_on=""),
        "kummer": HelpLine(_("Nummer gegen Kummer für Kinder und Jugendliche"), ("116 111",), "", _("Montag bis Samstag, 14 bis 20 Uhr"), "", free_of_charge=True, note="", checked_on=""),
    }
