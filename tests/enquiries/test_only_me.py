"""„Nur ich": what somebody told one person is opened by nobody else, by no other way either."""

import pytest

from kontaktstelle.enquiries import hand_over, threads
from kontaktstelle.enquiries.access import NotAllowed
from kontaktstelle.enquiries.models import Enquiry
from support.desk import AT, KARLA, make_enquiry, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


@pytest.fixture
def alone(office):
    """Return somebody who counsels and does not lead."""
    return make_staff(office, "alleine", roles=("counsels",))


@pytest.fixture
def kept(office, alone):
    """Return an enquiry that is marked „nur ich"."""
    return make_enquiry(office, alone, person=KARLA, only_me=True)


class TestHandingEverythingOver:
    def test_a_colleague_does_not_take_what_was_told_to_one_person(self, office, alone, kept):
        taker = make_staff(office, "andere", roles=("counsels",))
        helper = make_staff(office, "dritte", roles=("counsels",))
        for to in (taker, helper):
            with pytest.raises(hand_over.NotYours):
                hand_over.hand_all(of=alone, to=to, by=taker, at=AT)
        assert Enquiry.objects.get(pk=kept.pk).covered_by_id == alone.pk

    def test_the_leitung_hands_it_to_somebody_and_never_to_herself(self, office, alone, kept, counsellor):
        with pytest.raises(hand_over.NotYours):
            hand_over.hand_all(of=alone, to=counsellor, by=counsellor, at=AT)
        successor = make_staff(office, "nachfolge", roles=("counsels",))
        assert hand_over.hand_all(of=alone, to=successor, by=counsellor, at=AT) == (1, 0)
        assert Enquiry.objects.get(pk=kept.pk).covered_by_id == successor.pk

    def test_whoever_waits_for_somebody_who_has_left_is_not_lost_in_an_office_of_one(
        self, alone, kept, counsellor
    ):
        alone.is_active = False
        alone.save()
        assert hand_over.hand_all(of=alone, to=counsellor, by=counsellor, at=AT) == (1, 0)

    def test_what_is_for_everybody_may_be_taken_by_a_colleague(self, office, alone):
        make_enquiry(office, alone, covered_by=alone)
        taker = make_staff(office, "andere", roles=("counsels",))
        assert hand_over.hand_all(of=alone, to=taker, by=taker, at=AT) == (1, 0)

    def test_nothing_goes_to_somebody_who_could_not_read_it(self, office, alone, kept):
        leading = make_staff(office, "leitung", roles=("leads",))
        with pytest.raises(NotAllowed):
            hand_over.hand_all(of=alone, to=leading, by=alone, at=AT)
        assert threads.cover(kept, alone, by=alone, at=AT).covered_by_id == alone.pk
