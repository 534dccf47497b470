"""A new main key: everything opens before, meanwhile and afterwards, wherever the change is interrupted."""

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime

import pytest

from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import fields, keys, rotation, trail
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of, forget_party, register_party
from support.people import A_MOMENT

MONTHS = [date(2025, month, 3) for month in range(1, 7)]
BOUND = "relay.party/phone/1"


class Stopped(Exception):  # noqa: N818 - named for what happened
    """The power went."""


def seal_some():
    """Seal a word in each of some months; return what opens it again."""
    return [
        (f"Wort {on}", fields.seal(f"Wort {on}", contact_point=7, bound_to=BOUND, on=on)) for on in MONTHS
    ]


def all_open(sealed):
    keys.forget_cached()
    return all(fields.unseal(value, contact_point=7, bound_to=BOUND) == word for word, value in sealed)


def stop_at(monkeypatch, number):
    """Let the power go at the n-th file that is put in the place of another."""
    put, count = os.replace, iter(range(1, 1000))

    def replace(self, target):
        if next(count) == number:
            raise Stopped
        put(self, target)

    monkeypatch.setattr("pathlib.Path.replace", replace)


@pytest.mark.django_db
@pytest.mark.usefixtures("own_keys")
class TestRotation:
    def test_everything_sealed_before_opens_afterwards_with_another_main_key(self, own_keys):
        sealed, old = seal_some(), keys.kek()
        purposes = [keys.purpose_key(each) for each in ("audit", "idx/cp3", "ledger")]
        new = rotation.begin()
        count = rotation.finish(by="test", at=A_MOMENT)

        assert count == len(MONTHS) + 1
        assert keys.kek() == new != old
        assert all_open(sealed)
        assert [keys.purpose_key(each) for each in ("audit", "idx/cp3", "ledger")] == purposes
        assert not keys.next_kek_file().exists()
        for kid in keys.wrapped_ids():
            assert keys.opened_with(old, kid, keys.wrapped_file(kid).read_bytes()) is None
        assert {oct(file.stat().st_mode & 0o777) for file in own_keys.rglob("*") if file.is_file()} == {
            "0o400"
        }

    def test_it_stands_in_the_trail_and_the_trail_still_holds(self):
        trail.record("test", "group.changed", object_type="x", object_id=1, at=A_MOMENT)
        rotation.begin()
        rotation.finish(by="test", at=A_MOMENT)

        assert TrailEntry.objects.filter(contact_point=0).last().action == "keys.rotated"
        assert trail.broken_at(0) is None

    def test_an_installation_older_than_its_installation_key_keeps_its_purposes(self):
        keys.wrapped_file(keys.INSTALLATION).unlink()
        keys.forget_cached()
        before = keys.purpose_key("audit")
        assert before == keys.hkdf(keys.kek(), b"installation/audit")
        for _ in range(2):
            rotation.begin()
            rotation.finish(by="test", at=A_MOMENT)
            assert keys.purpose_key("audit") == before

    @pytest.mark.parametrize("number", range(1, len(MONTHS) + 3))
    def test_stopped_anywhere_everything_opens_and_the_second_try_ends_it(self, monkeypatch, number):
        sealed = seal_some()
        new = rotation.begin()
        with monkeypatch.context() as patch:
            stop_at(patch, number)
            with pytest.raises(Stopped):
                rotation.finish(by="test", at=A_MOMENT)
        assert all_open(sealed)
        later = fields.seal("dazwischen", contact_point=7, bound_to=BOUND, on=date(2026, 1, 1))
        assert rotation.begin() == new
        rotation.finish(by="test", at=A_MOMENT)
        assert keys.kek() == new
        assert all_open([*sealed, ("dazwischen", later)])

    def test_readers_and_sealers_notice_nothing_while_it_happens(self):
        sealed, faults, stop = seal_some(), [], threading.Event()

        def work(point):
            month = 0
            while not stop.is_set():
                try:
                    month = month % 12 + 1
                    on = date(2026, month, 1)
                    value = fields.seal("x", contact_point=point, bound_to=BOUND, on=on)
                    keys.forget_cached()
                    if fields.unseal(value, contact_point=point, bound_to=BOUND) != "x" or not all_open(
                        sealed
                    ):
                        faults.append("wrong")
                except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
                    faults.append(repr(error))

        workers = [threading.Thread(target=work, args=(point,)) for point in (11, 12)]
        for worker in workers:
            worker.start()
        for _ in range(6):
            rotation.begin()
            rotation.finish(by="test", at=A_MOMENT)
            time.sleep(0.02)
        stop.set()
        for worker in workers:
            worker.join()
        assert faults == []
        assert all_open(sealed)
        assert all(keys.unwrapped(kid) for kid in keys.wrapped_ids())

    def test_killed_again_and_again_it_still_ends_and_loses_nothing(self, settings):
        sealed = seal_some()
        code = (
            "import django; django.setup(); from kontaktstelle.privacy import keys, rotation, trail\n"
            "trail.record = lambda *_, **__: None\n"
            "rotation.begin(); rotation.finish(by='x', at=None)"
        )
        where = os.environ | {"KONTAKTSTELLE_KEYS": str(settings.KEYS_DIR)}
        for wait in (0.5, 0.8, 1.0, 1.2, 1.4):
            child = subprocess.Popen([sys.executable, "-c", code], env=where, stderr=subprocess.DEVNULL)
            time.sleep(wait)
            child.kill()
            child.wait()
            keys.forget_cached()
            assert all_open(sealed)
        rotation.begin()
        rotation.finish(by="test", at=A_MOMENT)
        assert all_open(sealed)

    def test_a_key_that_opens_with_neither_stops_it_before_the_old_one_is_gone(self):
        seal_some()
        old, file = keys.kek(), keys.wrapped_file("cp7/2025-04")
        keys.replace(file, bytes(60))
        rotation.begin()
        with pytest.raises(keys.KeyUnavailable, match="cp7/2025-04"):
            rotation.finish(by="test", at=A_MOMENT)
        assert keys.kek() == old


def test_a_lost_main_key_is_never_replaced_by_a_new_one(own_keys):
    fields.seal("x", contact_point=7, bound_to=BOUND, on=MONTHS[0])
    keys.kek_file().unlink()
    with pytest.raises(keys.KeyUnavailable, match="keys restore"):
        keys.create_missing()
    assert not keys.kek_file().exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("own_keys")
class TestDestruction:
    AT = datetime(2025, 5, 1, 9, tzinfo=UTC)

    def sealed_in(self, office, on):
        number = register_party(Address(phone="030 23125 778"), contact_point=office.pk, on=on)
        Party.unscoped.filter(pk=number).update(
            phone_sealed=fields.seal(
                "030 23125 778", contact_point=office.pk, bound_to=f"relay.party/phone/{number}", on=on
            )
        )
        return number

    def test_a_month_that_still_opens_something_is_kept(self, office):
        number = self.sealed_in(office, date(2025, 3, 31))
        kid = f"cp{office.pk}/2025-03"
        assert rotation.months()[kid] == 1
        with pytest.raises(rotation.KeyInUse, match="noch 1 Angaben"):
            rotation.destroy(kid, by="test", at=self.AT)
        with acting_for(office):
            assert address_of(number).phone == "030 23125 778"

    def test_a_month_that_opens_nothing_is_destroyed_and_that_is_traced(self, office):
        number = self.sealed_in(office, date(2025, 3, 31))
        other = self.sealed_in(office, date(2025, 4, 1))
        kept = bytes(Party.unscoped.get(pk=number).phone_sealed)
        kid = f"cp{office.pk}/2025-03"
        with acting_for(office):
            forget_party(number)
        rotation.destroy(kid, by="test", at=self.AT)

        assert not keys.wrapped_file(kid).exists()
        line = TrailEntry.objects.filter(contact_point=office.pk, action="keys.destroyed").get()
        assert line.object_mac == trail.object_mac("privacy.key", kid)
        with pytest.raises(keys.KeyUnavailable):
            fields.unseal(kept, contact_point=office.pk, bound_to=f"relay.party/phone/{number}")
        with acting_for(office):
            assert address_of(other).phone == "030 23125 778"

    def test_what_is_kept_long_is_sealed_anew_and_its_month_can_go(self, office, monkeypatch):
        monkeypatch.setattr(rotation, "BATCH", 2)
        numbers = [self.sealed_in(office, date(2025, 3, 31)) for _ in range(5)]
        kid = f"cp{office.pk}/2025-03"
        renewed, stopped = rotation._renewed, []

        def stops(*arguments):
            if len(stopped) == 2:
                raise Stopped
            if count := renewed(*arguments):
                stopped.append(count)
            return count

        with monkeypatch.context() as patch:
            patch.setattr(rotation, "_renewed", stops)
            with pytest.raises(Stopped):
                rotation.renew(kid, by="test", at=self.AT)
        assert 0 < rotation.months()[kid] < 5
        rotation.renew(kid, by="test", at=self.AT)
        assert rotation.months()[kid] == 0
        rotation.destroy(kid, by="test", at=self.AT)
        with acting_for(office):
            assert {address_of(number).phone for number in numbers} == {"030 23125 778"}

    def test_this_months_key_is_not_renewed(self, office):
        kid = keys.key_id(office.pk, self.AT.date())
        keys.data_key(kid, create=True)
        with pytest.raises(rotation.KeyInUse):
            rotation.renew(kid, by="test", at=self.AT)
        with pytest.raises(rotation.NoSuchKey):
            rotation.renew("cp1/1999-01", by="test", at=self.AT)

    @pytest.mark.parametrize(
        ("month", "at", "refused"),
        [
            (date(2025, 4, 1), datetime(2025, 4, 30, 23, tzinfo=UTC), True),
            (date(2025, 4, 1), datetime(2025, 5, 2, 23, 59, tzinfo=UTC), True),
            (date(2025, 4, 1), datetime(2025, 5, 3, tzinfo=UTC), False),
            (date(2025, 12, 1), datetime(2026, 1, 2, 23, tzinfo=UTC), True),
            (date(2025, 12, 1), datetime(2026, 1, 3, tzinfo=UTC), False),
        ],
    )
    def test_a_month_that_is_not_over_is_kept(self, month, at, refused):
        kid = keys.key_id(7, month)
        keys.data_key(kid, create=True)
        if refused:
            with pytest.raises(rotation.KeyInUse, match="nicht vorbei"):
                rotation.destroy(kid, by="test", at=at)
        else:
            rotation.destroy(kid, by="test", at=at)
        assert keys.wrapped_file(kid).exists() == refused

    @pytest.mark.parametrize("kid", ["cp7/2024-01", "installation", "cp7/2025-13", "../kek", "kek", ""])
    def test_what_is_no_month_is_not_destroyed(self, own_keys, kid):
        keys.data_key("cp7/2025-01", create=True)
        before = sorted(own_keys.rglob("*"))
        with pytest.raises(rotation.NoSuchKey):
            rotation.destroy(kid, by="test", at=self.AT)
        assert sorted(own_keys.rglob("*")) == before

    def test_every_sealed_column_of_the_project_is_asked(self):
        from django.apps import apps

        columns = {
            (model, field.name)
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if field.name.endswith("_sealed")
        }
        assert {(model, f"{name}_sealed") for model, name in fields.sealed_attributes()} == columns
        assert len(columns) >= 7

    def test_bounds_hold_exactly_the_values_of_one_key(self):
        low, high = fields.sealed_with("cp1/2025-03")
        inside = fields.seal("x", contact_point=1, bound_to=BOUND, on=date(2025, 3, 1))
        assert low <= inside < high
        for point, on in (
            (1, date(2025, 4, 1)),
            (1, date(2025, 2, 1)),
            (11, date(2025, 3, 1)),
            (2, date(2025, 3, 1)),
        ):
            outside = fields.seal("x", contact_point=point, bound_to=BOUND, on=on)
            assert not low <= outside < high
