"""Naughty strings, markup and SQL through every form there is: nothing breaks, nothing comes back as code, nothing runs.

The addresses are those of the resolver, the forms those a page really shows, for somebody who holds every role: a form
added tomorrow is filled tomorrow. Every form is sent four times: three times as a person could (choices kept, what can be
typed hostile), once with everything hostile. What was kept is looked at on the page that follows.
"""

from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.db import connection, transaction

from directory.hostile_words import HOSTILE
from kontaktstelle.organisation.rights import Role
from support.enquiring import HERE, code_in, open_with, write
from support.every_address import ONLY_SENT, addresses, samples_for
from support.people import A_PASSWORD, make_group, make_member
from support.visiting import text_of, visitor
from walls.test_access_matrix import MATRIX, address, be_fresh

pytestmark = pytest.mark.django_db
RUNS = "<img src=x onerror=alert('zwetschge')>"
# Each of them would show: as markup, as another row, as a sum.
STRINGS = [
    RUNS,
    f'">{RUNS}',
    f"'>{RUNS}",
    f"</textarea></script></title>{RUNS}",
    "<script>alert('zwetschge')</script>",
    '" onfocus="alert(\'zwetschge\')" autofocus x="',
    "javascript:alert('zwetschge')",
    "{{ 31337133713371*2 }}${31337133713371*2}#{31337133713371*2}<%= 31337133713371*2 %>",
    "{{ ''.__class__.__mro__ }}{% debug %}",
    "'; DROP TABLE groups_group; --",
    "' OR '1'='1",
    '") UNION SELECT email, password FROM organisation_staff --',
    '=HYPERLINK("http://x")\t|calc',
    "a\x00b",
    *(HOSTILE[kind] for kind in (
        "a number of 400 digits", "10,000 letters", "control", "CRLF header", "bidi override", "zalgo", "noncharacter", "astral", "format",
        "percent", "FTS", "tsquery", "regex", "path", "JSON", "formula", "not a number", "infinite",
    )),
]  # fmt: skip
# What would stand in a page if a string had become part of it.
WOULD_RUN = (
    "<img src=x",
    "<script>alert",
    '" onfocus="alert',
    'href="javascript:alert',
    # Longer than any part of a number of a row.
    "62674267426742",
    "SECRET_KEY",
)
KEPT_TYPES = {"hidden", "radio", "checkbox", "date", "time", "number", "month"}
FILES = {"file", "submit", "image", "reset", "button"}


class _Forms(HTMLParser):
    """Reads every form of a page: where it goes, what each field would send, and what may be typed."""

    def __init__(self):
        super().__init__()
        self.forms, self.named, self._form, self._select, self._area = [], {}, None, None, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._form = {"action": given.get("action", ""), "method": given.get("method", "get"), "fields": {}, "typed": set()}  # fmt: skip
            self.forms.append(self._form)
            self.named[given.get("id")] = self._form
        elif tag == "option" and self._select:
            form, name = self._select
            if "selected" in given or not form["fields"].get(name):
                form["fields"][name] = given.get("value", "")
        elif (form := self.named.get(given.get("form"), self._form)) is not None and given.get("name"):
            self._field(tag, given, form)

    def _field(self, tag, given, form):
        name, kind = given["name"], given.get("type", "text")
        if tag == "select":
            self._select = form, name
            form["fields"][name] = ""
        elif tag == "textarea":
            form["fields"][name] = self._area = name
            form["typed"].add(name)
        elif tag == "input" and kind not in FILES:
            if kind not in {"radio", "checkbox"} or "checked" in given or name not in form["fields"]:
                form["fields"][name] = given.get("value", "")
            if kind not in KEPT_TYPES:
                form["typed"].add(name)
        elif tag == "button":
            form["fields"].setdefault(name, given.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


def forms_of(answer):
    parser = _Forms()
    parser.feed(text_of(answer))
    return parser.forms


def filled(form, number):
    """Yield what is sent with a form: three times with what a person may type, once with everything hostile."""
    for turn in range(3):
        yield {
            name: STRINGS[(7 * turn + number + place) % len(STRINGS)] if name in form["typed"] else value
            for place, (name, value) in enumerate(form["fields"].items())
        }
    yield {
        name: value if name == "marke" else STRINGS[(number + place) % len(STRINGS)]
        for place, (name, value) in enumerate(form["fields"].items())
    }


def what_is_wrong(answer, where):
    """Return what a person would lose by this answer."""
    wrong = [f"{where}: {answer.status_code}"] if answer.status_code >= 500 else []
    if "html" in answer.headers.get("Content-Type", ""):
        page = text_of(answer)
        wrong += [f"{where}: runs {each}" for each in WOULD_RUN if each in page]
    elif answer.status_code < 300 and answer.headers.get("X-Content-Type-Options") != "nosniff":
        wrong.append(f"{where}: a browser may take it for a page")
    return wrong


def sent(browser, form, at, number):
    """Send one form in all its ways, each undone afterwards; return how often, and what was wrong."""
    wrong, count, cookies = [], 0, browser.cookies.copy()
    where = urljoin(at, form["action"])
    for values in filled(form, number):
        count += 1
        with transaction.atomic():
            send = browser.post if form["method"].lower() == "post" else browser.get
            answer = send(where, values, headers=HERE)
            wrong += what_is_wrong(answer, f"{at} → {where}")
            if 300 <= answer.status_code < 400:
                on = urljoin(where, answer.headers["Location"])
                if on.startswith("/"):
                    wrong += what_is_wrong(browser.get(on), f"{at} → {where} → {on}")
            transaction.set_rollback(True)
        browser.cookies = cookies.copy()
    return count, wrong


def through(browser, pages):
    """Send every form of these pages (address → answer); return how many forms there were, and what was wrong."""
    wrong, seen = [], set()
    for at, answer in pages:
        assert answer.status_code < 500, at
        for form in forms_of(answer):
            where = urljoin(at, form["action"]).split("?")[0]
            key = where, tuple(sorted(form["fields"]))
            # A frame's form is the same on every page; leaving and locking end what is looked at here.
            if key in seen or where.endswith(("/abmelden/", "/sperren/")):
                continue
            seen.add(key)
            wrong += sent(browser, form, at, len(seen))[1]
    return len(seen), wrong


def tables_stand():
    names = set(connection.introspection.table_names())
    return {"groups_group", "organisation_staff", "relay_party", "privacy_trailentry"} <= names


def at_the_desk(browser, colleague, member):
    for route in MATRIX:
        with transaction.atomic():
            path = address(route, colleague, member, "leads")
            be_fresh(browser)
            yield path, browser.get(path)
            transaction.set_rollback(True)


def test_no_form_of_the_desk_breaks_or_gives_back_code(office):
    colleague = make_member(office, "counsels", "reception", email="kanarie@example.org", name="Kanarie")
    member = make_member(office, *Role, password=A_PASSWORD)
    browser = visitor()
    browser.force_login(member)
    count, wrong = through(browser, at_the_desk(browser, colleague, member))

    assert count > 60, f"only {count} forms were found"
    assert wrong == [], "\n".join(wrong)
    assert tables_stand()


def test_no_form_of_signing_in_breaks_or_gives_back_code(office):
    browser, stranger = visitor(), make_member(office, "counsels", password=A_PASSWORD)
    paths = [
        address(route, stranger, None, "nobody") for route, said in MATRIX.items() if said["nobody"] == "ja"
    ]
    count, wrong = through(browser, ((path, browser.get(path)) for path in paths))

    assert count > 0
    assert wrong == [], "\n".join(wrong)


def test_no_form_of_the_site_and_of_an_enquiry_breaks_or_gives_back_code(office):
    group, browser = make_group(office), visitor()
    paths = [path for name, path in addresses(samples_for(group, office)).items() if name not in ONLY_SENT]
    thanks = write(browser, f"/nachricht/an/{office.slug}/", "Ich finde nachts keine Ruhe mehr.")
    opened = open_with(browser, code_in(thanks))
    assert b"keine Ruhe" in opened.content
    pages = [("/antwort/", opened), *((path, browser.get(path)) for path in paths)]
    count, wrong = through(browser, pages)

    assert count > 5
    assert wrong == [], "\n".join(wrong)
    assert tables_stand()


def test_faults_would_be_found():
    """Instruments that find nothing must be able to find something."""
    from django.http import HttpResponse

    page = HttpResponse(f"<p>{RUNS}</p><form method=post action=/x/><textarea name=a>b</textarea><select name=c><option value=1>")  # fmt: skip
    assert what_is_wrong(page, "x") == ["x: runs <img src=x"]
    assert what_is_wrong(HttpResponse(status=500), "x") == ["x: 500"]
    assert forms_of(page)[0]["fields"] == {"a": "a", "c": "1"}
