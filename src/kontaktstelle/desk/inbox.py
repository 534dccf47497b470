"""Posteingang: what a message that was read proposes for its contact, and the answer to copy back. Nothing is kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from kontaktstelle.enquiries import codes, coding
from kontaktstelle.enquiries.coding import Proposed
from kontaktstelle.mailroom.incoming.message import Incoming
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.topics import danger, folding, resolving, tree

from . import contact_form, crisis, matches
from .contact_form import ContactForm
from .leaflet import Leaflet

# Danger is recognised in so many words at a time, windows overlap so that no sentence is cut in two.
WINDOW, STRIDE, MOST_WINDOWS = 45, 30, 130
PLACE_READ = 400
THANKS = "vielen Dank für Ihre Nachricht."
CHOSEN = "Diese Gruppen könnten zu dem passen, was Sie schreiben. Sie entscheiden, ob und wo Sie sich melden."
NONE_CHOSEN = "Zu Ihrem Anliegen melden wir uns noch einmal bei Ihnen. Hier steht, wie Sie uns erreichen."
ANY_TIME = "Wenn Sie lieber sprechen möchten, rufen Sie uns gern an. Bitte schreiben Sie nichts Vertrauliches in eine E-Mail."


@dataclass(slots=True)
class Proposal:
    """What is proposed: a form with what the message says, and beside it what is only likely (`guessed`, by list)."""

    form: ContactForm
    guessed: dict[str, list[str]] = field(default_factory=dict)

    def is_guessed(self, name: str, key: str) -> bool:
        """Say whether a value is only likely: it is shown, and chosen by a person or not at all."""
        return key in self.guessed.get(name, ())

    def guessed_topics(self) -> list[tuple[str, str]]:
        """Return topics that are only likely, with their labels."""
        return [(topic, tree.label(topic)) for topic in self.guessed.get("topics", ())]


def proposal(message: Incoming) -> Proposal:
    """Return the coding proposed for a message. What is not said is never chosen beforehand."""
    words = message.own_words()
    read = coding.propose(words)
    made = Proposal(ContactForm())
    _propose(made, "channel", [read.channel])
    _propose(made, "who", [read.person_type], detail=read.person_detail)
    _propose(made, "concern", read.concerns)
    _propose(made, "visit", [read.visit])
    # Who writes to us tells what they want, not what came of it: that is ours to say. A jotted note tells both.
    if not message.is_mail:
        _propose(made, "outcome", read.outcomes)
    if message.is_mail:
        made.form.chosen |= {"channel": ["email"], "direction": ["incoming"]}
        made.guessed.pop("channel", None)
    made.form.topics = [each.value for each in read.topics if each.said and each.value in tree.TOPICS]
    made.guessed["topics"] = [
        each.value for each in read.topics if not each.said and each.value in tree.TOPICS
    ]
    if read.reached.value and read.reached.said:
        made.form.reached = str(read.reached.value)
    made.form.place = _place(words)
    return made


def _propose(
    made: Proposal, name: str, values: Iterable[Proposed[str]], *, detail: Proposed[str] | None = None
) -> None:
    for each in values:
        key = codes.proposed(name, each.value)
        finer = codes.proposed(name, detail.value) if detail and detail.value else codes.UNKNOWN
        key = finer if finer != codes.UNKNOWN else key
        if key != codes.UNKNOWN:
            into = made.form.chosen if each.said else made.guessed
            into.setdefault(name, []).append(key)


def _place(words: str) -> str:
    place = resolving.resolve(words[:PLACE_READ]).place
    label = place.label() if place else ""
    return label if label and contact_form.found_place(label) == place else ""


def danger_in(message: Incoming) -> str:
    """Return the kind of acute danger a message shows, or "". Long messages are read to their end."""
    words = message.own_words().split()
    for start in range(0, min(len(words), STRIDE * MOST_WINDOWS), STRIDE):
        piece = " ".join(words[start : start + WINDOW])
        if kind := danger.recognise(folding.words(piece), piece).kind:
            return kind
    return ""


def help_for(kind: str, office: ContactPoint, place: str) -> crisis.CrisisHelp:
    """Return whom to name in this danger, near where the person is as far as that was said, and the office's own steps."""
    found = contact_form.found_place(place)
    return crisis.at_hand(office, kreis_key=found.kreis_key if found else "", kind=kind)


def groups_for(
    form: ContactForm, guessed: Iterable[str], office: ContactPoint, on: date
) -> list[matches.GroupShown]:
    """Return the groups that fit what is chosen, or else what is likely."""
    topics = form.topics or list(guessed)[:1]
    place = contact_form.found_place(form.place)
    if place is None and (site := office.sites.order_by("pk").first()):
        place = contact_form.found_place(site.postcode)
    return matches.groups_for(topics, "", place, on=on) if topics else []


def answer(sheet: Leaflet, *, by: Staff) -> str:
    """Return the answer to copy back: thanks, the Merkzettel, who writes. No word of the message stands in it."""
    opening = CHOSEN if sheet.groups else NONE_CHOSEN
    ending = "\n".join(part for part in ("Freundliche Grüße", by.name, sheet.office) if part)
    return "\n\n".join(["Guten Tag,", THANKS, opening, sheet.as_text().strip(), ANY_TIME, ending]) + "\n"
