"""Applications from the first word to repayment: every step from every status, by those who may, once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from kontaktstelle.funding import applications, programmes, seats, sheet
from kontaktstelle.funding.lifecycle import HAS_MONEY, ApplicationStatus, WrongStatus
from kontaktstelle.funding.models import Application, AwardingSeat, FundingCard, Programme
from kontaktstelle.groups.models import Answer, Group
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import retention, trail
from kontaktstelle.privacy.models import TrailEntry
from support.people import A_DAY, A_MOMENT, make_group, make_member

pytestmark = pytest.mark.django_db
S = ApplicationStatus
LATER = A_DAY + timedelta(days=200)

STEPS = {
    "wants": (S.WANTS, lambda n, by: applications.wants(n, by=by, at=A_MOMENT)),
    "declines": (S.DECLINED, lambda n, by: applications.declines(n, by=by, at=A_MOMENT)),
    "submits": (S.SUBMITTED, lambda n, by: applications.submits(n, by=by, at=A_MOMENT)),
    "more wanted": (S.MORE_WANTED, lambda n, by: applications.more_wanted(n, by=by, at=A_MOMENT)),
    "granted": (
        S.GRANTED,
        lambda n, by: applications.granted(n, cents=50_000, on=A_DAY, proof_due_on=LATER, by=by, at=A_MOMENT),
    ),
    "refused": (S.REFUSED, lambda n, by: applications.refused(n, by=by, at=A_MOMENT)),
    "proof in": (S.PROOF_SUBMITTED, lambda n, by: applications.proof_submitted(n, by=by, at=A_MOMENT)),
    "proof back": (S.PROOF_DUE, lambda n, by: applications.proof_returned(n, proof_due_on=LATER, by=by, at=A_MOMENT)),
    "repayment": (S.REPAYMENT, lambda n, by: applications.proof_checked(n, repay_cents=500, by=by, at=A_MOMENT)),
    "settled": (S.SETTLED, lambda n, by: applications.proof_checked(n, by=by, at=A_MOMENT)),
    "repaid": (S.SETTLED, lambda n, by: applications.repaid(n, by=by, at=A_MOMENT)),
}  # fmt: skip


@pytest.fixture
def in_status(office, make_round):
    """An application of a group, as if it had come to a status."""
    group, round_ = make_group(office), make_round(A_DAY + timedelta(days=90))

    def made(status):
        money = (
            {"granted_cents": 50_000, "granted_on": A_DAY, "proof_due_on": LATER}
            if status in HAS_MONEY
            else {}
        )
        if status == S.REPAYMENT:
            money["repay_cents"] = 500
        with acting_for(office):
            return Application.objects.create(
                contact_point=office, group=group, round=round_, status=status, began_at=A_MOMENT, changed_at=A_MOMENT, **money
            )  # fmt: skip

    return made


@pytest.mark.parametrize("now", list(S))
@pytest.mark.parametrize("step", STEPS)
def test_each_step_goes_from_where_the_table_says_and_is_refused_in_words_from_anywhere_else(
    office, counsellor, in_status, now, step
):
    from kontaktstelle.funding.lifecycle import APPLICATION_STEPS

    application = in_status(now)
    to, take = STEPS[step]
    with acting_for(office):
        if to in APPLICATION_STEPS[now]:
            assert take(application.pk, counsellor).status == to
            assert TrailEntry.objects.filter(action=f"application.{to}").count() == 1
        elif to == now:
            take(application.pk, counsellor)  # a second click
        else:
            with pytest.raises(WrongStatus) as refused:
                take(application.pk, counsellor)
            assert refused.value.sentence.endswith(".")
            assert Application.objects.get().status == now


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ["reception", "upkeep", "dpo", "operator"])
def test_money_of_a_group_is_for_those_who_accompany_it(office, in_status, step, role):
    application = in_status(S.INFORMED)
    somebody = make_member(office, role, second_factor=False)
    with acting_for(office), pytest.raises(NotAllowed):
        STEPS[step][1](application.pk, somebody)


def test_the_second_click_writes_nothing(office, counsellor, in_status):
    application = in_status(S.SUBMITTED)
    with acting_for(office):
        for _ in range(2):
            STEPS["granted"][1](application.pk, counsellor)
    assert TrailEntry.objects.filter(action="application.granted").count() == 1
    assert trail.broken_at(office.pk) is None


def test_more_than_was_granted_is_not_paid_back(office, counsellor, in_status):
    application = in_status(S.PROOF_SUBMITTED)
    with acting_for(office):
        with pytest.raises(applications.RepaysTooMuch):
            applications.proof_checked(application.pk, repay_cents=50_001, by=counsellor, at=A_MOMENT)
        with pytest.raises(applications.SumWrong):
            applications.proof_checked(application.pk, repay_cents=-1, by=counsellor, at=A_MOMENT)


def test_the_database_refuses_money_that_was_not_granted(office, in_status):
    application = in_status(S.SUBMITTED)
    with acting_for(office), transaction.atomic(), pytest.raises(IntegrityError):
        Application.objects.filter(pk=application.pk).update(granted_cents=1)


def test_no_bank_data_has_a_place(office):
    names = {
        field.name for model in (Application, FundingCard, Programme) for field in model._meta.get_fields()
    }
    assert not [name for name in names if any(word in name for word in ("iban", "bank", "bic"))]
    assert FundingCard._meta.get_field("has_account").choices == Answer.choices


def test_the_office_keeps_its_own_applications_and_sees_their_days(office, counsellor, make_round):
    round_ = make_round(A_DAY + timedelta(days=30), for_offices=True, for_groups=False)
    with acting_for(office):
        own = applications.begin(round_.pk, group=None, by=counsellor, at=A_MOMENT)
        assert applications.begin(round_.pk, group=None, by=counsellor, at=A_MOMENT).pk == own.pk
        assert [what for _, what, _ in applications.own_deadlines(on=A_DAY)] == ["Antrag"]
        applications.submits(own.pk, by=counsellor, at=A_MOMENT, asked_cents=1_000_000)
        applications.granted(own.pk, cents=900_000, on=A_DAY, proof_due_on=LATER, by=counsellor, at=A_MOMENT)
        assert [(day, what) for day, what, _ in applications.own_deadlines(on=A_DAY)] == [
            (LATER, "Verwendungsnachweis")
        ]
        with pytest.raises(applications.NotForThem):
            applications.begin(round_.pk, group=make_group(office), by=counsellor, at=A_MOMENT)


def test_another_office_has_nothing_of_it(office, office_elsewhere, counsellor, in_status):
    application = in_status(S.INFORMED)
    theirs = make_member(office_elsewhere, "counsels", second_factor=False)
    with acting_for(office_elsewhere), pytest.raises(Application.DoesNotExist):
        applications.wants(application.pk, by=theirs, at=A_MOMENT)


def test_who_sits_where_money_is_awarded_is_known_and_names_lie_sealed(office, counsellor):
    programme = Programme.objects.create(key="p", name="P", kind="gkv-flat", source="Beispiel")
    votes = AwardingSeat.Capacity.VOTES
    with acting_for(office):
        mine = seats.seat(programme, votes, since=A_DAY, staff=counsellor, by=counsellor, at=A_MOMENT)
        named = seats.seat(
            programme, votes, since=A_DAY, person="Karla Kanarienvogel", by=counsellor, at=A_MOMENT
        )
        assert seats.sits_there(programme, counsellor, on=A_DAY)
        assert AwardingSeat.objects.get(pk=named.pk).person == "Karla Kanarienvogel"
        assert b"Kanarienvogel" not in bytes(AwardingSeat.objects.get(pk=named.pk).person_sealed)
        with pytest.raises(seats.NobodySits):
            seats.seat(programme, votes, since=A_DAY, by=counsellor, at=A_MOMENT)
        with pytest.raises(seats.EndsBefore):
            seats.leave(mine.pk, until=A_DAY - timedelta(days=1), by=counsellor, at=A_MOMENT)
        seats.leave(mine.pk, until=A_DAY + timedelta(days=1), by=counsellor, at=A_MOMENT)
        assert not seats.sits_there(programme, counsellor, on=A_DAY + timedelta(days=2))


def test_the_sheet_for_the_form_is_filled_as_far_as_we_know(office, counsellor):
    group = make_group(office, members=9, founded="2019-03", led_by_professionals="no")
    with acting_for(office):
        group.note = "nichts für Fördernde"
        group.save()
        applications.fill_card(group, by=counsellor, at=A_MOMENT, has_account=Answer.YES)
        said = dict(sheet.lines(group))
    assert said["Mitglieder"] == "9"
    assert said["gegründet"] == "2019-03"
    assert said["eigenes Konto"] == "ja"
    assert said["Gründungsprotokoll"] == "–"
    assert said["Treffen"] == "jeden 1. Dienstag im Monat, 19 Uhr"
    assert "nichts für Fördernde" not in str(said)


def test_a_deadline_without_a_day_is_checked_only_on_purpose(office, counsellor, make_round):
    round_ = make_round(None, year=2026, checked=False)
    with acting_for(office):
        with pytest.raises(programmes.DayMissing):
            programmes.check_round(round_.pk, by=counsellor, at=A_MOMENT)
        assert programmes.check_round(round_.pk, by=counsellor, at=A_MOMENT, has_no_date=True).is_checked
    assert date(2026, 1, 1) < A_DAY


def test_a_funding_form_confirms_the_group_by_the_way(office, counsellor, in_status):
    application = in_status(S.WANTS)
    with acting_for(office):
        done = applications.submits(application.pk, by=counsellor, at=A_MOMENT, facts_are_right=True)
        assert Group.objects.get(pk=done.group_id).confirmed_on == A_DAY


def test_the_night_lets_papers_go_when_nobody_may_ask_for_them_any_more(office, counsellor, in_status):
    application = in_status(S.SETTLED)
    with acting_for(office):
        programme = Programme.objects.get()
        seated = seats.seat(
            programme,
            AwardingSeat.Capacity.VOTES,
            since=A_DAY,
            person="Karla Kanarienvogel",
            by=counsellor,
            at=A_MOMENT,
        )
        seats.leave(seated.pk, until=A_DAY, by=counsellor, at=A_MOMENT)
    retention.run(at=A_MOMENT + timedelta(days=6 * 365 - 1))
    with acting_for(office):
        assert not AwardingSeat.objects.exists()
        assert Application.objects.get().pk == application.pk
    retention.run(at=A_MOMENT + timedelta(days=6 * 365))
    with acting_for(office):
        assert not Application.objects.exists()
        assert Group.objects.exists()  # the group's history stays
