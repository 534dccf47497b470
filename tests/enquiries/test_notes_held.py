"""The twenty notes as staff jot them down are held without loss: every code has a place, the note stays word for word."""

import json
from pathlib import Path

import pytest

from kontaktstelle.enquiries import codes, log
from kontaktstelle.enquiries.models import Contact
from support.desk import AT

NOTES = [
    json.loads(line)
    for line in (Path(__file__).parent / "notes_dev.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_there_are_twenty():
    assert len(NOTES) == 20


@pytest.mark.django_db
@pytest.mark.parametrize("jotted", NOTES, ids=lambda each: each["id"])
def test_a_note_and_its_coding_are_held(here, counsellor, jotted):
    expected = jotted["expected"]
    outcomes = [codes.proposed("outcome", word) for word in expected["outcome"]]
    contact = log.log_contact(
        by=counsellor, at=AT, channel=codes.proposed("channel", expected["channel"]), who=codes.proposed("who", expected["person_type"]),
        topics=expected["topic"], outcomes=outcomes, note=jotted["note"],
    )  # fmt: skip
    held = Contact.objects.get(pk=contact.pk)

    assert held.note == jotted["note"]
    assert held.topics == expected["topic"]
    assert sorted(held.outcomes) == sorted(outcomes)
    assert codes.UNKNOWN not in {held.channel, held.who, *outcomes}
    assert len(set(outcomes)) == len(expected["outcome"])
