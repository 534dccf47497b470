"""From a planned group to its row: place, time, stage, conditions, what is open to whom."""

from dataclasses import dataclass
from datetime import date, timedelta

from kontaktstelle import places
from kontaktstelle.groups import rhythm
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.listing import free_slug, tells_its_town
from kontaktstelle.groups.models import Answer, Group, Venue
from kontaktstelle.groups.visibility import AS_IN_A_PUBLIC_LIST
from kontaktstelle.organisation.models import ContactPoint, Site
from kontaktstelle.topics import tree

from . import meetings, wording
from .chance import chance, drawn, happens, one_of
from .identity import row_id
from .offices import ExampleOffice
from .plan import Planned
from .venues import chosen

BY = "examples"
KEY = "beispiel-"
# What the groups of a field ask for at the example offices; press text of Kreis Soest for the field of mental health.
FIELD_CONDITIONS: dict[str, dict[str, bool]] = {
    "Psychische Gesundheit": {
        "diagnosis": True,
        "first_therapy": True,
        "stability": True,
        "first_talk": True,
    },
    "Sucht": {"abstinence": True},
    "Trauer": {"call_first": True},
    "Gewalt und Krisen": {"first_talk": True},
}
# What single groups ask for beside that, or waive.
OFTEN_ASKED = ("call_first", "first_talk", "registration", "regular", "costs")
STAGES = {Stage.OPEN: 83.0, Stage.FOUNDING: 6.0, Stage.FULL: 5.0, Stage.INTAKE_STOP: 3.0, Stage.PAUSED: 3.0}
FORMS = {
    ("in-person",): 86.0,
    ("in-person", "online"): 8.0,
    ("online",): 5.0,
    ("in-person", "telephone"): 1.0,
}
ONLINE_NOTES = (
    "Videotreffen; den Link schickt die Kontaktstelle.",
    "Wir treffen uns per Video, ohne Anmeldung bei einem Anbieter.",
    "Abwechselnd vor Ort und per Video.",
)
AGES = {(18, 35): 6.0, (18, 30): 3.0, (16, 27): 2.0, (20, 35): 1.0}
# Shares of groups, from what offices tell of themselves: who keeps people's ways back to itself, who is not printed.
ONLY_VIA_OFFICE = {"Psychische Gesundheit": 0.22, "Gewalt und Krisen": 0.5}
ONLY_VIA_OFFICE_ELSEWHERE = 0.07
KNOWN_BUT_UNLISTED = 0.05
# 069 90009 000 to 999 are kept free for fiction; each office's groups have their own stretch.
FIRST_PUBLIC_NUMBER = {"beispiel-linde": 0, "beispiel-wasserturm": 300, "beispiel-apfelbaum": 800}
VENUE_WITHHELD = 0.12
OWN_PHONE, OWN_EMAIL, OWN_WEBSITE = 0.12, 0.1, 0.08
OWN_CONDITIONS = 0.14
RELATIVES_TOO = 0.24
LONGEST_UNCONFIRMED_DAYS = 425
NOTE_TO_STAFF = 0.06
NOTES = (
    "Die Ansprechperson sucht eine Nachfolge.",
    "Beim letzten Anruf klang die Gruppe müde: im Frühjahr nachfragen.",
    "Der Schlüssel liegt beim Hausmeister.",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What an office's groups are written into."""

    office: ExampleOffice
    contact_point: ContactPoint
    sites: dict[str, Site]
    venues: dict[str, list[Venue]]
    names: dict[int, str]
    slugs: dict[str, str]
    taken: set[str]
    on: date


def forms(office: ExampleOffice, group: Planned) -> tuple[str, ...]:
    """Return how a group meets; a protected one and a fellowship meet in a room."""
    if group.protected or group.fellowship:
        return ("in-person",)
    return drawn(FORMS, office.slug, group.number, "forms")


def written(planned: Planned, setting: Setting) -> Group:
    """Return the unsaved row of a planned group."""
    about = (setting.office.slug, planned.number)
    group = Group(
        id=row_id("group", *about),
        key=f"{KEY}{planned.number:04}",
        contact_point=setting.contact_point,
        is_example=True,
    )
    group.name = setting.names[planned.number]
    group.topics, group.protected = planned.topics, planned.protected
    group.is_anonymous_fellowship = planned.fellowship
    group.languages = wording.languages(planned)
    group.forms = list(forms(setting.office, planned))
    _stage(group, planned, about, setting.on)
    _place(group, planned, about, setting)
    _audience(group, planned, about)
    _time(group, about, setting.on)
    _conditions(group, planned, about)
    _contact(group, planned, about)
    _public(group, about, setting.on)
    _internal(group, planned, about, setting.on)
    # An address once given stays; a protected group's address must not name its town.
    known = setting.slugs.get(str(group.id))
    group.slug = known or free_slug(group.name, group.town if tells_its_town(group) else "", setting.taken)
    return group


def _stage(group: Group, planned: Planned, about: tuple[object, ...], on: date) -> None:
    group.stage = Stage.OPEN if planned.fellowship else drawn(STAGES, *about, "stage")
    if group.stage == Stage.INTAKE_STOP:
        group.intake_stop_until = on + timedelta(days=chance(*about, "until").randrange(20, 150))
    if group.stage == Stage.PAUSED:
        group.stage_before_pause = Stage.OPEN


def _place(group: Group, planned: Planned, about: tuple[object, ...], setting: Setting) -> None:
    shares = {town: town.share for town in setting.office.towns}
    town = drawn(shares, *about, "town")
    group.kreis_key, group.district = town.kreis_key, places.kreis_name(town.kreis_key)
    group.site = setting.sites[town.site]
    if group.forms == ["online"]:
        return
    venue = chosen(setting.venues[town.name], *about)
    group.venue = venue
    # A city's sites share it out by the first digits of the postcode.
    group.site = next(
        (site for site in setting.sites.values() if site.postcode[:3] == venue.postcode[:3]), group.site
    )
    group.town, group.postcode, group.lat, group.lon = town.name, venue.postcode, venue.lat, venue.lon
    if venue.closed_since is not None and group.stage != Stage.PAUSED:
        group.stage_before_pause, group.stage, group.paused_by_venue = group.stage, Stage.PAUSED, True
        group.intake_stop_until = None
    topic = planned.topic
    group.sign_language = topic == "deaf"
    group.induction_loop = topic in {"hearing-loss", "ci"}
    group.easy_language = topic in {"intellectual-disability", "illiteracy"}


def _audience(group: Group, planned: Planned, about: tuple[object, ...]) -> None:
    told = tree.TOPICS[planned.topic]
    audience = [who for who in told.audience if who != "junge" or planned.for_young]
    relatives_too = (
        audience == ["betroffene"]
        and not planned.protected
        and not planned.variant
        and happens(RELATIVES_TOO, *about, "relatives")
    )
    if planned.second:
        audience += tree.TOPICS[planned.second].audience[:1]
    audience += ["angehoerige"] if relatives_too else []
    audience += {"young": ["junge"], "women": ["frauen"], "men": ["maenner"], "older": ["aeltere"]}.get(
        planned.variant, []
    )
    group.audience = list(dict.fromkeys(audience))
    ages = drawn(AGES, *about, "ages") if planned.for_young else None
    if ages:
        group.is_young, (group.age_from, group.age_to) = True, ages
    group.description = wording.description(
        str(about[0]),
        planned,
        relatives_too=relatives_too,
        founding=Stage.FOUNDING in {group.stage, group.stage_before_pause},
        ages=ages,
    )


def _time(group: Group, about: tuple[object, ...], on: date) -> None:
    founding = Stage.FOUNDING in {group.stage, group.stage_before_pause}
    group.meeting_text = meetings.founding_text(on, *about) if founding else meetings.meeting_text(*about)
    if group.meeting_text:
        reading = rhythm.read(group.meeting_text)
        group.rhythm = reading.as_json()
        group.first_on = meetings.first_date(reading, on, *about) if reading.understood else None
    if "online" in group.forms:
        group.online_note = (
            ONLINE_NOTES[-1] if len(group.forms) > 1 else one_of(ONLINE_NOTES[:-1], *about, "online")
        )


def _conditions(group: Group, planned: Planned, about: tuple[object, ...]) -> None:
    told = tree.TOPICS[planned.topic]
    asked = FIELD_CONDITIONS.get(told.field, {})
    own: dict[str, bool] = {}
    if (
        told.field == "Psychische Gesundheit" and not told.psych
    ):  # relatives and everyday trouble need no diagnosis
        own |= {"diagnosis": False, "first_therapy": False, "stability": False}
    if told.field == "Sucht" and (told.audience[0] in {"angehoerige", "eltern"} or planned.fellowship):
        own["abstinence"] = False
    if planned.for_young or planned.language:
        own |= dict.fromkeys(asked, False)
    if not own and happens(OWN_CONDITIONS, *about, "own conditions"):
        key = one_of((*asked, *OFTEN_ASKED), *about, "condition")
        own[key] = not asked.get(key, False)
    group.conditions = own


def _contact(group: Group, planned: Planned, about: tuple[object, ...]) -> None:
    field = tree.TOPICS[planned.topic].field
    share = ONLY_VIA_OFFICE.get(field, ONLY_VIA_OFFICE_ELSEWHERE)
    group.takes_referrals_only_via_office = planned.protected or (
        not planned.fellowship and happens(share, *about, "via office")
    )
    if planned.protected:
        return
    office, number = about
    mark = f"{str(office).removeprefix('beispiel-')}-{number}"
    if planned.fellowship or happens(OWN_PHONE, *about, "phone"):
        group.public_phone = f"069 90009 {FIRST_PUBLIC_NUMBER[str(office)] + planned.number:03}"
    if happens(OWN_EMAIL, *about, "email"):
        group.public_email = f"gruppe-{mark}@example.org"
    if planned.fellowship or happens(OWN_WEBSITE, *about, "website"):
        group.website = f"https://example.org/gruppe-{mark}"


def _public(group: Group, about: tuple[object, ...], on: date) -> None:
    group.confirmed_on = on - timedelta(
        days=chance(*about, "confirmed").randrange(2, LONGEST_UNCONFIRMED_DAYS)
    )
    group.listed = group.protected or not happens(KNOWN_BUT_UNLISTED, *about, "unlisted")
    if not group.listed:
        group.visibility = {}
        return
    group.basis, group.basis_on, group.basis_by = Group.Basis.EXAMPLE, group.confirmed_on, BY
    opened = {field: list(channels) for field, channels in AS_IN_A_PUBLIC_LIST.items()}
    if group.takes_referrals_only_via_office or happens(VENUE_WITHHELD, *about, "venue withheld"):
        del opened["venue"]
    for field in ("public_phone", "public_email"):
        if getattr(group, field) and not group.takes_referrals_only_via_office:
            opened[field] = ["site", "print"]
    if happens(0.5, *about, "founded shown"):
        opened["founded"] = ["site", "print", "feeds", "partners"]
    group.visibility = opened


def _internal(group: Group, planned: Planned, about: tuple[object, ...], on: date) -> None:
    if Stage.FOUNDING not in {group.stage, group.stage_before_pause}:
        year = on.year - 1 - int(chance(*about, "founded").triangular(0, 38, 6))
        month = chance(*about, "founded month").randrange(1, 13)
        group.founded = f"{year}-{month:02}" if happens(0.3, *about, "month known") else str(year)
    group.led_by_professionals = drawn(
        {Answer.NO: 75.0, Answer.UNKNOWN: 20.0, Answer.YES: 5.0}, *about, "led"
    )
    group.source = "erfundene Beispieldaten"
    if planned.fellowship:  # they count nobody
        group.association = "anonyme Gemeinschaft (Beispiel)"
        return
    group.members = chance(*about, "members").randrange(4, 27)
    group.attending = max(3, round(group.members * (0.5 + chance(*about, "attending").random() / 2)))
    if happens(NOTE_TO_STAFF, *about, "note"):
        group.note = one_of(NOTES, *about, "which note")
