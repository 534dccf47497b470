"""The wall between contact points: rows of one are not there for another, and not at all without saying for whom."""

from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps

from kontaktstelle.activities.models import ActivityRecord
from kontaktstelle.enquiries import models as enquiries
from kontaktstelle.foundings import meeting, starting
from kontaktstelle.foundings import models as foundings
from kontaktstelle.foundings.lifecycle import FoundingStatus
from kontaktstelle.funding import models as funding
from kontaktstelle.groups.entry.models import ContactConsent, EntryCriteria, EntryDecision, Farewell
from kontaktstelle.groups.models import (
    ConditionDefault,
    ContactPerson,
    Group,
    GroupChange,
    ImportMapping,
    ImportRun,
    LiveNotice,
    OwnPageKey,
    PostWish,
    Proposal,
    UploadedList,
    Venue,
    YearlyAsking,
    YearlyCampaign,
    YearlyUpdate,
)
from kontaktstelle.organisation.models import DelicateStep, Earlier, OfficeText
from kontaktstelle.organisation.tenancy import TenantManager, TenantModel, TenantNotSet, acting_for, current
from kontaktstelle.relay.models import Channel, Message, Party, ReceiptCode
from kontaktstelle.reporting.models import SearchCount, SearchCounting
from kontaktstelle.support import models as support
from support.desk import AT, KARLA, make_staff
from support.foundings import brought_to
from support.people import A_MOMENT, make_group, make_member

pytestmark = pytest.mark.django_db
TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]


def of_the_desk(office):
    """Return what a row of each model of enquiries needs."""
    month, at = date(2026, 3, 1), "2026-03-10T09:00:00Z"
    contact = {"month": month, "day": date(2026, 3, 10), "code_year": 2026, "entered_at": at}
    enquiry = {"number": "ABC-DEF", "month": month, "due_on": date(2026, 3, 12)}
    return {
        enquiries.Contact: contact,
        enquiries.MonthlyCount: {"month": month, "breakdown": "age", "value": "18-35"},
        enquiries.CodeSwitch: {"field": "age", "from_year": 2026},
        enquiries.OfficePeriod: {"key": "contact", "days": 14, "set_at": at},
        OfficeText: {"key": "crisis", "number": 1, "written_at": at},
        Earlier: {"kind": "office", "object_id": "1", "changed_at": at},
        enquiries.Enquiry: enquiry,
        enquiries.CallBack: {"party": uuid4(), "due_on": date(2026, 3, 12), "promised_at": at},
        enquiries.Clearing: {"month": month},
        enquiries.Consent: {"text_version": "1", "given_at": at, "erase_on": month},
        enquiries.HandOverNote: {"written_at": at, "erase_on": month},
    }


def make(model, office):  # noqa: PLR0911 - a table of cases
    with acting_for(office):
        if model in {
            enquiries.Note,
            enquiries.Referral,
            enquiries.Arrangement,
            enquiries.Absence,
            enquiries.PostedForm,
            enquiries.Intake,
            Message,
        }:
            return make_hanging(model, office)
        if model is Group:
            return make_group(office)
        if model in OF_A_GROUP:
            return make_of_a_group(model, office)
        if model._meta.app_label == "foundings":
            return make_of_a_founding(model, office)
        if model in apps.get_app_config("support").get_models():
            return make_of_support(model, office)
        if model is ContactPerson:
            return ContactPerson.objects.create(
                contact_point=office, group=make_group(office), party="00000000-0000-4000-8000-000000000001"
            )
        if model is GroupChange:
            return GroupChange.objects.create(
                contact_point=office, group=make_group(office), at=A_MOMENT, stamp=A_MOMENT, by="x"
            )
        if model is DelicateStep:
            return DelicateStep.objects.create(
                contact_point=office,
                kind="x",
                object_id="1",
                asked_by=make_member(office, "leads"),
                asked_at=A_MOMENT,
            )
        # The database asks of what they are about whether it is of the same office.
        about = make(enquiries.Enquiry, office).pk if model in {Channel, ReceiptCode} else None
        values = {
            Venue: {"name": "Haus"},
            ActivityRecord: {"kind": "post", "month": date(2026, 3, 1), "entered_at": A_MOMENT},
            ConditionDefault: {"field": "x"},
            ImportMapping: {},
            EntryCriteria: {
                "number": 1,
                "decided_on": date(2026, 3, 10),
                "written_at": A_MOMENT,
                "written_by": "x",
            },
            YearlyCampaign: {"begins_on": date(2026, 3, 10)},
            ImportRun: {"at": "2026-03-10T09:00:00Z", "by": "x", "file_name": "x.csv"},
            UploadedList: {"at": "2026-03-10T09:00:00Z", "by": "x", "file_name": "x.csv"},
            Party: {"registered_on": date(2026, 3, 10)},
            Channel: {"about": about, "other": "office", "opened_at": A_MOMENT},
            ReceiptCode: {"about": about, "lookup": "x", "proof": "x", "expires_on": date(2026, 9, 10)},
            SearchCount: {
                "quarter": date(2026, 1, 1), "topic": "grief", "kreis_key": "05978", "found_nearby": True, "count": 1,
            },
            SearchCounting: {},
            **of_the_desk(office),
        }[model]  # fmt: skip
        return model.objects.create(contact_point=office, **values)


OF_A_GROUP = {
    PostWish,
    OwnPageKey,
    LiveNotice,
    Proposal,
    EntryDecision,
    ContactConsent,
    Farewell,
    PostWish,
    YearlyUpdate,
    YearlyAsking,
    *apps.get_app_config("funding").get_models(),
}


def make_of_a_group(model, office):
    """Return a row about a group, or about the money it may ask for."""
    if model is YearlyAsking:
        update = make(YearlyUpdate, office)
        return model.objects.create(
            contact_point=office, update=update, way="mail", planned_on=date(2026, 3, 10), asked_on=date(2026, 3, 10)
        )  # fmt: skip
    programme, _ = funding.Programme.objects.get_or_create(
        key="p", name="P", kind="gkv-flat", source="Beispiel"
    )
    round_, _ = funding.FundingRound.objects.get_or_create(
        key="r", name="R", programme=programme, year=2026, source="Beispiel"
    )
    group = {"group": make_group(office)}
    values = {
        EntryDecision: {"number": 1, "outcome": "listed", "decided_at": A_MOMENT, "by": "x", **group},
        ContactConsent: {"way": "mail", "text_version": "x", "opened_on": date(2026, 3, 10), **group},
        Farewell: {"reason": "few", "said_at": A_MOMENT, "by": "x", **group},
        PostWish: {"way": "mail", **group},
        OwnPageKey: {"made_at": A_MOMENT, "expires_on": date(2026, 5, 10), **group},
        LiveNotice: {"kind": "paused", "said_at": A_MOMENT, **group},
        Proposal: {"field": "words", "said_at": A_MOMENT, **group},
        YearlyUpdate: {"opened_on": date(2026, 3, 10), **group},
        funding.FundingCard: group,
        funding.CalendarAddress: {"made_at": A_MOMENT, "made_by": "x"},
        funding.FundingSearch: {"year": 2026, "searched_on": date(2026, 3, 10), "searched_by": "x"},
        funding.Telling: {
            "about": "none", "year": 2026, "step": "once", "way": "call", "status": "to-call", "made_at": A_MOMENT, **group,
        },
        funding.Application: {"round": round_, "status": "wants", "began_at": A_MOMENT, "changed_at": A_MOMENT, **group},
        funding.AwardingSeat: {"programme": programme, "capacity": "votes", "since": date(2026, 3, 10)},
    }[model]  # fmt: skip
    return model.objects.create(contact_point=office, **values)


def make_of_a_founding(model, office):
    """Return a row of a founding, left there by the steps before a first meeting."""
    by = make_staff(office)
    if model is foundings.StartHelper:
        return starting.enrol(KARLA, topics=["tinnitus"], by=by, at=AT)
    founding = brought_to(FoundingStatus.APPOINTED, by)
    if model is foundings.MeetingInvitation:
        meeting.invite(foundings.FoundingMeeting.objects.get(), by=by, at=AT)
    return founding if model is foundings.Founding else model.objects.first()


def make_of_support(model, office):
    """Return a row about supporting a group."""
    month, day = date(2026, 3, 1), date(2026, 3, 10)
    values = {
        support.SupportEntry: {"kind": "advice", "month": month, "day": day, "entered_on": day},
        support.SignSetAside: {"code": "one-person", "until": day},
        support.HelperDate: {"on": day},
    }[model]
    return model.objects.create(contact_point=office, group=make_group(office), **values)


def make_hanging(model, office):  # noqa: PLR0911 - a table of cases
    """Return a row that hangs on another."""
    if model is enquiries.Arrangement:
        return model.objects.create(
            contact_point=office, group=make_group(office), agreed_on=date(2026, 3, 10)
        )
    if model is enquiries.PostedForm:
        by = make_staff(office, "formular")
        return model.objects.create(
            contact_point=office, key=uuid4(), step="x", posted_by=by, at="2026-03-10T09:00:00Z"
        )
    if model is enquiries.Absence:
        days = {"first_day": date(2026, 3, 10), "last_day": date(2026, 3, 12)}
        return model.objects.create(contact_point=office, staff=make_staff(office, "weg"), **days)
    if model is Message:
        return model.objects.create(
            contact_point=office, channel=make(Channel, office), side="seeker", sent_at=A_MOMENT
        )
    enquiry = make(enquiries.Enquiry, office)
    if model is enquiries.Intake:
        return model.objects.create(contact_point=office, enquiry=enquiry, at=A_MOMENT)
    if model is enquiries.Note:
        return model.objects.create(contact_point=office, enquiry=enquiry, written_at="2026-03-10T09:00:00Z")
    return model.objects.create(
        contact_point=office, enquiry=enquiry, group=make_group(office), route="R0", due_on=date(2026, 3, 12)
    )


# Public facts are for all offices; what an office does with them is its own.
FOR_ALL_OFFICES = {funding.Programme, funding.FundingRound}
APPS_OF_ONE_OFFICE = (
    "groups",
    "relay",
    "enquiries",
    "foundings",
    "funding",
    "support",
    "activities",
    "reporting",
)


def test_all_confidential_models_are_tenant_models():
    of_offices = {model for app in APPS_OF_ONE_OFFICE for model in apps.get_app_config(app).get_models()}
    assert set(TENANT_MODELS) == (of_offices - FOR_ALL_OFFICES) | {DelicateStep, OfficeText, Earlier}


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_outside_an_office_no_question_is_answered(office, model):
    row = make(model, office)
    asked = model.objects
    for question in (
        asked.all, asked.count, asked.exists, asked.aggregate, asked.first, model._default_manager.all, lambda: asked.get(pk=row.pk), lambda: asked.filter(pk=row.pk),
        lambda: asked.update(contact_point=office), lambda: asked.in_bulk([row.pk]), lambda: list(asked.iterator()), lambda: asked.order_by("pk"),
    ):  # fmt: skip
        with pytest.raises(TenantNotSet):
            question()


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_another_office_sees_nothing(office, office_elsewhere, model):
    row = make(model, office)
    with acting_for(office):
        assert model.objects.get(pk=row.pk) == row
    with acting_for(office_elsewhere):
        assert not model.objects.filter(pk=row.pk).exists()
        assert model.objects.count() == 0
        with pytest.raises(model.DoesNotExist):
            model.objects.get(pk=row.pk)
        assert model.objects.filter(pk=row.pk).update(contact_point=office_elsewhere) == 0
        assert model.objects.filter(pk=row.pk).delete()[0] == 0
    assert model.unscoped.get(pk=row.pk).contact_point_id == office.pk


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_every_tenant_model_answers_by_the_wall_and_confidential_rows_have_unguessable_keys(model):
    assert isinstance(model._default_manager, TenantManager)
    assert model._meta.base_manager_name == "unscoped"
    without_a_person = {
        enquiries.MonthlyCount,
        enquiries.CodeSwitch,
        enquiries.OfficePeriod,
        enquiries.PostedForm,
        enquiries.Absence,
    }
    if model in {Group, ContactPerson, Party, ImportRun, DelicateStep} or (
        model._meta.app_label == "enquiries" and model not in without_a_person
    ):
        assert model._meta.pk.get_internal_type() == "UUIDField"


def test_the_way_from_a_group_to_its_persons_stands_behind_the_wall_too(office, office_elsewhere):
    person = make(ContactPerson, office)
    group = person.group
    with pytest.raises(TenantNotSet):
        list(group.contact_persons.all())
    with acting_for(office_elsewhere):
        assert list(group.contact_persons.all()) == []
    with acting_for(office):
        assert list(group.contact_persons.all()) == [person]


def test_one_office_inside_another_ends_where_it_began(office, office_elsewhere):
    with acting_for(office):
        with acting_for(office_elsewhere):
            assert current() == office_elsewhere.pk
        assert current() == office.pk
    with pytest.raises(TenantNotSet):
        current()


def test_an_error_does_not_leave_an_office_open(office):
    with pytest.raises(ZeroDivisionError), acting_for(office.pk):
        raise ZeroDivisionError
    with pytest.raises(TenantNotSet):
        current()


def test_two_threads_do_not_share_an_office(office):
    from concurrent.futures import ThreadPoolExecutor

    def elsewhere():
        try:
            return current()
        except TenantNotSet:
            return None

    with acting_for(office), ThreadPoolExecutor(1) as pool:
        assert pool.submit(elsewhere).result() is None
