"""No byte anybody can fetch holds what a group has closed. First: it could be there."""

import io
import re
from datetime import UTC, datetime

import pypdf
import pytest
from django.utils import timezone

from kontaktstelle.directory import emergency, projection
from kontaktstelle.directory.models import Entry
from kontaktstelle.groups import listing
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.groups.visibility import OPENABLE
from kontaktstelle.organisation.tenancy import acting_for
from support.canaries import NEVER, OPENED_BY, PLACES, closed_canaries, make_canary, singing
from support.every_address import all_paths, samples_for
from support.people import A_MOMENT, make_group
from support.visiting import ask, forget, text_of

pytestmark = pytest.mark.django_db
EVERY = [canary for canaries in OPENED_BY.values() for canary in canaries]
SEARCHES = [
    "Angst",
    "Kanariendorf",
    "Kanarienbeschreibung",
    "Kanarienhaus Angst",
    "Kanarienkonferenz",
    "Karla Kanarienvogel",
    "Gruppe Beispiel 59423 Unna",
]


def everything(visit, group, office):
    """Return every public byte about a group: address → text."""
    forget()
    found = {path: text_of(visit.get(path)) for path in all_paths(samples_for(group, office))}
    for path in (
        "/suche?thema=anxiety-panic",
        "/suche?thema=anxiety-panic&ort=59423",
        "/suche?thema=anxiety-panic&ort=Berlin&form=online",
        "/en/suche?thema=anxiety-panic&neue=1",
        "/nirgends/",
    ):
        found[path] = text_of(visit.get(path))
    for words in SEARCHES:
        # What somebody typed comes back to themselves, in the form: only there.
        found[f"suche: {words}"] = text_of(ask(visit, words)).replace(words, "")
    return found


def folder(at=A_MOMENT):
    """Return the Notfallmappe: file → text, the PDF read as a reader reads it."""
    where = emergency.write(at=at)
    found = {file.name: file.read_text(encoding="utf-8") for file in where.glob("*.html")}
    pages = pypdf.PdfReader(io.BytesIO((where / "notfallmappe.pdf").read_bytes())).pages
    found["notfallmappe.pdf"] = "\n".join(page.extract_text() for page in pages).replace("\n", " ")
    return found


def test_every_canary_of_an_open_group_can_be_heard_somewhere(office, visit):
    group = make_canary(office, opened=OPENABLE)
    pages = everything(visit, group, office)
    heard = set(singing(" ".join(pages.values()), EVERY))

    for field in (
        "description",
        "town",
        "venue",
        "meeting",
        "access",
        "public_phone",
        "public_email",
        "website",
        "online_note",
    ):
        assert heard & set(OPENED_BY[field]), field
    for words in ("Kanariendorf", "Kanarienbeschreibung", "Kanarienkonferenz"):
        assert "Gruppe Beispiel" in pages[f"suche: {words}"]
    assert not singing(" ".join(pages.values()), NEVER)
    mappe = folder()
    assert singing(mappe["notfallmappe.pdf"], ["Kanariendorf", "Kanarienhaus"]) == [
        "Kanariendorf",
        "Kanarienhaus",
    ]
    assert singing(mappe["hier.html"], ["Kanariendorf", "Kanarienhaus"]) == ["Kanariendorf", "Kanarienhaus"]
    assert not singing(" ".join(mappe.values()), NEVER)


@pytest.mark.parametrize(
    ("opened", "how"),
    [
        ((), {}),
        (OPENABLE, {"protected": True}),
        (OPENABLE, {"takes_referrals_only_via_office": True}),
        (("venue", "meeting"), {}),
        (("town",), {"stage": "paused"}),
        (("description", "access"), {"stage": "founding"}),
    ],
    ids=[
        "all closed",
        "protected, all opened",
        "through the office",
        "house without town",
        "paused, town only",
        "founding",
    ],
)
def test_no_canary_of_a_closed_field_is_in_any_public_byte(office, visit, opened, how):
    group = make_canary(office, opened=opened, **how)
    closed = closed_canaries(group)
    for place, text in everything(visit, group, office).items():
        assert not singing(text, closed), place
    for name, text in folder().items():
        assert not singing(text, closed_canaries(group, "print")), name


def test_closing_a_field_silences_it_at_once(office, visit):
    group = make_canary(office, opened=OPENABLE)
    everything(visit, group, office)
    with acting_for(office):
        listing.change(group, {"visibility": {}}, by="test", at=A_MOMENT)

    closed = closed_canaries(group)
    assert set(EVERY + PLACES) <= set(closed)
    for place, text in everything(visit, group, office).items():
        assert not singing(text, closed), place


@pytest.mark.parametrize("gone", ["unlisted", "dissolved", "never listed"])
def test_a_group_that_is_not_public_is_in_no_public_byte(office, visit, gone):
    group = make_canary(office, opened=OPENABLE, name="Kanariengruppe", listed=gone != "never listed")
    with acting_for(office):
        if gone == "unlisted":
            listing.unlist_group(group, by="test", at=A_MOMENT)
        if gone == "dissolved":
            listing.move(group, Stage.DISSOLVED, by="test", at=A_MOMENT)

    for place, text in everything(visit, group, office).items():
        # A page that is not there only repeats the address it was asked for.
        told = text.replace(group.slug, "") if group.slug in place else text
        assert not singing(told, [*EVERY, *NEVER, "Kanariengruppe"]), place
    for name, text in folder().items():
        assert not singing(text, [*EVERY, *NEVER, "Kanariengruppe"]), name


def test_print_and_site_are_different_channels(office, visit):
    group = make_canary(office)
    with acting_for(office):
        listing.change(group, {"visibility": {"venue": ["site"], "town": ["print"]}}, by="test", at=A_MOMENT)

    mappe = " ".join(folder().values())
    assert singing(mappe, ["Kanariendorf", "Kanarienhaus"]) == ["Kanariendorf"]
    page = text_of(visit.get(f"/gruppe/{group.slug}/"))
    assert singing(page, ["Kanariendorf", "Kanarienhaus"]) == ["Kanarienhaus"]


def test_the_nightly_rebuild_writes_what_the_steps_wrote(office):
    make_canary(office, opened=("town", "description"))
    make_group(office, name="Gruppe Zwei", stage="full", audience=["eltern"], languages=["de", "tr"])
    names = ("slug", "shape", "lat", "lon", "kreis_key", "sort_key", "takes_new", "audience", "languages")
    before = list(Entry.objects.order_by("slug").values_list(*names))
    assert projection.rebuild(on=timezone.localdate()) == len(before) == 2

    assert list(Entry.objects.order_by("slug").values_list(*names)) == before


def test_the_notfallmappe_is_replaced_whole_or_not_at_all(office, monkeypatch):
    make_canary(office, opened=OPENABLE)
    folder()
    before = {file.name: file.read_bytes() for file in emergency.folder().iterdir()}
    monkeypatch.setattr(emergency, "render_to_string", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        emergency.write(at=datetime(2026, 3, 11, 3, tzinfo=UTC))

    assert {file.name: file.read_bytes() for file in emergency.folder().iterdir()} == before
    assert [
        file.name for file in emergency.folder().parent.iterdir() if file.name.startswith(".notfallmappe")
    ] == []


def test_what_groups_write_is_text_in_the_notfallmappe_and_never_markup(office):
    make_canary(office, opened=OPENABLE, name='#read("/etc/passwd") $x$ *fett* <b>x</b>')
    mappe = folder()

    assert "*fett* <b>x</b>" in mappe["notfallmappe.pdf"]
    assert "root:" not in mappe["notfallmappe.pdf"]
    assert "&lt;b&gt;x&lt;/b&gt;" in mappe["hier.html"]


def test_what_groups_write_stays_text_in_a_page_and_in_what_search_engines_read(office, visit):
    group = make_canary(office, opened=OPENABLE, name="</script><script>alert(1)</script>", listed=False)
    with acting_for(office):
        hostile = {
            "description": "<img src=x onerror=alert(1)>",
            "website": "javascript:alert(1)",
            "public_phone": "<b>1</b>",
            "online_note": "{{ 7*7 }}",
        }
        listing.change(group, hostile, by="test", at=A_MOMENT)
        listing.list_group(group, basis=Group.Basis.EXAMPLE, basis_on=A_MOMENT.date(), by="test", at=A_MOMENT)

    for where, text in everything(visit, group, office).items():
        if where.endswith(".ics"):
            continue  # plain text, and never shown as a page
        assert not re.search(r"<script>alert|<img src=x|javascript:alert|<b>1</b>", text), where
        assert "49" not in re.findall(r"<dd>\s*(\d+)\s*</dd>", text), where
