"""Every step of a founding by the name its form has: what it takes from what was typed, and what is said then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import models
from django.http import QueryDict

from kontaktstelle.desk import typed
from kontaktstelle.desk.steps import Common
from kontaktstelle.foundings import advice, beginning, calling, exits, interested, meeting, starting, staying
from kontaktstelle.foundings.models import (
    CallText,
    Founding,
    FoundingMeeting,
    Interest,
    MeetingInvitation,
    Outreach,
    StartHelper,
)
from kontaktstelle.groups.models import Group, Venue
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import TenantModel, current
from kontaktstelle.refusal import StepRefused

LIST_TEXT = "interessiertenliste-1"
LIST_TEXT_ALOUD = (
    "Wir schreiben Ihren Namen und Ihren Weg auf die Liste dieser Gründung, damit wir Ihnen sagen können, wann es losgeht. "
    "Die Liste sieht nur, wer hier berät. Nach sechs Monaten fragen wir, ob Sie bleiben möchten. Sie können jederzeit ohne "
    "Grund von der Liste gehen. Ist Ihnen das recht?"
)
Row = TypeVar("Row", bound=TenantModel)
Choice = TypeVar("Choice", bound=models.TextChoices)


class NotThere(StepRefused):
    """What was chosen is not part of this founding, or is gone."""

    sentence = "Das gibt es hier nicht mehr. Bitte sehen Sie auf der Seite nach, wie es jetzt steht."


class NothingChosen(StepRefused):
    """A choice is missing."""

    sentence = "Bitte wählen Sie aus der Liste."


class DayMissing(StepRefused):
    """A day is missing."""

    sentence = "Bitte nennen Sie einen Tag, zum Beispiel 24.11.2026."


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody sent about a founding."""

    founding: Founding
    post: QueryDict
    told: Common

    @property
    def seen(self) -> int | None:
        """The version of the founding the page showed."""
        return typed.version(self.post)

    def said(self, name: str) -> str:
        """Return a field, without blanks around it."""
        return self.post.get(name, "").strip()

    def day(self, name: str = "on") -> date | None:
        """Return a day, or None for nothing."""
        return typed.day(self.post.get(name, ""))

    def needed_day(self, name: str = "on") -> date:
        """Return a day that must be there.

        Raises:
            DayMissing: it is not.
        """
        if (found := self.day(name)) is None:
            raise DayMissing
        return found

    def row(self, model: type[Row], **of: object) -> Row:
        """Return the row the form names.

        Raises:
            NotThere: none, or none of this founding.
        """
        number = typed.number(self.post.get("row", ""))
        found: Row | None = model.objects.filter(pk=number, **of).first() if number else None
        if found is None:
            raise NotThere
        return found

    def stepped(self) -> dict[str, object]:
        """Return who takes a step that needs no key of a form, because twice is the same as once."""
        return {"by": self.told["by"], "at": self.told["at"]}


def _plan_talk(form: Form) -> object:
    return advice.plan_talk(form.founding, on=form.needed_day(), seen=form.seen, **form.told)


def _record_talk(form: Form) -> object:
    threshold = form.said("threshold")
    return advice.record_talk(
        form.founding, about=form.post.getlist("about"), role=_chosen(Founding.Role, form.said("role")), on=form.day(),
        audience=form.post.getlist("audience"), conditions=form.post.getlist("conditions"), place_wish=form.said("place_wish"),
        threshold=typed.whole_number(threshold) if threshold else None, seen=form.seen, **form.told,
    )  # fmt: skip


def _look_round(form: Form) -> object:
    return advice.look_round(form.founding, by=form.told["by"], at=form.told["at"], seen=form.seen)


def _set_threshold(form: Form) -> object:
    return advice.set_threshold(
        form.founding, typed.whole_number(form.said("threshold")), by=form.told["by"], at=form.told["at"], seen=form.seen
    )  # fmt: skip


def _cover(form: Form) -> object:
    said = form.said("staff")
    number = typed.number(said)
    staff = Staff.objects.filter(pk=number, contact_point=current()).first() if number else None
    if said and staff is None:
        raise NotThere
    return beginning.cover(form.founding, staff, by=form.told["by"], at=form.told["at"], seen=form.seen)


def _write_text(form: Form) -> object:
    return calling.write_text(form.founding, form.said("text"), by=form.told["by"], at=form.told["at"])


def _approve_text(form: Form) -> object:
    return calling.approve_text(
        form.row(CallText, founding=form.founding),
        how=form.said("how"),
        by=form.told["by"],
        at=form.told["at"],
    )


def _plan_outreach(form: Form) -> object:
    text = calling.newest_text(form.founding, approved=True)
    if text is None:
        raise calling.NoApprovedText
    return calling.plan_outreach(
        form.founding, text, _chosen(Outreach.Way, form.said("way")), where=form.said("where"), on=form.day(), **form.told
    )  # fmt: skip


def add(form: Form) -> object:
    """Put somebody on the list of a founding, as typed."""
    outreach = form.said("outreach")
    way = form.said("list_way")
    return interested.add(
        form.founding, typed.person(form.post), text_version=LIST_TEXT if form.said("agreed") else "", how=form.said("how"),
        who=_chosen(Interest.Who, form.said("who") or "unknown"), way=_chosen(Interest.Way, way) if way else None,
        outreach=Outreach.objects.filter(pk=typed.number(outreach)).first() if outreach else None, heard=form.said("heard"), **form.told,
    )  # fmt: skip


def _set_date(form: Form) -> object:
    starts = typed.clock(form.said("starts"))
    if starts is None:
        raise typed.TimeUnreadable
    venue = Venue.objects.filter(pk=typed.whole_number(form.said("venue"))).first()
    if venue is None:
        raise NothingChosen(
            "Bitte wählen Sie einen Treffpunkt. Fehlt er, legen Sie ihn unter „Stammdaten“ an."
        )
    return meeting.set_date(
        form.founding, on=form.needed_day(), starts=starts, venue=venue, room=form.said("room"), seen=form.seen, **form.told
    )  # fmt: skip


def _invitation(form: Form) -> MeetingInvitation:
    return form.row(MeetingInvitation, interest__founding=form.founding)


def _answer(form: Form) -> object:
    return meeting.answer(
        _invitation(form).pk, coming=form.said("coming") == "ja", by=form.told["by"], at=form.told["at"]
    )


def _hold(form: Form) -> object:
    minutes = meeting.Minutes(
        form.said("purpose"), form.said("decided"), form.said("rhythm"), form.said("tasks"), form.day("next_meeting")
    )  # fmt: skip
    return meeting.hold(
        form.row(FoundingMeeting, founding=form.founding), attended=typed.whole_number(form.said("attended")), minutes=minutes, **form.told
    )  # fmt: skip


def _assign(form: Form) -> object:
    helper = form.row(StartHelper) if form.said("row") else None
    return starting.assign(
        form.founding, helper, meetings=typed.whole_number(form.said("meetings")), seen=form.seen, by=form.told["by"], at=form.told["at"]
    )  # fmt: skip


def _count_meeting(form: Form) -> object:
    return starting.count_meeting(
        form.founding, on=form.needed_day(), attended=typed.whole_number(form.said("attended")), by=form.told["by"], at=form.told["at"]
    )  # fmt: skip


def _enter(form: Form) -> object:
    values = {name: form.said(name) for name in ("name", "description", "postcode", "town", "meeting_text")}
    values["forms"] = form.post.getlist("forms")  # type: ignore[assignment]
    key = form.told["form_key"]
    if not isinstance(key, UUID):
        raise NotThere
    return starting.enter(
        form.founding, {name: value for name, value in values.items() if value}, basis=form.said("basis"), basis_on=form.day("basis_on"),
        number=key, seen=form.seen, by=form.told["by"], at=form.told["at"],
    )  # fmt: skip


def _give_up(form: Form) -> object:
    return exits.give_up(form.founding, reason=form.said("reason"), seen=form.seen, **form.told)


def _join(form: Form) -> object:
    group = Group.objects.filter(slug=form.said("group")).first()
    if group is None:
        raise exits.NoSuchGroup
    return exits.join(form.founding, group, seen=form.seen, **form.told)


def _withdraw(form: Form) -> object:
    return interested.withdraw(
        form.row(Interest, founding=form.founding), by=form.told["by"], at=form.told["at"]
    )


def _renew(form: Form) -> object:
    return staying.renew(
        form.row(Interest, founding=form.founding), by=form.told["by"], at=form.told["at"], text_version=LIST_TEXT, how=form.said("how")
    )  # fmt: skip


def _chosen(choices: type[Choice], value: str) -> Choice:
    try:
        return choices(value)
    except ValueError as error:
        raise NothingChosen from error


@dataclass(frozen=True, slots=True)
class Step:
    """A step, what is said when it was taken, and whether its form stands on the page of the list."""

    take: Callable[[Form], object]
    said: str
    on_list: bool = False


STEPS: Mapping[str, Step] = {
    "gespraech-planen": Step(_plan_talk, "Das Erstgespräch steht."),
    "gespraech": Step(_record_talk, "Das Gespräch ist festgehalten."),
    "umgesehen": Step(_look_round, "Nachgesehen. Was es schon gibt, steht auf der Karte."),
    "schwelle": Step(_set_threshold, "Geändert."),
    "zustaendig": Step(_cover, "Eingetragen, wer zuständig ist."),
    "text": Step(_write_text, "Der Text ist gespeichert. Gedruckt wird er erst, wenn die Gründungsperson ihn freigibt."),
    "freigabe": Step(_approve_text, "Der Text ist freigegeben."),
    "aufruf": Step(
        lambda form: calling.begin_calling(form.founding, seen=form.seen, **form.told), "Der Aufruf beginnt."
    ),
    "weg": Step(_plan_outreach, "Vorgemerkt."),
    "erschienen": Step(
        lambda form: calling.came_out(form.row(Outreach, founding=form.founding), on=form.day(), **form.told),
        "Eingetragen: Der Aufruf ist draußen.",
    ),
    "faellt-weg": Step(
        lambda form: calling.drop(form.row(Outreach, founding=form.founding), **form.told), "Gestrichen."
    ),
    "sammeln": Step(
        lambda form: calling.begin_gathering(form.founding, seen=form.seen, **form.told), "Jetzt wird gesammelt."
    ),
    "dazu": Step(add, "Die Person steht auf der Liste."),
    "bleibt": Step(_renew, "Verlängert um sechs Monate.", on_list=True),
    "von-der-liste": Step(_withdraw, "Von der Liste genommen. Name und Adresse sind gelöscht.", on_list=True),
    "termin": Step(_set_date, "Raum und Termin stehen. Als Nächstes: einladen."),
    "einladen": Step(
        lambda form: meeting.invite(form.row(FoundingMeeting, founding=form.founding), **form.stepped()),  # type: ignore[arg-type]
        "Eingeladen, jede Person einzeln. Wer nur ein Telefon hat, steht auf der Anrufliste.",
    ),
    "antwort": Step(_answer, "Die Antwort ist eingetragen.", on_list=True),
    "eingeladen": Step(
        lambda form: meeting.told_by_phone(_invitation(form), **form.told), "Eingetragen: am Telefon eingeladen.", on_list=True
    ),
    "absage-gesagt": Step(
        lambda form: meeting.called_off_by_phone(_invitation(form), **form.told), "Eingetragen: Die Person weiß, dass das Treffen ausfällt.",
        on_list=True,
    ),
    "absagen": Step(
        lambda form: meeting.call_off(form.row(FoundingMeeting, founding=form.founding), **form.told),
        "Abgesagt. Wer nur ein Telefon hat, steht auf der Anrufliste.",
    ),
    "treffen": Step(_hold, "Das Treffen und sein Protokoll sind festgehalten."),
    "starthilfe": Step(_assign, "Die Begleitung ist eingetragen."),
    "gezaehlt": Step(_count_meeting, "Das Treffen ist gezählt."),
    "begleitung-endet": Step(
        lambda form: starting.end_accompaniment(form.founding, seen=form.seen, **form.stepped()),  # type: ignore[arg-type]
        "Die Begleitung ist beendet.",
    ),
    "eintragen": Step(_enter, "Die Gruppe steht im Verzeichnis. Wer auf eine Gruppe wartete, bekommt Bescheid."),
    "spaeter": Step(
        lambda form: starting.talk_later(form.founding, seen=form.seen, **form.told), "Festgehalten. Die Gründung ist abgeschlossen."
    ),
    "ruhen": Step(
        lambda form: exits.rest(form.founding, until=form.needed_day("until"), seen=form.seen, **form.told),
        "Die Gründung ruht. An dem Tag steht sie wieder unter „Heute“.",
    ),
    "weiter": Step(lambda form: exits.resume(form.founding, seen=form.seen, **form.told), "Es geht weiter."),
    "aufgeben": Step(_give_up, "Die Gründung ist beendet. Als Versuch zählt sie."),
    "anschliessen": Step(_join, "Eingetragen. Die Gründung ist beendet."),
    "gegangen": Step(
        lambda form: beginning.founder_left(form.founding, seen=form.seen, **form.stepped()),  # type: ignore[arg-type]
        "Eingetragen. Jetzt ist die Kontaktstelle zuständig; die Interessierten werden neu gefragt.",
    ),
}  # fmt: skip
