"""Nothing new goes public unless somebody of the office decided it, by criteria the office can read again later."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from kontaktstelle.directory.models import Entry
from kontaktstelle.groups import upkeep
from kontaktstelle.groups.entry import criteria, decisions
from kontaktstelle.groups.entry.models import EntryDecision
from kontaktstelle.groups.lifecycle import Outcome
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.people import A_DAY, A_MOMENT, make_group, make_member

pytestmark = pytest.mark.django_db
ALL_MET = dict.fromkeys(range(len(criteria.DRAFT)), decisions.MET)


@pytest.fixture
def leads(office):
    return make_member(office, "leads", second_factor=False)


@pytest.fixture
def counsels(office):
    return make_member(office, "counsels", second_factor=False)


@pytest.fixture
def new(office):
    """A group the office has just heard of."""
    return make_group(office, listed=False)


@pytest.fixture
def here(office):
    with acting_for(office):
        yield


def decided(group, by, outcome=Outcome.LISTED, answers=ALL_MET, *, seen=0, number=None, **more):
    return decisions.decide(
        group, outcome, answers, seen=seen, number=number or uuid4(), by=by, at=A_MOMENT, **more
    )


def publish(group, by):
    return upkeep.publish(group, Group.Basis.CONSENT_PHONE, A_DAY, by=by, at=A_MOMENT, seen=None)


@pytest.mark.usefixtures("here")
class TestCriteria:
    def test_an_office_starts_with_plain_sentences(self):
        now = criteria.standing()
        assert now.number == 0
        assert len(now.lines) >= 8
        assert all(len(line) <= criteria.LONGEST_LINE and line.endswith(".") for line in now.lines)

    def test_who_leads_writes_the_next_version_and_the_one_before_stays_readable(self, leads):
        first = criteria.decide(["Sechs Menschen."], decided_on=A_DAY, seen=0, by=leads, at=A_MOMENT)
        again = criteria.decide(["Sechs Menschen.", " "], decided_on=A_DAY, seen=0, by=leads, at=A_MOMENT)
        assert first == again, "a double click writes one version"
        second = criteria.decide(["Acht Menschen."], decided_on=None, seen=1, by=leads, at=A_MOMENT)
        assert (second.number, criteria.standing().lines) == (2, ("Acht Menschen.",))
        assert [row.lines for row in criteria.versions()] == [["Acht Menschen."], ["Sechs Menschen."]]

    def test_others_read_them_and_write_none(self, counsels):
        with pytest.raises(NotAllowed):
            criteria.decide(["Alles."], decided_on=None, seen=0, by=counsels, at=A_MOMENT)

    def test_two_who_write_at_once_are_told(self, leads):
        criteria.decide(["Eins."], decided_on=None, seen=0, by=leads, at=A_MOMENT)
        with pytest.raises(criteria.CriteriaChangedMeanwhile):
            criteria.decide(["Zwei."], decided_on=None, seen=0, by=leads, at=A_MOMENT)

    @pytest.mark.parametrize(
        "lines", [[], [" "], ["x" * (criteria.LONGEST_LINE + 1)], [str(n) for n in range(21)]]
    )
    def test_a_list_nobody_can_use_is_refused(self, leads, lines):
        with pytest.raises(criteria.LinesUnfit):
            criteria.decide(lines, decided_on=None, seen=0, by=leads, at=A_MOMENT)

    def test_a_decision_ahead_is_none(self, leads):
        with pytest.raises(criteria.LinesUnfit):
            criteria.decide(["Eins."], decided_on=A_DAY + timedelta(days=1), seen=0, by=leads, at=A_MOMENT)


@pytest.mark.usefixtures("here")
class TestDecision:
    def test_a_new_group_stays_inside_until_somebody_decides(self, new, counsels):
        with pytest.raises(decisions.DecisionMissing):
            publish(new, counsels)
        assert not Entry.objects.exists()
        decided(new, counsels)
        assert publish(new, counsels).listed
        assert Entry.objects.count() == 1

    @pytest.mark.parametrize("outcome", [Outcome.NOT_LISTED, Outcome.LATER])
    def test_who_was_not_taken_or_waits_cannot_be_published(self, new, counsels, outcome):
        again = A_DAY + timedelta(days=30) if outcome == Outcome.LATER else None
        decided(new, counsels, outcome, {}, reason="Noch keine Treffen.", look_again_on=again)
        with pytest.raises(decisions.DecisionMissing):
            publish(new, counsels)
        assert not Entry.objects.exists()

    def test_an_imported_group_keeps_the_ground_it_stands_on(self, office, counsels):
        group = make_group(office)
        upkeep.take_out(group, by=counsels, at=A_MOMENT, seen=None)
        assert publish(group, counsels).listed

    def test_taking_a_change_back_publishes_nobody_who_was_refused(self, office, counsels):
        group = make_group(office)
        upkeep.take_out(group, by=counsels, at=A_MOMENT, seen=None)
        decided(group, counsels, Outcome.NOT_LISTED, {}, reason="Wird beruflich geleitet.")
        with pytest.raises(decisions.DecisionMissing):
            upkeep.undo(Group.objects.get(pk=group.pk), by=counsels, at=A_MOMENT)

    def test_every_criterion_is_looked_at(self, new, counsels):
        with pytest.raises(decisions.CriteriaOpen):
            decided(new, counsels, answers=ALL_MET | {3: ""})

    def test_against_a_criterion_there_is_a_reason(self, new, counsels):
        with pytest.raises(decisions.ReasonMissing):
            decided(new, counsels, answers=ALL_MET | {3: decisions.UNMET})
        row = decided(new, counsels, answers=ALL_MET | {3: decisions.UNMET}, reason="Seltenes Thema.")
        assert (row.reason, row.answers[3]) == ("Seltenes Thema.", [criteria.DRAFT[3], decisions.UNMET])

    @pytest.mark.parametrize("again", [None, A_DAY])
    def test_later_is_a_day_ahead(self, new, counsels, again):
        with pytest.raises(decisions.DayMissing):
            decided(new, counsels, Outcome.LATER, {}, reason="Sie ist zu klein.", look_again_on=again)

    def test_who_is_in_the_directory_is_not_refused_beside_it(self, office, counsels):
        with pytest.raises(decisions.StillListed):
            decided(make_group(office), counsels, Outcome.NOT_LISTED, {}, reason="Wirbt.")

    def test_decisions_are_kept_in_order_with_their_words(self, new, counsels, leads):
        decided(new, counsels, Outcome.NOT_LISTED, {}, reason="Zu klein.")
        criteria.decide(["Vier Menschen."], decided_on=None, seen=0, by=leads, at=A_MOMENT)
        decided(new, leads, answers={0: decisions.MET}, seen=1)
        assert [(row.number, row.outcome, row.criteria, row.by) for row in decisions.history(new)] == [
            (2, "listed", 1, str(leads.pk)), (1, "not-listed", 0, str(counsels.pk)),
        ]  # fmt: skip
        assert [entry.action for entry in TrailEntry.objects.filter(action__startswith="entry.").order_by("pk")] == [
            "entry.not-listed", "entry.listed",
        ]  # fmt: skip

    def test_a_double_click_decides_once_and_two_people_are_told(self, new, counsels, leads):
        number = uuid4()
        assert decided(new, counsels, number=number) == decided(new, counsels, number=number)
        assert EntryDecision.objects.count() == 1
        with pytest.raises(decisions.AlreadyDecided):
            decided(new, leads, Outcome.NOT_LISTED, {}, reason="Anders.")

    def test_what_waits_is_new_or_due_again(self, office, new, counsels):
        later = make_group(office, name="Später", listed=False)
        decided(later, counsels, Outcome.LATER, {}, reason="x", look_again_on=A_DAY + timedelta(days=9))
        make_group(office, name="Steht drin")
        assert [each.group for each in decisions.waiting(on=A_DAY)] == [new]
        due = decisions.waiting(on=A_DAY + timedelta(days=9))
        assert [each.group for each in due] == [later, new]

    def test_who_may_not_publish_decides_nothing(self, office, new):
        with pytest.raises(NotAllowed):
            decided(new, make_member(office, "reception", second_factor=False))

    def test_the_database_keeps_later_with_its_day(self, office, new):
        with pytest.raises(IntegrityError), transaction.atomic():
            EntryDecision.objects.create(
                contact_point=office, group=new, number=1, outcome="later", decided_at=A_MOMENT, by="x"
            )

    def test_the_letter_to_a_refused_group_judges_nobody(self, office):
        said = " ".join(decisions.refusal_letter(office.name, office.phone))
        assert "kein Urteil" in said
        assert office.phone in said
        assert "!" not in said


def test_nobody_sees_what_another_office_decided(office, office_elsewhere, counsels, new):
    with acting_for(office):
        decided(new, counsels, Outcome.NOT_LISTED, {}, reason="Geheim.")
    with acting_for(office_elsewhere):
        assert decisions.history(new) == []
