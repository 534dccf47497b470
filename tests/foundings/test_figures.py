"""Figures of foundings: attempts and exits count, and who came forward by where they heard, also when they are gone."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.enquiries.figures import Period
from kontaktstelle.foundings import exits, figures, interested
from kontaktstelle.foundings.access import Outside
from kontaktstelle.foundings.lifecycle import FoundingStatus
from kontaktstelle.foundings.models import Founding, Outreach
from kontaktstelle.organisation.tenancy import acting_for
from support.desk import AT, days_later
from support.foundings import begun, brought_to, listed, nth_person
from support.nights import night

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
YEAR, S = Period.year(2026), FoundingStatus
ENDS = [None, *(reason.value for reason in exits.Reason)]


def every_figure():
    return figures.begun(YEAR), figures.ended(YEAR), figures.interested(YEAR)


def test_who_came_forward_is_counted_by_where_they_heard(counsellor):
    founding = brought_to(S.GATHERING, counsellor)
    paper = Outreach.objects.get()
    for number in range(3):
        listed(founding, counsellor, nth_person(number), outreach=paper)
    listed(founding, counsellor, nth_person(4), heard="doctor")
    listed(founding, counsellor, nth_person(5))
    counted = figures.interested(YEAR)
    assert (counted.total, counted.of("call/press"), counted.of("doctor"), counted.of("unknown")) == (
        5,
        3,
        1,
        1,
    )


def test_an_attempt_counts_whatever_comes_of_it(counsellor, office_elsewhere):
    brought_to(S.SETTLED, counsellor)
    exits.give_up(begun(counsellor, origin="demand", person=None), reason="no-room", by=counsellor, at=AT)
    begun(counsellor, origin="office", person=None)
    assert figures.begun(YEAR).values == (("demand", 1), ("office", 1), ("person", 1))
    assert figures.ended(YEAR).values == (("given-up/no-room", 1), ("settled", 1))
    with acting_for(office_elsewhere):
        assert [each.total for each in every_figure()] == [0, 0, 0]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Founding.Origin.values),
            st.sampled_from(ENDS),
            st.lists(st.tuples(st.sampled_from(["", "press", "doctor"]), st.booleans()), max_size=4),
        ),
        max_size=4,
    )
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_are_the_same_before_and_after_the_people_are_gone(counsellor, story):
    with transaction.atomic():
        for origin, end, people in story:
            founding = begun(counsellor, origin=origin)
            Founding.objects.filter(pk=founding.pk).update(status=S.GATHERING)
            for number, (heard, leaves) in enumerate(people):
                row = listed(founding, counsellor, nth_person(number), heard=heard)
                if leaves:
                    interested.withdraw(row, by=Outside.INTERESTED, at=AT)
            if end:
                exits.give_up(founding, reason=end, by=counsellor, at=AT)
        before = every_figure()
        night(at=days_later(800))
        assert every_figure() == before
        assert before[0].total == len(story)
        assert before[2].total == sum(len(people) for _, _, people in story)
        transaction.set_rollback(True)
