"""A real installation has a face from the first minute, and nothing is claimed of it that nobody said."""

import pytest

from kontaktstelle import examples
from kontaktstelle.organisation import setup
from kontaktstelle.organisation.areas import responsible_for
from kontaktstelle.organisation.hours import presence
from kontaktstelle.organisation.models import ContactPoint

from .test_loading import AT, ON

pytestmark = pytest.mark.django_db


def test_before_the_first_setup_there_is_no_office():
    assert setup.default_office() is None


def test_an_office_nobody_named_still_has_a_page():
    office = setup.first_office()

    assert (office.name, office.slug, office.phone) == (setup.UNNAMED, "selbsthilfekontaktstelle", "")
    assert not office.is_example
    assert setup.default_office() == office
    assert presence(setup.default_office(), AT).next is None


def test_an_office_with_its_town_is_responsible_for_its_kreis():
    office = setup.first_office(
        "Selbsthilfe Übersee, Beispiel",
        phone="0221 4710 900",
        email="uebersee@example.org",
        postcode="59423",
        street="Beispielstraße 1",
    )

    assert office.slug == "selbsthilfe-uebersee-beispiel"
    assert office.land == "NW"
    assert responsible_for(kreis_key="05978") == office
    site = office.sites.get()
    assert (site.town, site.postcode, site.kreis_key) == ("Unna", "59423", "05978")
    assert not site.hours.exists()


def test_a_kreis_alone_is_enough():
    office = setup.first_office("Selbsthilfe, Beispiel", kreis="Altenburger Land")

    assert office.land == "TH"
    assert not office.sites.exists()
    assert responsible_for(kreis_key="16077") == office


def test_what_is_not_given_comes_from_the_environment(monkeypatch, tmp_path):
    (tmp_path / "phone").write_text("0221 4710 901\n")
    monkeypatch.setenv("KONTAKTSTELLE_OFFICE_NAME", "Aus der Umgebung, Beispiel")
    monkeypatch.setenv("KONTAKTSTELLE_OFFICE_PHONE_FILE", str(tmp_path / "phone"))

    office = setup.first_office(setup.UNNAMED)

    assert (office.name, office.phone) == ("Aus der Umgebung, Beispiel", "0221 4710 901")


def test_setting_up_again_changes_nothing():
    office = setup.first_office("Erste, Beispiel", phone="0221 4710 902")

    assert setup.first_office("Zweite, Beispiel") == office
    assert ContactPoint.objects.get().name == "Erste, Beispiel"


def test_an_installation_with_examples_gets_no_nameless_office_beside_them():
    examples.load(on=ON, at=AT)

    assert setup.first_office().slug == "beispiel-linde"
    assert ContactPoint.objects.count() == 3


def test_a_real_office_is_the_face_even_beside_examples():
    examples.load(on=ON, at=AT)
    office = setup.first_office("Wirkliche Stelle", town="Altenburg", kreis="Altenburger Land")

    assert setup.default_office() == office


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"postcode": "00000"}, setup.PlaceUnknown),
        ({"town": "Nirgendwohausen"}, setup.PlaceUnknown),
        ({"email": "selbsthilfe"}, setup.EmailWrong),
        ({"website": "http://example.org"}, setup.WebsiteWrong),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(given, refusal):
    with pytest.raises(refusal) as refused:
        setup.first_office("Stelle, Beispiel", **given)

    assert refused.value.sentence.endswith(".")
    assert not ContactPoint.objects.exists()


def test_a_misspelt_argument_does_not_pass_silently():
    with pytest.raises(TypeError):
        setup.first_office("Stelle, Beispiel", telephone="1")
