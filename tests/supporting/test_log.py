"""The log of support: what was talked about stays with those who counsel, counts stay when notes go."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.enquiries.days import TooFarAhead
from kontaktstelle.enquiries.figures import Period
from kontaktstelle.enquiries.keeping import ChangedMeanwhile
from kontaktstelle.groups.models import Group, YearlyCampaign, YearlyUpdate
from kontaktstelle.groups.yearly import asking
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import retention
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.support import coming, figures, helper_dates, log, signs
from kontaktstelle.support.figures import By, Unit
from kontaktstelle.support.log import Facts
from kontaktstelle.support.models import HelperDate, SupportEntry, SupportKind
from support.desk import AT, make_staff
from support.people import make_group

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
ADVICE = Facts(SupportKind.ADVICE, TODAY, note="Kanariennotiz: Frau K. und Herr L. streiten")
INSIDE = Facts(SupportKind.ACCOMPANIMENT, TODAY, asked_how="in-session")


@pytest.fixture
def group(office):
    return make_group(office)


def test_a_talk_is_noted_with_its_note_sealed_and_a_line_in_the_trail(here, group, counsellor):
    entry = log.note(group, replace(ADVICE, minutes=45, who="member"), by=counsellor, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT note_sealed FROM support_supportentry")
        assert b"Kanarien" not in bytes(cursor.fetchone()[0])
    assert log.entries_of(group, by=counsellor, at=AT)[0].note.startswith("Kanariennotiz")
    assert list(
        TrailEntry.objects.filter(action__startswith="support.")
        .order_by("number")
        .values_list("action", flat=True)
    ) == ["support.noted", "support.read"]
    assert str(entry) == str(entry.pk)


def test_who_leads_and_does_not_counsel_neither_reads_nor_writes_it(here, group, counsellor, lead, reception):
    entry = log.note(group, ADVICE, by=counsellor, at=AT)
    for other in (lead, reception):
        for step in (
            lambda by: log.note(group, ADVICE, by=by, at=AT),
            lambda by: log.entries_of(group, by=by, at=AT),
            lambda by: log.rewrite(entry, ADVICE, by=by, at=AT, seen=1),
            lambda by: log.take_back(entry, by=by, at=AT, seen=1),
            lambda by: log.next_done(entry, by=by, at=AT),
            lambda by: signs.set_aside(group, "one-person", TODAY + timedelta(9), by=by, at=AT),
            lambda by: signs.bring_back(group, "one-person", by=by, at=AT),
            lambda by: helper_dates.tell(group, TODAY, "Haus", by=by, at=AT),
        ):
            with pytest.raises(NotAllowed):
                step(other)


def test_nobody_goes_into_a_session_unless_the_whole_group_was_asked(here, group, counsellor):
    with pytest.raises(log.NotAllAsked):
        log.note(group, replace(INSIDE, asked_how=""), by=counsellor, at=AT)
    with pytest.raises(log.NotAllAsked):
        log.note(group, replace(INSIDE, asked_how="die Leiterin sagt ja"), by=counsellor, at=AT)
    entry = log.note(group, INSIDE, by=counsellor, at=AT)
    assert entry.get_asked_how_display() == "in einem Treffen, alle waren dafür"
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportEntry.objects.filter(pk=entry.pk).update(asked_how="")


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (replace(ADVICE, day=TODAY + timedelta(1)), log.DayUnfit),
        (replace(ADVICE, day=date(2023, 1, 1)), log.DayUnfit),
        (replace(ADVICE, minutes=0), log.LengthUnfit),
        (replace(ADVICE, minutes=1000), log.LengthUnfit),
        (replace(ADVICE, kind="gossip"), log.NoSuchChoice),
        (replace(ADVICE, who="Frau K."), log.NoSuchChoice),
        (replace(ADVICE, asked_how="each"), log.NoSuchChoice),
        (replace(ADVICE, next_on=TODAY - timedelta(1)), log.NextUnfit),
        (replace(ADVICE, next_on=TODAY + timedelta(500)), TooFarAhead),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(here, group, counsellor, facts, refusal):
    with pytest.raises(refusal) as refused:
        log.note(group, facts, by=counsellor, at=AT)
    assert refused.value.sentence.endswith(".")
    assert not SupportEntry.objects.exists()


def test_a_double_click_counts_once(here, group, counsellor):
    key = uuid4()
    first = log.note(group, ADVICE, by=counsellor, at=AT, form_key=key)
    assert log.note(group, ADVICE, by=counsellor, at=AT, form_key=key) == first
    assert SupportEntry.objects.count() == 1


def test_of_two_who_change_one_entry_one_wins_and_the_other_hears_of_it(here, group, counsellor):
    entry = log.note(group, ADVICE, by=counsellor, at=AT)
    log.rewrite(entry, replace(ADVICE, kind=SupportKind.CONFLICT), by=counsellor, at=AT, seen=1)
    for step in (
        lambda: log.rewrite(entry, ADVICE, by=counsellor, at=AT, seen=1),
        lambda: log.take_back(entry, by=counsellor, at=AT, seen=1),
    ):
        with pytest.raises(ChangedMeanwhile):
            step()
    assert SupportEntry.objects.get().kind == "conflict"
    log.take_back(entry, by=counsellor, at=AT, seen=2)
    assert not SupportEntry.objects.exists()
    with pytest.raises(ChangedMeanwhile):
        log.take_back(entry, by=counsellor, at=AT, seen=2)


def test_what_is_next_falls_on_a_day_somebody_is_there_and_is_done_once(here, group, counsellor):
    colleague = make_staff(here, "kollegin")
    # The office is open on Tuesdays and Thursdays.
    facts = replace(ADVICE, next_on=date(2026, 3, 14), next_by=colleague)
    entry = log.note(group, facts, by=counsellor, at=AT)
    assert entry.next_on == date(2026, 3, 17)
    assert coming.due(date(2026, 3, 16)) == []
    (found,) = coming.due(date(2026, 3, 17))
    assert (found.group, found.by) == (group, colleague)
    assert len(coming.ahead()) == 1
    log.next_done(entry, by=counsellor, at=AT)
    log.next_done(entry, by=counsellor, at=AT)
    assert coming.ahead() == []
    assert TrailEntry.objects.filter(action="support.next-done").count() == 1


def test_only_who_accompanies_groups_can_be_responsible(here, group, counsellor, reception):
    with pytest.raises(log.NextUnfit):
        log.note(group, replace(ADVICE, next_on=TODAY, next_by=reception), by=counsellor, at=AT)


@pytest.mark.parametrize(("kind", "how"), [("advice", "talk"), ("visit", "visit")])
def test_a_talk_confirms_the_entry_by_the_way_and_closes_the_yearly_question(
    here, group, counsellor, kind, how
):
    YearlyCampaign.objects.create(contact_point=here, begins_on=date(2025, 1, 1))
    open_one = YearlyUpdate.objects.create(contact_point=here, group=group, opened_on=TODAY)
    log.note(group, replace(ADVICE, kind=SupportKind(kind)), by=counsellor, at=AT, confirms=True)
    group.refresh_from_db()
    open_one.refresh_from_db()
    assert group.confirmed_on == TODAY
    assert (open_one.status, open_one.how) == ("confirmed", how)
    assert asking.to_decide() == []


def test_a_fellowship_without_names_is_asked_for_no_contact_person(here, counsellor):
    fellowship = make_group(here, is_anonymous_fellowship=True)
    assert "contact-person" not in log.who_offered(fellowship)
    with pytest.raises(log.HasNoNames):
        log.note(fellowship, replace(ADVICE, who="contact-person"), by=counsellor, at=AT)
    assert log.note(fellowship, replace(ADVICE, who="member"), by=counsellor, at=AT)


def test_nothing_of_another_office_can_be_supported_or_seen(
    here, counsellor, office_elsewhere, counsellor_elsewhere
):
    group = make_group(here)
    log.note(group, ADVICE, by=counsellor, at=AT)
    with acting_for(office_elsewhere):
        assert not SupportEntry.objects.exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            log.note(group, ADVICE, by=counsellor_elsewhere, at=AT)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(list(SupportKind)), st.integers(0, 700), st.booleans(), st.integers(0, 2)),
        max_size=8,
    )
)
def test_every_count_is_the_same_before_and_after_the_notes_are_gone(office, made):
    """The law of figures: the night takes notes, days and who came, and no number changes."""
    with acting_for(office):
        SupportEntry.objects.all().delete()
        by = counsellor_of(office)
        groups = groups_of(office)
        for kind, days_ago, has_note, which in made:
            facts = Facts(
                kind, TODAY - timedelta(days_ago), note="Kanariennotiz" if has_note else "", minutes=30,
                asked_how="each" if kind == SupportKind.ACCOMPANIMENT else "", site=office.sites.first(),
            )  # fmt: skip
            log.note(groups[which], facts, by=by, at=AT)
        period = Period(date(2023, 1, 1), date(2030, 1, 1))

        def tables():
            return [
                figures.counted(period, *by, unit=unit)
                for unit in Unit
                for by in ((), (By.KIND,), (By.MONTH, By.KIND), (By.OFFICE, By.SITE))
            ]

        before = tables()
        for unit in (Unit.ENTRIES, Unit.MINUTES):
            for by in (By.KIND, By.MONTH, By.SITE):
                table = figures.counted(period, by, unit=unit)
                assert sum(count for _, count in table.values) == table.total
        retention.run(at=AT + timedelta(400))
        assert tables() == before
        assert not SupportEntry.objects.exclude(note_sealed=None).exists()
        assert SupportEntry.objects.filter(de_identified=True).count() == len(made)


def counsellor_of(office):
    from kontaktstelle.organisation.models import Staff

    return Staff.objects.filter(contact_point=office).first() or make_staff(office)


def groups_of(office):
    found = list(Group.objects.order_by("name"))
    return found or [make_group(office, f"Gruppe {number}, Beispiel") for number in range(3)]


def test_notes_go_after_a_year_unless_a_date_with_the_group_stands(here, group, counsellor):
    log.note(group, ADVICE, by=counsellor, at=AT)
    waits = log.note(group, replace(ADVICE, next_on=TODAY + timedelta(300)), by=counsellor, at=AT)
    retention.run(at=AT + timedelta(364))
    assert not SupportEntry.objects.filter(de_identified=True).exists()
    retention.run(at=AT + timedelta(366))
    (kept,) = SupportEntry.objects.filter(de_identified=False)
    assert kept == waits
    gone = SupportEntry.objects.get(de_identified=True)
    assert (gone.day, gone.who, gone.note, gone.next_by) == (None, "unknown", None, None)
    with pytest.raises(log.OnlyCounted):
        log.rewrite(gone, ADVICE, by=counsellor, at=AT, seen=gone.version)


def test_no_figure_is_of_a_member_of_staff():
    assert not {each.value for each in By} & {"staff", "by", "next_by", "entered_by"}
    assert "by" not in {field.name for field in SupportEntry._meta.fields} - {"next_by"}


def test_a_group_visited_twice_is_one_group_reached(here, group, counsellor):
    other = make_group(here, "Gruppe Trauer, Beispiel")
    for each, day in ((group, TODAY), (group, date(2026, 1, 9)), (other, TODAY)):
        log.note(each, replace(ADVICE, kind=SupportKind.VISIT, day=day), by=counsellor, at=AT)
    reached = figures.counted(Period.year(2026), By.MONTH, unit=Unit.GROUPS)
    assert reached.total == 2
    assert (reached.of("2026-01"), reached.of("2026-03")) == (1, 2)
    assert figures.counted(Period.year(2026), By.KIND).of("visit") == 3


def test_a_date_for_helpers_is_gone_the_day_after(here, group, counsellor):
    helper_dates.tell(group, TODAY, "Kanarienhaus", by=counsellor, at=AT)
    retention.run(at=AT + timedelta(1))
    assert not HelperDate.objects.exists()
