"""The glossary joins the field's words and ours: no model and no step is called what nobody can look up."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "kontaktstelle"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([A-Za-z_.]+)`", GLOSSARY))
# Modules of steps: what an office does.
STEPS = (
    "groups/listing.py",
    "organisation/hours.py",
    "organisation/closings.py",
    "organisation/appearance.py",
    "organisation/areas.py",
    "organisation/setup.py",
    "organisation/staff_steps.py",
    "organisation/four_eyes.py",
    "organisation/rights.py",
    "relay/parties.py",
    "relay/channels.py",
    "relay/receipt_codes.py",
    "enquiries/intake.py",
    "enquiries/correspondence.py",
    "enquiries/group_answers.py",
    "mailroom/outbox.py",
    "mailroom/letters.py",
    "mailroom/delivery.py",
    "mailroom/bundling.py",
    "privacy/restriction.py",
    "groups/call_list.py",
    "organisation/letterhead.py",
    "network/checking.py",
    "network/keeping.py",
    "topics/own_words.py",
    "organisation/own_record.py",
    "organisation/texts.py",
    "groups/importing/importing.py",
    "groups/importing/undoing.py",
    "groups/exporting.py",
    "enquiries/log.py",
    "enquiries/offer.py",
    "enquiries/threads.py",
    "enquiries/call_backs.py",
    "enquiries/clearing.py",
    "enquiries/referral.py",
    "enquiries/arrangements.py",
    "enquiries/follow_up.py",
    "enquiries/hand_over.py",
    "enquiries/matching.py",
    "privacy/rotation.py",
    "enquiries/taking_in.py",
    "enquiries/erasing_now.py",
    "enquiries/restricting.py",
    "enquiries/disclosure.py",
    "organisation/trail_opening.py",
    "foundings/beginning.py",
    "foundings/advice.py",
    "foundings/calling.py",
    "foundings/interested.py",
    "foundings/staying.py",
    "foundings/meeting.py",
    "foundings/starting.py",
    "foundings/exits.py",
    "foundings/coming.py",
    "reporting/demand.py",
    "groups/entry/criteria.py",
    "groups/entry/decisions.py",
    "groups/entry/consents.py",
    "groups/entry/campaign.py",
    "groups/entry/papers.py",
    "groups/entry/farewell.py",
    "groups/reaching.py",
    "support/log.py",
    "support/coming.py",
    "support/signs.py",
    "support/helper_dates.py",
    "activities/log.py",
    "activities/kinds.py",
    "activities/figures.py",
    "groups/own_page/keys.py",
    "groups/own_page/live.py",
    "groups/own_page/proposals.py",
    "groups/own_page/sheet.py",
    "groups/yearly/rule.py",
    "groups/yearly/asking.py",
    "funding/programmes.py",
    "funding/matching.py",
    "funding/telling.py",
    "funding/settling.py",
    "funding/moving.py",
    "funding/applications.py",
    "funding/seats.py",
    "funding/feed.py",
    "funding/subscribing.py",
)


def steps():
    for module in STEPS:
        tree = ast.parse((SOURCE / module).read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield pytest.param(node.name, id=f"{module}:{node.name}")


@pytest.mark.parametrize(
    "model", [model.__name__ for model in apps.get_models() if model.__module__.startswith("kontaktstelle.")]
)
def test_every_model_can_be_looked_up(model):
    assert model in NAMED


@pytest.mark.parametrize("step", list(steps()))
def test_every_step_can_be_looked_up(step):
    assert step in NAMED


def test_every_row_has_a_word_of_the_screen_and_one_of_the_code():
    rows = [line for line in GLOSSARY.splitlines() if line.startswith("|")][2:]
    assert len(rows) > 30
    for row in rows:
        german, english, *_ = (cell.strip() for cell in row.strip("|").split("|"))
        assert german, row
        assert english, row


def test_every_class_the_glossary_names_is_there():
    defined = {
        node.name
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    for name in NAMED:
        if re.match(r"[A-Z]|[a-z]+_", name) and "." not in name:
            assert name in defined, name
