"""The register of programmes: what is shipped is never checked, what an office knows is never overwritten, dates are carried on unchecked."""

from datetime import date, timedelta

import icalendar
import pytest

from kontaktstelle.funding import applications, feed, matching, programmes
from kontaktstelle.funding.models import FundingRound, Programme
from kontaktstelle.funding.steps import step_due
from kontaktstelle.groups.models import Answer
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from support.people import A_DAY, A_MOMENT, make_group, make_member

pytestmark = pytest.mark.django_db


def test_what_is_shipped_has_a_source_and_is_checked_by_nobody():
    counts = programmes.load(at=A_MOMENT)
    assert counts.added > 40
    assert {each.land for each in Programme.objects.all()} >= set(
        "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH".split()
    )
    for each in [*Programme.objects.all(), *FundingRound.objects.all()]:
        assert each.source
        assert each.checked_on is None
    assert programmes.load(at=A_MOMENT) == programmes.Counts()
    # As the field notes it: Saxony, original, late is refused.
    saxony = FundingRound.objects.get(key="sn-gkv-pauschal-2026-1")
    assert (saxony.due_on, saxony.is_final) == (date(2026, 1, 31), True)


def test_a_newer_file_leaves_what_an_office_checked_and_says_so(office, counsellor, tmp_path):
    programmes.load(at=A_MOMENT)
    checked = FundingRound.objects.get(key="nw-gkv-pauschal-2025-1")
    with acting_for(office):
        programmes.check_round(checked.pk, by=counsellor, at=A_MOMENT)
    for name in ("programmes.tsv", "rounds.tsv"):
        text = (programmes.DATA / name).read_text("utf-8")
        (tmp_path / name).write_text(
            text.replace("2025-03-31\t\tunknown\twiesenetz", "2025-04-30\t\tunknown\twiesenetz"), "utf-8"
        )
    counts = programmes.load(at=A_MOMENT, folder=tmp_path)
    checked.refresh_from_db()
    assert (checked.due_on, checked.to_review, counts.to_review) == (date(2025, 3, 31), True, 1)


def test_a_damaged_file_changes_nothing(tmp_path):
    (tmp_path / "programmes.tsv").write_text("x\ty\n", "utf-8")
    (tmp_path / "rounds.tsv").write_text("", "utf-8")
    with pytest.raises(programmes.FundingUnreadable):
        programmes.load(at=A_MOMENT, folder=tmp_path)
    assert not Programme.objects.exists()


def test_a_year_on_every_date_is_there_again_and_unchecked(office, counsellor, make_round):
    leap = make_round(date(2024, 2, 29))
    assert programmes.roll_over_what_is_due(at=A_MOMENT, on=date(2026, 6, 30)) == 1
    assert programmes.roll_over_what_is_due(at=A_MOMENT, on=date(2026, 7, 1)) == 1
    assert programmes.roll_over_what_is_due(at=A_MOMENT, on=date(2026, 7, 1)) == 0
    carried = FundingRound.objects.filter(programme=leap.programme, year__gt=2024).order_by("year")
    assert [each.due_on for each in carried] == [date(2026, 2, 28), date(2027, 2, 28)]
    assert not any(each.is_checked for each in carried)
    with acting_for(office):
        assert programmes.unchecked_rounds(office.pk, on=date(2026, 7, 1)).get(
            programme=leap.programme
        ).due_on == date(2027, 2, 28)


def test_what_somebody_entered_for_the_year_is_not_carried_beside_it(office, counsellor, make_round):
    round_ = make_round(date(2025, 3, 31))
    with acting_for(office):
        programmes.add_round(
            round_.programme,
            {"year": 2026, "due_on": date(2026, 4, 15), "source": "Anruf"},
            by=counsellor,
            at=A_MOMENT,
        )
    assert programmes.roll_over(2026, at=A_MOMENT) == 0


def test_a_date_that_becomes_known_takes_the_place_of_the_carried_one(office, counsellor, make_round):
    round_ = make_round(date(2025, 3, 31))
    programmes.roll_over(2026, at=A_MOMENT)
    with acting_for(office):
        programmes.add_round(
            round_.programme,
            {"year": 2026, "due_on": date(2026, 4, 15), "source": "Anruf"},
            by=counsellor,
            at=A_MOMENT,
        )
        ahead = programmes.unchecked_rounds(office.pk, on=date(2026, 1, 1))
        assert [each.due_on for each in ahead] == [date(2026, 4, 15)]


def test_a_changed_date_is_unchecked_and_an_unchanged_one_stays_checked(office, counsellor, make_round):
    round_ = make_round(date(2026, 6, 30))
    with acting_for(office):
        assert programmes.change_round(
            round_.pk, {"due_on": date(2026, 6, 30)}, by=counsellor, at=A_MOMENT
        ).is_checked
        assert not programmes.change_round(
            round_.pk, {"note": "nur per Post"}, by=counsellor, at=A_MOMENT
        ).is_checked


def test_a_town_s_own_programme_is_its_office_s_alone(office, office_elsewhere, counsellor):
    theirs = make_member(office_elsewhere, "counsels", second_factor=False)
    with acting_for(office):
        own = programmes.add_programme(
            {"key": "unna-topf", "name": "Selbsthilfetopf", "kind": "municipal", "kreis_key": "05978", "source": "Stadt"},
            by=counsellor, at=A_MOMENT,
        )  # fmt: skip
        round_ = programmes.add_round(
            own, {"year": 2026, "due_on": date(2026, 5, 1), "source": "Stadt"}, by=counsellor, at=A_MOMENT
        )
    with acting_for(office_elsewhere):
        assert own not in programmes.programmes_of(office_elsewhere.pk)
        with pytest.raises(programmes.NotTheirs):
            programmes.check_round(round_.pk, by=theirs, at=A_MOMENT)
    reception = make_member(office, "reception", second_factor=False)
    with acting_for(office), pytest.raises(NotAllowed):
        programmes.check_round(round_.pk, by=reception, at=A_MOMENT)


def test_doubts_are_said_with_reasons_and_shut_nobody_out(office, counsellor, make_round):
    programme = make_round(
        date(2026, 6, 30), min_members=6, min_months=12, wants_account=True, wants_minutes=True, wants_own_lead=True,
        topic_fields=["Sucht"],
    ).programme  # fmt: skip
    group = make_group(office, members=4, founded="2026-01", led_by_professionals="yes")
    with acting_for(office):
        applications.fill_card(group, by=counsellor, at=A_MOMENT, has_account=Answer.NO)
        (found,) = matching.possible(group, [programme], place=matching.Place(office), on=A_DAY)
    assert found.has_doubts
    said = {reason.sentence.split(":")[0]: reason.holds for reason in found.reasons}
    assert said == {
        "Mitglieder": "doubt", "Monate": "doubt", "eigenes Konto": "doubt", "Gründungsprotokoll": "unknown",
        "ohne fachliche Leitung": "doubt", "Thema": "doubt",
    }  # fmt: skip
    for reason in found.reasons:
        assert reason.sentence.endswith(".")


def test_place_decides_and_nothing_else(office, make_round):
    here, land, elsewhere, everywhere = (
        make_round(date(2026, 6, 30), **place).programme
        for place in ({"kreis_key": "05978"}, {}, {"land": "BY"}, {"land": ""})
    )
    group, online = (
        make_group(office),
        make_group(office, "Gruppe online, Beispiel", kreis_key="", forms=["online"]),
    )
    place = matching.Place(office)
    with acting_for(office):
        for each in (group, online):
            found = matching.possible(each, [here, land, elsewhere, everywhere], place=place, on=A_DAY)
            assert [each.programme for each in found] == [here, land, everywhere]


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (57, None),
        (56, "eight"),
        (22, "eight"),
        (21, "three"),
        (8, "three"),
        (7, "one"),
        (0, "one"),
        (-1, None),
    ],
)
def test_a_group_is_reminded_eight_three_and_one_week_before(days, step):
    assert step_due(A_DAY + timedelta(days=days), A_DAY) == step


def test_the_calendar_shows_what_is_unchecked_and_names_no_group(office, counsellor, make_round):
    make_round(date(2026, 6, 30), name="Pauschal", delivery="original")
    make_round(date(2026, 8, 30), name="Ungeprüftes", checked=False)
    make_round(date(2026, 9, 30), name="Bayern", land="BY")
    group = make_group(office, "Gruppe Kanarienvogel, Beispiel")
    own = make_round(date(2026, 5, 5), name="Eigenes", for_offices=True, for_groups=False)
    with acting_for(office):
        applications.begin(own.pk, group=None, by=counsellor, at=A_MOMENT)
        applications.begin(
            FundingRound.objects.get(programme__name="Pauschal").pk, group=group, by=counsellor, at=A_MOMENT
        )
        file = feed.calendar(office, at=A_MOMENT, on=A_DAY)
        assert file == feed.calendar(office, at=A_MOMENT, on=A_DAY)
    events = {str(each["summary"]): each for each in icalendar.Calendar.from_ical(file).walk("VEVENT")}
    assert set(events) == {
        "Antrag: Pauschal", "(ungeprüft) Antrag: Ungeprüftes", "Antrag: Eigenes", "Eigener Antrag: Eigenes",
    }  # fmt: skip
    assert events["Antrag: Pauschal"]["dtstart"].dt == date(2026, 6, 30)
    assert events["(ungeprüft) Antrag: Ungeprüftes"]["status"] == "TENTATIVE"
    # A Sunday: it is shown and warned of, not shifted.
    assert "Wochenende" in events["(ungeprüft) Antrag: Ungeprüftes"]["description"]
    assert b"Kanarienvogel" not in file
