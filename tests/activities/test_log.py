"""What an office did is noted quickly, counted rightly, and can be taken back."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.activities import figures, kinds, log, sheet
from kontaktstelle.activities.figures import By, Unit
from kontaktstelle.activities.kinds import KINDS, UnknownKind
from kontaktstelle.activities.log import Facts
from kontaktstelle.activities.models import ActivityRecord
from kontaktstelle.enquiries.figures import Period
from kontaktstelle.enquiries.keeping import ChangedMeanwhile
from kontaktstelle.organisation.models import Site, Staff
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from support.desk import AT, make_staff
from support.people import make_group

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
POSTS = Facts("post", TODAY, TODAY, times=3)


def test_three_posts_are_one_row_and_count_three(here, reception):
    log.note(POSTS, by=reception, at=AT)
    assert ActivityRecord.objects.count() == 1
    assert figures.counted(Period.year(2026), By.KIND).of("post") == 3


def test_a_month_is_enough_where_nobody_knows_the_day(here, counsellor):
    row = log.note(Facts("talk", date(2026, 2, 14)), by=counsellor, at=AT)
    assert (row.month, row.day) == (date(2026, 2, 1), None)


def test_a_double_click_counts_once(here, counsellor):
    key = uuid4()
    first = log.note(POSTS, by=counsellor, at=AT, form_key=key)
    assert log.note(POSTS, by=counsellor, at=AT, form_key=key) == first
    assert ActivityRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (replace(POSTS, day=TODAY + timedelta(1)), log.DayUnfit),
        (replace(POSTS, day=None, month=date(2026, 4, 1)), log.DayUnfit),
        (replace(POSTS, day=date(1999, 1, 1)), log.DayUnfit),
        (replace(POSTS, kind="rumour"), UnknownKind),
        (replace(POSTS, times=0), log.NumberUnfit),
        (replace(POSTS, reached=-1), log.NumberUnfit),
        (replace(POSTS, minutes=10**9), log.NumberUnfit),
        (replace(POSTS, group=uuid4()), log.PlaceUnfit),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(here, counsellor, facts, refusal):
    with pytest.raises(refusal) as refused:
        log.note(facts, by=counsellor, at=AT)
    assert refused.value.sentence.endswith(".")


def test_a_site_or_group_of_another_office_is_refused(here, counsellor, office_elsewhere):
    with acting_for(office_elsewhere):
        group = make_group(office_elsewhere)
    for facts in (replace(POSTS, site=office_elsewhere.sites.get()), replace(POSTS, group=group.pk)):
        with pytest.raises(log.PlaceUnfit):
            log.note(facts, by=counsellor, at=AT)


def test_who_only_keeps_the_directory_notes_nothing(here, office):
    upkeep = make_staff(office, "pflege", roles=("upkeep",))
    with pytest.raises(NotAllowed):
        log.note(POSTS, by=upkeep, at=AT)


def test_a_change_is_taken_back_exactly_and_of_two_one_wins(here, counsellor):
    row = log.note(replace(POSTS, site=here.sites.get(), text="Aktionstag"), by=counsellor, at=AT)
    before = sheet.written([row])
    changed = log.change(row, Facts("talk", TODAY, times=2, reached=40), by=counsellor, at=AT, seen=1)
    assert changed.kind == "talk"
    with pytest.raises(ChangedMeanwhile):
        log.change(row, POSTS, by=counsellor, at=AT, seen=1)
    log.undo(changed, by=counsellor, at=AT, seen=2)
    assert sheet.written([ActivityRecord.objects.select_related("site").get()]) == before
    with pytest.raises(log.NothingToUndo):
        log.undo(changed, by=counsellor, at=AT, seen=3)


def test_taken_out_it_is_not_counted_any_more(here, counsellor):
    row = log.note(POSTS, by=counsellor, at=AT)
    log.take_out(row, by=counsellor, at=AT)
    log.take_out(row, by=counsellor, at=AT)
    assert figures.counted(Period.year(2026)).total == 0


def test_the_database_keeps_a_day_in_its_month(here, counsellor):
    row = log.note(POSTS, by=counsellor, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityRecord.objects.filter(pk=row.pk).update(month=date(2026, 3, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityRecord.objects.filter(pk=row.pk).update(month=date(2026, 4, 1))


def test_another_office_sees_none_of_it(here, counsellor, office_elsewhere):
    log.note(POSTS, by=counsellor, at=AT)
    with acting_for(office_elsewhere):
        assert figures.counted(Period.year(2026)).total == 0


def test_an_ended_kind_reads_as_it_was_written_and_is_not_offered_any_more(monkeypatch, here, counsellor):
    monkeypatch.setitem(KINDS, "podcast", replace(KINDS["podcast"], until=2025))
    assert log.note(Facts("podcast", date(2025, 6, 1)), by=counsellor, at=AT)
    with pytest.raises(UnknownKind):
        log.note(Facts("podcast", TODAY), by=counsellor, at=AT)
    assert "podcast" not in {kind.key for kind in kinds.offered(2026)}


def test_kinds_have_their_own_words_and_keys():
    for name in ("shortcut", "label"):
        said = [getattr(kind, name) for kind in KINDS.values() if getattr(kind, name)]
        assert len(said) == len(set(said))
    words = [
        word
        for kind in KINDS.values()
        for word in {kind.key, kind.label.lower(), kind.several.lower(), *kind.also}
    ]
    assert len(words) == len(set(words))


def test_three_first_aid_refreshers_stand_as_such(here, counsellor):
    refresher = Facts("training", TODAY, reached=12, waiting=2, text="Erste-Hilfe-Auffrischung")
    for _ in range(3):
        log.note(refresher, by=counsellor, at=AT)
    log.note(Facts("training", TODAY), by=counsellor, at=AT)
    assert figures.titles(Period.year(2026), "training") == [("Erste-Hilfe-Auffrischung", 3), ("", 1)]
    assert figures.counted(Period.year(2026), By.KIND, unit=Unit.REACHED).of("training") == 36
    assert figures.counted(Period.year(2026), unit=Unit.WAITING).total == 6


FACTS = st.builds(
    Facts,
    kind=st.sampled_from(list(KINDS)),
    month=st.dates(date(2025, 1, 1), TODAY),
    day=st.none() | st.dates(date(2025, 1, 1), TODAY),
    times=st.integers(1, 30),
    reached=st.none() | st.integers(0, 5000),
    waiting=st.none() | st.integers(0, 50),
    minutes=st.none() | st.integers(0, 6000),
    text=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FACTS, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_every_table_equals_a_plain_count_and_adds_up_and_a_list_comes_back_identical(
    office, several, at_site
):
    with acting_for(office):
        ActivityRecord.objects.all().delete()
        by = Staff.objects.filter(contact_point=office).first() or make_staff(office)
        site = office.sites.get()
        several = [
            replace(facts, site=site if here else None) for facts, here in zip(several, at_site, strict=False)
        ]
        log.note_all(several, by=by, at=AT)
        period = Period(date(2025, 1, 1), date(2026, 3, 1))
        for unit in Unit:
            plain = {}
            for facts in several:
                key = (facts.kind, f"{facts.day or facts.month:%Y-%m}", "haupt" if facts.site else "")
                plain[key] = plain.get(key, 0) + (getattr(facts, unit.value) or 0)
            table = figures.counted(period, By.KIND, By.MONTH, By.SITE, unit=unit)
            assert dict(table.values) == {key: count for key, count in plain.items() if count}
            for each in By:
                narrow = figures.counted(period, each, unit=unit)
                assert sum(count for _, count in narrow.values) == narrow.total == sum(plain.values())
        rows = log.of_months(period.first, period.last)
        out = sheet.written(rows)
        sites = {each.name.lower(): each for each in Site.objects.filter(contact_point=office)}
        back = sheet.read(out, sites=sites, known=[])
        assert list(back.new) == [replace(log.facts_of(row), text=row.text) for row in rows]
        again = sheet.read(out, sites=sites, known=[row.pk for row in rows])
        assert (again.new, again.known) == ((), len(rows))
