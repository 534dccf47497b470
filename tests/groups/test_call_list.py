"""Telefonliste für den Notfall: without the key it says nothing at all, with the paper it opens anywhere; opening leaves a trace."""

import base64
import json
import os
import zlib

import pytest

from kontaktstelle.groups import call_list, listing
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import keys
from kontaktstelle.privacy.backup import sealing
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.models import Party
from support.canaries import make_canary
from support.people import A_MOMENT, make_group

pytestmark = pytest.mark.django_db
CANARIES = [
    "Kanarienvogel",
    "23125 778",
    "karla.kanarie@example.org",
    "Gruppe Beispiel",
    "Kontaktstelle Hier",
]


def sealed(folder):
    return call_list.seal(folder, by="nightly", at=A_MOMENT)


def opened(file):
    return call_list.unseal(file, [keys.kek()])


def test_whoever_has_the_key_reaches_every_group(office, office_elsewhere, tmp_path):
    make_canary(office, protected=True)
    make_group(office_elsewhere, "Gruppe Trauer, Beispiel")
    found = opened(sealed(tmp_path))
    groups = {group["name"]: group for each in found["offices"] for group in each["groups"]}
    assert groups["Gruppe Beispiel"]["persons"] == [
        {"name": "Karla Kanarienvogel", "phone": "030 23125 778", "email": "karla.kanarie@example.org"}
    ]
    assert groups["Gruppe Trauer, Beispiel"]["persons"] == []
    assert found["made_on"] == "10.03.2026 10:30"


def test_in_the_file_no_canary_sings_in_any_disguise(office, tmp_path):
    make_canary(office)
    file = sealed(tmp_path)
    clear = json.dumps(opened(file), ensure_ascii=False)
    whole = file.read_bytes()
    for canary in CANARIES:
        assert canary in clear, "what is looked for was put in"
        for coding in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = canary.encode(coding)
            for disguised in (
                raw,
                raw.hex().encode(),
                base64.b64encode(raw)[:-4],
                zlib.compress(raw)[2:-4],
                raw[::-1],
            ):
                assert disguised not in whole
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_what_else_is_known_of_a_person_stays_at_home(office, tmp_path):
    make_canary(office)
    text = json.dumps(opened(sealed(tmp_path)), ensure_ascii=False)
    for canary in ("Kanarienallee", "Kanarienbemerkung", "Kanariennotiz", "Kanarienquelle"):
        assert canary not in text


def test_another_key_a_changed_bit_or_another_kind_of_file_opens_nothing(office, tmp_path):
    make_canary(office)
    file = sealed(tmp_path)
    with pytest.raises(sealing.NoFittingKey):
        call_list.unseal(file, [os.urandom(32)])
    with pytest.raises(sealing.FileDamaged, match="keine Sicherung"):
        sealing.Reader(file, sealing.Kind.BACKUP, [keys.kek()])
    whole = file.read_bytes()
    for place in (5, 40, len(whole) // 2, len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 1
        file.write_bytes(changed)
        with pytest.raises((sealing.FileDamaged, sealing.NoFittingKey)):
            opened(file)


def test_each_office_finds_in_its_trail_that_its_contacts_were_opened(office, office_elsewhere, tmp_path):
    make_canary(office)
    sealed(tmp_path)
    lines = TrailEntry.objects.filter(action="call-list.sealed")
    assert set(lines.values_list("contact_point", flat=True)) == {office.pk, office_elsewhere.pk}
    assert "Kanarie" not in str(list(lines.values()))


def test_dissolved_groups_and_erased_people_are_not_in_it(office, tmp_path):
    group = make_canary(office)
    Party.unscoped.all().delete()
    assert opened(sealed(tmp_path))["offices"][0]["groups"][0]["persons"] == []
    with acting_for(office):
        listing.move(group, Stage.DISSOLVED, by="test", at=A_MOMENT)
    assert opened(sealed(tmp_path))["offices"][0]["groups"] == []
