"""From one's own words to the right group, and what happens when there is none: told by the pages themselves."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from kontaktstelle.groups import listing
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group, Venue
from kontaktstelle.organisation import closings
from kontaktstelle.organisation.tenancy import acting_for
from support.people import A_DAY, A_MOMENT, make_group, make_office
from support.visiting import alarms, ask, forget, text_of

pytestmark = pytest.mark.django_db
HOW = {"by": "test", "at": A_MOMENT}


def seen(answer):
    """Return what somebody reads of a page: no marks, plain spaces."""
    text = re.sub(
        r"<(?:script|style|title)[^>]*>.*?</(?:script|style|title)>", " ", text_of(answer), flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text).replace("\xa0", " ").replace("&nbsp;", " "))


def test_a_woman_writes_three_words_and_finds_the_group_its_next_date_and_the_calendar(office, visit):
    make_group(office, conditions={"call_first": True})
    page = ask(visit, "Angst und Panik", ort="59423")

    assert "Gruppe Angst, Beispiel" in seen(page)
    assert "bitte vorher anrufen" in seen(page)
    (address,) = set(re.findall(r'href="(/gruppe/[^"]+)"', text_of(page)))
    group = visit.get(address)
    assert "jeden 1. Dienstag im Monat, 19 Uhr" in seen(group)
    assert "Bitte rufen Sie vorher an" in seen(group)
    (calendar,) = set(re.findall(r'href="(/gruppe/[^"]+\.ics)"', text_of(group)))
    assert "BEGIN:VEVENT" in text_of(visit.get(calendar))


def test_nobody_is_sent_away_with_an_empty_page(office, visit):
    page = seen(ask(visit, "qwrtzgl", ort="59423"))

    assert "23125" in page
    assert "Sofort Hilfe" in page
    assert re.search(r"Kontaktstelle", page)


def test_a_danger_puts_help_before_all_groups(office, visit, monkeypatch):
    from kontaktstelle.network.registers import load_registers

    load_registers(at=A_MOMENT)
    forget()
    make_group(office)
    alarms(monkeypatch, umbringen="suicide")
    page = seen(ask(visit, "Angst ich will mich umbringen"))

    assert "Sie müssen da jetzt nicht allein durch" in page
    assert page.index("0800 1110111") < page.index("Gruppe Angst")
    assert re.search(r"\b112\b", page).start() < page.index("Gruppe Angst")


def test_somebody_in_danger_is_not_first_asked_which_neustadt_is_meant(office, visit, monkeypatch):
    from kontaktstelle.network.registers import load_registers

    load_registers(at=A_MOMENT)
    forget()
    make_group(office)
    assert "Sofort" in seen(ask(visit, "Angst", ort="Altdorf"))
    assert "0800 1110111" not in seen(ask(visit, "Angst", ort="Altdorf"))
    alarms(monkeypatch, umbringen="suicide")
    page = seen(ask(visit, "Angst ich will mich umbringen", ort="Altdorf"))

    assert "Sie müssen da jetzt nicht allein durch" in page
    assert "0800 1110111" in page
    assert "Landkreis Böblingen" in page


def test_a_house_burns_and_its_groups_come_back(office, visit):
    with acting_for(office):
        house = Venue.objects.create(contact_point=office, name="Haus Beispiel")
    group = make_group(office, venue=house)
    with acting_for(office):
        listing.close_venue(house, note="Wasserschaden", **HOW)
        assert "macht gerade Pause" in seen(visit.get(f"/gruppe/{group.slug}/"))
        assert visit.get(f"/gruppe/{group.slug}/termine.ics").status_code == 404
        assert "Gruppe Angst" in seen(ask(visit, "Angst"))
        assert "Gruppe Angst" not in seen(ask(visit, "Angst", neue="1", ort="59423"))
        listing.open_venue(house, **HOW)

    assert "nimmt neue Menschen auf" in seen(visit.get(f"/gruppe/{group.slug}/"))
    assert visit.get(f"/gruppe/{group.slug}/termine.ics").status_code == 200


def test_a_group_lives_from_its_founding_to_its_farewell(office, visit):
    group = make_group(office, stage=Stage.FOUNDING)
    address = f"/gruppe/{group.slug}/"
    assert "Gruppe Angst" in seen(visit.get("/neu/"))
    with acting_for(office):
        for stage, says in (
            (Stage.OPEN, "nimmt neue Menschen auf"), (Stage.FULL, "zurzeit voll"), (Stage.INTAKE_STOP, "nimmt zurzeit niemanden auf"), (Stage.PAUSED, "macht gerade Pause"), (Stage.OPEN, "nimmt neue Menschen auf"),
        ):  # fmt: skip
            listing.move(group, stage, **HOW)
            assert says in seen(visit.get(address))
            assert "Gruppe Angst" not in seen(visit.get("/neu/"))
        listing.move(group, Stage.DISSOLVED, **HOW)

    assert visit.get(address).status_code == 404
    assert "Gruppe Angst" not in seen(ask(visit, "Angst"))


def test_an_intake_stop_says_until_when_and_ends_on_the_page_by_itself(office, visit):
    today = timezone.localdate()
    stopped = make_group(
        office, name="Gruppe Drei", stage=Stage.INTAKE_STOP, intake_stop_until=today + timedelta(days=10)
    )
    over = make_group(office, name="Gruppe Vier", stage=Stage.INTAKE_STOP, intake_stop_until=date(2020, 1, 1))

    assert "niemanden auf" in seen(visit.get(f"/gruppe/{stopped.slug}/"))
    assert f"{(today + timedelta(days=10)).year}" in seen(visit.get(f"/gruppe/{stopped.slug}/"))
    assert "nimmt neue Menschen auf" in seen(visit.get(f"/gruppe/{over.slug}/"))


def test_a_protected_group_is_found_and_leads_to_the_office_only(office, visit):
    group = make_group(
        office,
        name="Gruppe Gewalt überlebt",
        topics=("domestic-violence",),
        description="Wir hören einander zu.",
    )
    with acting_for(office):
        listing.change(group, {"protected": True}, **HOW)
    page = seen(ask(visit, "häusliche Gewalt", ort="59423"))
    assert "Gruppe Gewalt überlebt" in page
    assert "Ort und Zeit nennt Ihnen die Kontaktstelle" in page
    own = seen(visit.get(f"/gruppe/{group.slug}/"))

    assert "Zum Schutz aller, die kommen" in own
    assert "23125" in own
    assert "Unna" not in own.replace("Kreis Unna", "")
    assert "19 Uhr" not in own
    assert "/weg" in text_of(visit.get(f"/gruppe/{group.slug}/"))


def test_somebody_from_the_next_kreis_sees_the_office_in_charge_there(office, office_elsewhere, visit):
    other = make_office(slug="soest", kreis_key="05974", name="Kontaktstelle Soest, Beispiel")
    make_group(office)

    assert "Kontaktstelle Soest, Beispiel" in seen(ask(visit, "Angst", ort="59494"))
    assert "Kontaktstelle Hier, Beispiel" in seen(ask(visit, "Angst", ort="59423"))
    assert other.slug in text_of(visit.get("/stelle/soest/"))


def test_an_unplanned_closing_stands_on_the_page_of_the_office(office, visit):
    today = timezone.localdate()
    closings.close(office, today, today + timedelta(days=3), "Krankheit", by="test", at=timezone.now())

    assert "Krankheit" in seen(visit.get(f"/stelle/{office.slug}/"))


def test_two_offices_share_one_directory_but_not_their_lists(office, office_elsewhere, visit):
    make_group(office, name="Gruppe Hier")
    make_group(
        office_elsewhere,
        name="Gruppe Dort",
        town="Altenburg",
        postcode="04600",
        kreis_key="16077",
        lat=50.99,
        lon=12.43,
    )

    assert {"Gruppe Hier", "Gruppe Dort"} <= {
        name for name in ("Gruppe Hier", "Gruppe Dort") if name in seen(ask(visit, "Angst"))
    }
    assert "Gruppe Dort" not in seen(visit.get("/stelle/hier/"))
    assert "Gruppe Hier" not in seen(visit.get("/kreis/16077/"))


def test_the_english_pages_find_the_same_group(office, visit):
    make_group(office)
    page = visit.get("/en/suche?thema=anxiety-panic")

    assert 'lang="en"' in text_of(page)
    assert "Gruppe Angst" in seen(page)


def test_an_entry_listed_without_consent_never_was_there(office, visit):
    group = make_group(office, listed=False)
    with pytest.raises(listing.NoBasis):
        listing.list_group(group, basis=Group.Basis.NONE, basis_on=A_DAY, **HOW)

    assert visit.get(f"/gruppe/{group.slug}/").status_code == 404
    assert "Gruppe Angst" not in seen(ask(visit, "Angst"))
