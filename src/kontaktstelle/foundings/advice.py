"""Beratung: the first talk (results only, no answers), and a look at what there is already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle import places
from kontaktstelle.enquiries import days, matching
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

from .access import check_can_found
from .keeping import ahead, here, kept, locked, moved, once, to_move, traced
from .lifecycle import LIVE, FoundingStatus, WrongStatus
from .models import Founding

# What a first talk is about: about oneself, and about the group to be. That it was talked about is kept, never what was said.
INNER: dict[str, str] = {
    "motives": "warum eine Gruppe",
    "picture": "was für eine Gruppe es sein soll",
    "working-style": "wie die Gruppe arbeiten soll",
    "aims": "was die Gruppe erreichen soll",
    "time": "regelmäßig Zeit haben",
    "limits": "Grenzen setzen, Aufgaben abgeben",
    "discretion": "Verschwiegenheit",
}
OUTER: dict[str, str] = {
    "when": "wann und wie oft",
    "room": "Raum",
    "rules": "Regeln",
    "association": "Verein oder Dachverband",
    "money": "Geld und Förderung",
}
TOPICS_OF_TALK = {**INNER, **OUTER}
AFTER_TALK_IN, LOOKED_AT = 14, 20
THRESHOLDS = range(2, 31)


class UnknownQuestion(StepRefused):
    """None of the questions of a first talk, none of the conditions or audiences there are."""

    sentence = "Diese Angabe kennt die Liste nicht. Bitte wählen Sie aus den angebotenen."


class ThresholdUnfit(StepRefused):
    """Fewer than two make no group, more than thirty wait for ever."""

    sentence = "Eingeladen wird ab 2 bis 30 Interessierten. Üblich sind 6 bis 8, bei seltenen Themen weniger."


class TalkIsAhead(StepRefused):
    """A talk cannot have been held tomorrow."""

    sentence = "Dieser Tag liegt in der Zukunft."


@dataclass(frozen=True, slots=True)
class Existing:
    """What there is on a founding's topics: groups in the directory, near and far; own ones not listed; other foundings here."""

    fitting: tuple[matching.Fit, ...]
    not_listed: tuple[Group, ...]
    foundings: tuple[Founding, ...]

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(self.fitting) + len(self.not_listed)


@once(Founding)
def plan_talk(
    founding: Founding,
    *,
    on: date,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Founding:
    """Fix the day of the first talk: the idea becomes a matter of advice.

    Raises:
        days.TooFarAhead, lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    stored = to_move(founding, FoundingStatus.ADVICE, out_of={FoundingStatus.IDEA}, by=by, seen=seen)
    day = days.due_day(here(), max(on, days.local_day(at)), today=days.local_day(at))
    return moved(stored, FoundingStatus.ADVICE, next_on=day, by=by, at=at)


@once(Founding)
def record_talk(
    founding: Founding,
    *,
    about: Iterable[str],
    role: Founding.Role,
    by: Staff,
    at: datetime,
    on: date | None = None,
    audience: Iterable[str] = (),
    conditions: Iterable[str] = (),
    place_wish: str = "",
    threshold: int | None = None,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Founding:
    """Note that the first talk was held, what it was about, and what came of it.

    Args:
        founding: in advice.
        about: keys of `TOPICS_OF_TALK`.
        role: what the founder wants to be in it.
        by: who.
        at: when.
        on: the day of the talk; today if not said.
        audience: for whom the group is to be.
        conditions: keys of `groups.conditions`.
        place_wish: where it might meet; kept sealed.
        threshold: from how many interested people on they are invited.
        seen: the version the page showed.
        form_key: of the form.

    Raises:
        UnknownQuestion, ThresholdUnfit, TalkIsAhead, lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed.
    """
    stored = _in_advice(founding, by, seen)
    said, wanted, for_whom = list(about), list(conditions), list(audience)
    if (
        set(said) - set(TOPICS_OF_TALK)
        or set(wanted) - set(CONDITIONS)
        or set(for_whom) - set(tree.AUDIENCES)
    ):
        raise UnknownQuestion
    today = days.local_day(at)
    if on is not None and on > today:
        raise TalkIsAhead
    if threshold is not None:
        if threshold not in THRESHOLDS:
            raise ThresholdUnfit
        stored.threshold = threshold
    stored.talked_on, stored.role = on or today, Founding.Role(role)
    stored.talked_about = [key for key in TOPICS_OF_TALK if key in {*stored.talked_about, *said}]
    stored.conditions = [key for key in CONDITIONS if key in wanted]
    stored.audience = [key for key in tree.AUDIENCES if key in for_whom] or stored.audience
    stored.place_wish = place_wish.strip() or stored.place_wish
    stored.next_on = ahead(at, AFTER_TALK_IN)
    traced(
        by,
        "founding.talked",
        stored,
        at=at,
        fields=["audience", "conditions", "place_wish", "role", "threshold"],
    )
    return kept(stored)


def existing(founding: Founding, *, on: date) -> Existing:
    """Return what there is already on a founding's topics: nobody founds by mistake what meets next door."""
    centre = places.kreis_centre(founding.kreis_key) if founding.kreis_key else None
    name = places.kreis_name(founding.kreis_key) if centre else ""
    place = places.Place(name, founding.kreis_key, name, "", *centre) if centre else None
    fits = matching.fitting(founding.topics, on=on, place=place, most=LOOKED_AT)
    topics = set(founding.topics)
    hidden = Group.objects.filter(listed=False).exclude(stage=Stage.DISSOLVED).order_by("name")
    running = Founding.objects.filter(status__in=LIVE).exclude(pk=founding.pk).order_by("begun_month", "pk")
    return Existing(
        tuple(fits),
        tuple(group for group in hidden if topics & set(group.topics)),
        tuple(each for each in running if topics & set(each.topics)),
    )


@transaction.atomic
def look_round(founding: Founding, *, by: Staff, at: datetime, seen: int | None = None) -> Existing:
    """Look what there is and note that somebody looked, and how many groups there were."""
    stored = _in_advice(founding, by, seen)
    found = existing(stored, on=days.local_day(at))
    stored.looked_round_on, stored.there_already = days.local_day(at), found.count
    traced(by, "founding.looked-round", stored, at=at, fields=["looked_round_on", "there_already"])
    kept(stored)
    return found


@transaction.atomic
def set_threshold(
    founding: Founding, threshold: int, *, by: Staff, at: datetime, seen: int | None = None
) -> Founding:
    """Say from how many interested people on they are invited: fewer for a rare illness."""
    check_can_found(by)
    stored = locked(founding, seen=seen)
    if threshold not in THRESHOLDS:
        raise ThresholdUnfit
    if FoundingStatus(stored.status) not in LIVE:
        raise WrongStatus("Diese Gründung ist zu Ende.")
    stored.threshold = threshold
    traced(by, "founding.threshold", stored, at=at, fields=["threshold"])
    return kept(stored)


def unclear(founding: Founding) -> list[str]:
    """Return what must be clear before people are called, a sentence each."""
    lacks = [
        (founding.talked_on is None, "Das Erstgespräch steht noch aus."),
        (not founding.audience, "Für wen die Gruppe sein soll, ist noch offen."),
        (not founding.place_wish, "Wo sich die Gruppe treffen könnte, ist noch offen."),
        (
            founding.role == Founding.Role.UNKNOWN,
            "Welche Rolle die Gründungsperson haben möchte, ist noch offen.",
        ),
        (
            founding.looked_round_on is None,
            "Ob es schon eine solche Gruppe gibt, hat noch niemand nachgesehen.",
        ),
    ]
    return [sentence for holds, sentence in lacks if holds]


def _in_advice(founding: Founding, by: Staff, seen: int | None) -> Founding:
    check_can_found(by)
    stored = locked(founding, seen=seen)
    if stored.status != FoundingStatus.ADVICE:
        raise WrongStatus(
            f"Das gehört in die Beratung. Diese Gründung steht auf „{FoundingStatus(stored.status).label}“."
        )
    return stored
