"""Need for treatment: a calm answer above the groups. Where to turn, and what a group can and cannot do meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from . import helplines

WHEN_IT_GETS_WORSE = 3


@dataclass(frozen=True, slots=True)
class NeedAnswer:
    """What somebody who looks for treatment is told, in the order of the page."""

    heading: str
    intro: str
    services: tuple[helplines.Line, ...]
    meanwhile: str
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    if_it_gets_worse: str
    lines: tuple[helplines.Line, ...]


def need_answer(
    *, land: str = "", kreis_key: str = "", at: datetime, known: helplines.Snapshot | None = None
) -> NeedAnswer:
    """Return the answer to "finde keinen Therapeuten".

    Args:
        land: where the person is, code or German name.
        kreis_key: the Kreis, for the local services offices have entered.
        at: now, aware.
        known: a snapshot; read from the database if none is given.
    """
    known = known or helplines.snapshot()
    services = tuple(helplines.services_for(land=land, kreis_key=kreis_key, known=known))
    worse = helplines.lines_for(
        ["suicide"], land=land, kreis_key=kreis_key, at=at, limit=WHEN_IT_GETS_WORSE, known=known
    )
    return NeedAnswer(
        heading=_("Sie suchen Behandlung"),
        intro=_(
            "Einen Platz zu finden, kostet Kraft. Diese Wege stehen Ihnen offen, auch wenn Wartelisten lang sind."
        ),
        services=services,
        meanwhile=_("Was eine Selbsthilfegruppe in dieser Zeit kann"),
        can=(
            _("In einer Gruppe treffen Sie Menschen, die wissen, wovon Sie sprechen."),
            _("Andere erzählen, wie sie einen Platz gefunden und die Wartezeit überstanden haben."),
            _("Sie sind mit dem Warten nicht allein."),
        ),
        cannot=(
            _("Eine Gruppe ersetzt keine Behandlung."),
            _(
                "Manche Gruppen erwarten, dass eine Behandlung schon begonnen hat. Das steht bei der Gruppe dabei."
            ),
            _("In einer akuten Krise ist eine Gruppe meist noch nicht der richtige Ort."),
        ),
        if_it_gets_worse=_("Wird es schlimmer, warten Sie nicht. Hier hört Ihnen jetzt jemand zu:"),
        lines=tuple(worse),
    )
