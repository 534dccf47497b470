"""A row of one office never leads to a group of another, whatever the code believes: the database refuses it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from kontaktstelle.funding.models import Application, FundingCard, FundingRound, Programme, Telling
from kontaktstelle.groups.models import PostWish, YearlyAsking, YearlyUpdate
from kontaktstelle.organisation.tenancy import acting_for
from support.people import A_DAY, A_MOMENT, make_group

pytestmark = pytest.mark.django_db

ROWS = {
    PostWish: {"way": "mail"},
    YearlyUpdate: {"opened_on": A_DAY},
    FundingCard: {},
    Telling: {
        "about": "none",
        "year": 2026,
        "step": "once",
        "way": "call",
        "status": "to-call",
        "made_at": A_MOMENT,
    },
    Application: {"status": "wants", "began_at": A_MOMENT, "changed_at": A_MOMENT},
}


def values_of(model):
    if model is not Application:
        return ROWS[model]
    programme = Programme.objects.create(key="p", name="P", kind="gkv-flat", source="Beispiel")
    return {
        **ROWS[model],
        "round": FundingRound.objects.create(key="r", name="R", programme=programme, year=2026, source="B"),
    }


@pytest.mark.parametrize("model", ROWS)
def test_no_row_leads_to_a_group_of_another_office(office, office_elsewhere, model):
    own, theirs, values = make_group(office), make_group(office_elsewhere), values_of(model)
    with acting_for(office):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(contact_point=office, group=theirs, **values)
        row = model.objects.create(contact_point=office, group=own, **values)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=row.pk).update(group=theirs)


def test_no_asking_belongs_to_a_question_of_another_office(office, office_elsewhere):
    group = make_group(office_elsewhere)
    with acting_for(office_elsewhere):
        theirs = YearlyUpdate.objects.create(
            contact_point=office_elsewhere, group=group, opened_on=date(2026, 3, 10)
        )
    with acting_for(office), pytest.raises(IntegrityError), transaction.atomic():
        YearlyAsking.objects.create(contact_point=office, update=theirs, way="call", planned_on=A_DAY)
