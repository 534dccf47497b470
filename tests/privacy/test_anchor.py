"""Whatever is done to the trail past its triggers, the chain or the anchor shows it: edit, delete, reorder, cut, forge, replay."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kontaktstelle.privacy import anchor, keys, trail
from kontaktstelle.privacy.anchor import What
from kontaktstelle.privacy.models import TrailEntry

AT = datetime(2026, 3, 10, 22, tzinfo=UTC)
TEXTS = ("actor", "action", "object_type", "object_mac", "fields", "previous_mac", "mac")
OFFICE, OTHER = 5, 6


def lines(count, contact_point=OFFICE):
    for number in range(count):
        trail.record(
            "tester", f"group.changed-{number % 3}", object_type="groups.group", object_id=number, at=AT,
            contact_point=contact_point,
        )  # fmt: skip


def without_triggers():
    """Do what somebody does who owns the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'privacy_trailentry'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("ALTER TABLE privacy_trailentry DISABLE TRIGGER USER")


def of(contact_point=OFFICE):
    return TrailEntry.objects.filter(contact_point=contact_point)


def move(number, to):
    of().filter(number=number).update(number=to)


@pytest.fixture(autouse=True)
def empty_anchor(own_keys):
    return own_keys


def edit(draw, length):
    of().filter(number=draw(st.integers(1, length))).update(
        **{draw(st.sampled_from(TEXTS)): secrets.token_hex(16)}
    )


def set_the_clock(draw, length):
    later = AT + timedelta(microseconds=draw(st.integers(1, 10**9)))
    of().filter(number=draw(st.integers(1, length))).update(at=later)


def delete(draw, length):
    of().filter(number=draw(st.integers(1, length))).delete()


def cut(draw, length):
    of().filter(number__gte=draw(st.integers(1, length))).delete()


def swap(draw, length):
    first, second = draw(st.permutations(range(1, length + 1)))[:2]
    for each, to in ((first, 999), (second, first), (999, second)):
        move(each, to)


def delete_and_close_the_gap(draw, length):
    number = draw(st.integers(1, length))
    of().filter(number=number).delete()
    for each in range(number + 1, length + 1):
        move(each, each - 1)


def insert(draw, length):
    number = draw(st.integers(1, length))
    copy = of().get(number=draw(st.integers(1, length)))
    for each in range(length, number - 1, -1):
        move(each, each + 1)
    copy.pk, copy.number = None, number
    copy.save(force_insert=True)


def bring_a_line_from_elsewhere(draw, length):
    number = draw(st.integers(1, length))
    of().filter(number=number).delete()
    theirs = of(OTHER).get(number=number)
    theirs.pk, theirs.contact_point = None, OFFICE
    theirs.save(force_insert=True)


def append_without_the_key(draw, length):
    last = of().get(number=length)
    last.pk, last.number, last.previous_mac = None, length + 1, last.mac
    last.save(force_insert=True)


TAMPERINGS = [
    edit, set_the_clock, delete, cut, swap, delete_and_close_the_gap, insert, bring_a_line_from_elsewhere, append_without_the_key,
]  # fmt: skip


class TestEverythingIsFound(TestCase):
    @pytest.fixture(autouse=True)
    def _keys(self, own_keys):
        """Each has its own anchor."""

    @settings(max_examples=120, deadline=None)
    @given(data=st.data())
    def test_whatever_was_done_it_is_found_and_the_other_office_is_not_accused(self, data):
        anchor.file().unlink(missing_ok=True)
        length = data.draw(st.integers(2, 7))
        lines(length)
        lines(7, OTHER)
        anchor.write(at=AT)
        assert anchor.check() == []
        without_triggers()
        done = data.draw(st.sampled_from(TAMPERINGS))
        done(data.draw, length)
        assert [finding.contact_point for finding in anchor.check()] == [OFFICE], done.__name__

    @settings(max_examples=40, deadline=None)
    @given(data=st.data())
    def test_whatever_is_done_to_the_anchors_but_cutting_their_end_is_found(self, data):
        anchor.file().unlink(missing_ok=True)
        for day in range(4):
            lines(1)
            anchor.write(at=AT + timedelta(days=day))
        whole = anchor.file().read_bytes()
        position = data.draw(st.integers(0, len(whole) - 2))  # half a last line is what a crash leaves
        changed = bytearray(whole)
        changed[position] ^= 1 << data.draw(st.integers(0, 7))
        anchor.file().write_bytes(changed)
        assert What.ANCHOR_CHANGED in {finding.what for finding in anchor.check()}
        rows = whole.splitlines(keepends=True)
        gone = data.draw(st.integers(0, 2))
        anchor.file().write_bytes(b"".join(rows[:gone] + rows[gone + 1 :]))
        assert What.ANCHOR_CHANGED in {finding.what for finding in anchor.check()}


@pytest.mark.django_db
class TestAnchor:
    def test_a_tail_cut_off_is_named_with_its_first_line_and_only_the_anchor_sees_it(self):
        lines(5)
        anchor.write(at=AT)
        without_triggers()
        of().filter(number__gte=4).delete()
        assert trail.broken_at(OFFICE) is None
        assert anchor.check() == [anchor.Finding(OFFICE, 4, What.CUT)]

    def test_a_tail_cut_off_and_written_anew_is_found(self):
        lines(5)
        anchor.write(at=AT)
        without_triggers()
        of().filter(number__gte=4).delete()
        lines(3)
        assert trail.broken_at(OFFICE) is None
        assert anchor.check() == [anchor.Finding(OFFICE, 5, What.CHANGED)]

    def test_the_next_night_does_not_cover_it_up(self):
        lines(5)
        anchor.write(at=AT)
        without_triggers()
        of().filter(number__gte=4).delete()
        assert anchor.write(at=AT + timedelta(days=1)) == 0
        lines(4)
        assert anchor.write(at=AT + timedelta(days=2)) == 1
        assert [finding.what for finding in anchor.check()] == [What.CHANGED]

    def test_a_day_without_news_writes_nothing_and_one_with_news_a_line(self):
        lines(2)
        lines(1, 0)
        assert anchor.write(at=AT) == 2
        assert anchor.write(at=AT + timedelta(days=1)) == 0
        lines(1)
        assert anchor.write(at=AT + timedelta(days=2)) == 1
        assert anchor.check() == []
        assert anchor.file().stat().st_mode & 0o777 == 0o600

    def test_half_a_line_that_a_crash_left_stops_no_later_night(self):
        lines(1)
        anchor.write(at=AT)
        with anchor.file().open("a") as out:
            out.write("2026-03-11 anch")
        assert anchor.check() == []
        lines(1)
        anchor.write(at=AT + timedelta(days=1))
        assert anchor.check() == []
        assert len(anchor.text().splitlines()) == 2

    def test_after_a_restore_the_shorter_chain_holds_and_what_is_cut_then_is_found(self):
        lines(6)
        anchor.write(at=AT)
        without_triggers()
        of().filter(number__gte=4).delete()  # as a backup from before would leave it
        assert anchor.check(up_to={OFFICE: 3}) == []
        lines(1)
        anchor.write(at=AT + timedelta(days=1), restored=True)
        assert anchor.check() == []
        assert anchor.restorations() == [("2026-03-11", OFFICE, 4)]
        lines(4)
        anchor.write(at=AT + timedelta(days=2))
        of().filter(number__gte=4).delete()
        assert anchor.check() == [anchor.Finding(OFFICE, 4, What.CUT)]

    def test_with_other_keys_no_anchor_can_be_made_that_passes(self, settings, tmp_path):
        lines(3)
        anchor.write(at=AT)
        own = settings.KEYS_DIR
        without_triggers()
        of().filter(number=3).delete()
        settings.KEYS_DIR = tmp_path / "other"
        keys.forget_cached()
        keys.create_missing()
        anchor.write(at=AT, restored=True)
        forged = anchor.text()
        settings.KEYS_DIR = own
        keys.forget_cached()
        (own / "trail.anchor").write_text(forged)
        assert anchor.check()

    def test_no_name_and_no_object_stands_in_it(self):
        trail.record(
            "Kanarienvogel",
            "group.x",
            object_type="groups.group",
            object_id="Kanarie",
            at=AT,
            contact_point=1,
        )
        anchor.write(at=AT)
        assert "Kanarie" not in anchor.text()
