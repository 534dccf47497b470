"""What every answer carries, whatever is asked: closed headers, no cookie, kind pages in German with a telephone number."""

import logging
import re

import pytest
from django.conf import settings

from kontaktstelle.directory import entries
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui.tokens import form_token
from support.canaries import make_canary
from support.every_address import GERMAN_ONLY, all_paths, patterns, samples_for
from support.people import make_group
from support.visiting import alarms, ask, text_of

pytestmark = pytest.mark.django_db
DIRECTORY = {
    "start", "group", "topics", "topic", "kreis", "office", "new", "help", "what_is", "founding", "professionals", "press", "young", "for_groups",
    "accessibility", "privacy", "imprint", "easy", "easy_what_is", "easy_search", "easy_help", "easy_privacy", "group_dates", "group_qr",
}  # fmt: skip
NOT_FOR_SEARCH_ENGINES = {"search", "colours", "leave", "robots", "sitemap", "security"} | GERMAN_ONLY
ALLOWED_IN_POLICY = {"'none'", "'self'", "data:", "'script'"}


def check_headers(answer, where):
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    words = {word for part in policy.split(";") for word in part.split()[1:]}
    assert "default-src 'none'" in policy, where
    for closed in (
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ):
        assert closed in policy, (where, closed)
    assert words <= ALLOWED_IN_POLICY, (where, words)
    assert headers.get("X-Content-Type-Options") == "nosniff", where
    assert headers.get("Referrer-Policy") == "no-referrer", where
    assert headers.get("Cross-Origin-Opener-Policy") == "same-origin", where
    assert headers.get("Cross-Origin-Resource-Policy") == "same-origin", where
    assert "geolocation=()" in headers.get("Permissions-Policy", ""), where
    assert "browsing-topics=()" in headers["Permissions-Policy"], where
    assert "Cache-Control" in headers, where
    assert "Set-Cookie" not in headers, where
    assert not answer.cookies, where
    assert "Server" not in headers, where


@pytest.fixture
def group(office):
    return make_group(office)


def odd_requests(visit, monkeypatch):
    """Yield answers to what no page of ours asks."""
    yield "404", visit.get("/nirgends/")
    yield "404 English", visit.get("/en/nirgends/")
    yield "404 group", visit.get("/gruppe/gibt-es-nicht/")
    yield "slash added", visit.get("/themen")
    yield "wrong method", visit.put("/suche")
    yield "trace", visit.generic("TRACE", "/")
    yield "unknown method", visit.generic("BREW", "/")
    yield "options", visit.options("/")
    yield "post to a page", visit.post("/themen/", {}, headers={"origin": "http://testserver"})
    yield "foreign form", visit.post("/suche", {"worte": "x"}, headers={"origin": "https://boese.example"})
    yield "no token", visit.post("/suche", {"worte": "x"}, headers={"origin": "http://testserver"})
    yield "wrong host", visit.get("/", headers={"host": "boese.example"})
    yield "too much", ask(visit, "x", viel="y" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    yield (
        "too many fields",
        visit.post(
            "/suche",
            {f"f{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)},
            headers={"origin": "http://testserver"},
        ),
    )
    yield (
        "broken form",
        visit.generic(
            "POST",
            "/suche",
            "--x\r\nContent-Disposition",
            content_type="multipart/form-data; boundary=x",
            headers={"origin": "http://testserver"},
        ),
    )
    yield (
        "a file instead of words",
        visit.generic(
            "POST",
            "/suche",
            '--x\r\nContent-Disposition: form-data; name="worte"; filename="a"\r\n\r\nb\r\n--x--\r\n',
            content_type="multipart/form-data; boundary=x",
            headers={"origin": "http://testserver"},
        ),
    )
    yield "search", ask(visit, "Angst")
    yield "danger", ask(visit, "ich will mich umbringen")
    yield "empty", ask(visit, "")
    yield "which place", ask(visit, "Angst", ort="Neukirchen")
    with monkeypatch.context() as patch:
        patch.setattr(entries, "public_entry", lambda _slug: 1 / 0)
        yield "fault", visit.get("/gruppe/x/")
    with monkeypatch.context() as patch:
        patch.setattr(
            entries, "public_entry", lambda _slug: (_ for _ in ()).throw(StepRefused("Das ging nicht."))
        )
        yield "refused step", visit.get("/gruppe/x/")


def test_every_page_carries_closed_headers_and_no_cookie(office, group, visit):
    paths = all_paths(samples_for(group, office))
    assert len(paths) > 45
    for path in paths:
        answer = visit.get(path)
        assert answer.status_code in {200, 303}, (path, answer.status_code)
        check_headers(answer, path)
        check_headers(visit.head(path), f"HEAD {path}")


def test_refusals_faults_and_odd_requests_carry_them_too(group, visit, monkeypatch):
    for where, answer in odd_requests(visit, monkeypatch):
        check_headers(answer, where)
        assert answer.status_code in {200, 301, 400, 403, 404, 405, 409, 413, 500}, where
        if where != "fault":
            assert answer.status_code != 500, where


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "http://boese.example"}, {"origin": "https://boese.example"}]
)
def test_a_form_for_another_host_carries_them_too(group, visit, headers):
    answer = visit.post("/suche", {"worte": "x"}, headers={"host": "boese.example", **headers})

    assert answer.status_code in {400, 403}
    check_headers(answer, headers)


def test_only_pages_of_the_directory_are_for_search_engines(office, group, visit):
    assert {name for name, _ in patterns()} == DIRECTORY | NOT_FOR_SEARCH_ENGINES
    from support.every_address import addresses

    for name, path in addresses(samples_for(group, office)).items():
        robots = visit.get(path).headers["X-Robots-Tag"]
        assert ("noindex" in robots) == (name in NOT_FOR_SEARCH_ENGINES), (name, robots)


def test_what_is_not_a_page_is_never_for_search_engines(group, visit, monkeypatch):
    for where, answer in odd_requests(visit, monkeypatch):
        if where != "options":
            assert "noindex" in answer.headers["X-Robots-Tag"], where


def test_an_answer_to_typed_words_is_kept_by_nobody_on_the_way(group, visit):
    for answer in (ask(visit, "Angst"), ask(visit, "Angst", ort="Neukirchen"), ask(visit, "")):
        assert re.search(r"private|no-store", answer.headers["Cache-Control"])
        assert "public" not in answer.headers["Cache-Control"]


class TestFromElsewhere:
    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://boese.example"}, {"origin": "http://testserver.boese.example"}, {"origin": "https://testserver"}, {"origin": "http://testserver:81"},
            {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "cross-site", "origin": "http://testserver"}, {"sec-fetch-site": "x"},
        ],
    )  # fmt: skip
    @pytest.mark.usefixtures("group")
    def test_a_form_sent_from_another_site_is_refused_kindly(self, visit, headers):
        answer = visit.post("/suche", {"marke": form_token("suche"), "worte": "Angst"}, headers=headers)

        assert answer.status_code == 403
        assert "Dieses Formular kam nicht von unserer Seite" in text_of(answer)
        assert "Gruppe Angst" not in text_of(answer)

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "http://testserver"},
            {"origin": "null"},
            {},
            {"sec-fetch-site": "same-origin", "origin": "null"},
            {"sec-fetch-site": "none"},
        ],
    )
    @pytest.mark.usefixtures("group")
    def test_our_own_form_arrives_from_old_and_new_browsers(self, visit, headers):
        answer = visit.post("/suche", {"marke": form_token("suche"), "worte": "Angst"}, headers=headers)

        assert answer.status_code == 200
        assert "Gruppe Angst" in text_of(answer)

    @pytest.mark.parametrize("token", ["", "x", "suche", "suche:1:x"])
    @pytest.mark.usefixtures("group")
    def test_without_our_token_nothing_is_searched_and_the_words_are_still_there(self, visit, token):
        answer = visit.post(
            "/suche", {"marke": token, "worte": "Angst & Sorge"}, headers={"origin": "http://testserver"}
        )

        assert answer.status_code == 403
        assert "Angst &amp; Sorge" in text_of(answer)
        assert "Gruppe Angst" not in text_of(answer)

    @pytest.mark.usefixtures("group")
    def test_a_token_of_another_form_does_not_open_this_one(self, visit):
        answer = visit.post(
            "/suche",
            {"marke": form_token("anfrage"), "worte": "Angst"},
            headers={"origin": "http://testserver"},
        )

        assert answer.status_code == 403


class TestNotThere:
    @pytest.mark.parametrize(
        "path",
        [
            "/gruppe/gibt-es-nicht/", "/gruppe/gibt-es-nicht/termine.ics", "/gruppe/gibt-es-nicht/qr.svg", "/themen/gibt-es-nicht/", "/kreis/00000/", "/kreis/x/", "/stelle/gibt-es-nicht/",
            "/farben/gibt-es-nicht.css", "/gruppe/", "/admin/", "/wp-login.php", "/.env", "/leicht/nirgends/", "/en/gruppe/nirgends/", "/gruppe/%00/", "/gruppe/..%2f..%2fetc/", "/%F0%9F%98%80", "/gruppe/é/",
        ],
    )  # fmt: skip
    @pytest.mark.usefixtures("group")
    def test_a_page_that_is_not_there_says_so_and_gives_the_telephone_number(self, office, visit, path):
        answer = visit.get(path)

        assert answer.status_code == 404
        page = text_of(answer)
        assert re.sub(r"\D", "", office.phone)[1:] in re.sub(r"\D", "", page)
        if path.startswith("/en/"):
            assert 'lang="en"' in page
        else:
            assert "Diese Seite gibt es nicht" in page

    def test_absent_unlisted_and_misspelt_look_alike(self, office, visit):
        unlisted = make_group(office, listed=False)

        def seen(slug):
            return text_of(visit.get(f"/gruppe/{slug}/")).replace(slug, "")

        assert seen(unlisted.slug) == seen("gibt-es-nicht")

    def test_without_any_office_a_page_still_helps(self, visit):
        answer = visit.get("/nirgends/")

        assert answer.status_code == 404
        assert "/sofort-hilfe/" in text_of(answer)


class TestFault:
    @pytest.mark.usefixtures("office")
    def test_a_fault_tells_nothing_of_its_cause_and_gives_numbers(self, visit, monkeypatch):
        def fault(slug):
            geheim = "Karla Kanarienvogel"
            raise RuntimeError(f"SELECT * FROM relay_party WHERE name = '{geheim}' in /srv/kontaktstelle")

        monkeypatch.setattr(entries, "public_entry", fault)
        answer = visit.get("/gruppe/x/")

        page = text_of(answer)
        assert answer.status_code == 500
        assert not re.search(r"Traceback|SELECT|Kanarien|/srv|RuntimeError|geheim", page)
        assert "112" in page
        assert 'lang="de"' in page

    @pytest.mark.usefixtures("office")
    def test_a_fault_is_in_the_log_by_class_and_place_only(self, visit, monkeypatch):
        from kontaktstelle.privacy.logs import AllowListFormatter

        monkeypatch.setattr(
            entries, "public_entry", lambda _slug: (_ for _ in ()).throw(RuntimeError("Karla Kanarienvogel"))
        )
        with Heard() as records:
            visit.get("/gruppe/kanarienadresse/")
        lines = [AllowListFormatter().format(record) for record in records]

        assert any("RuntimeError" in line for line in lines)
        assert "anarien" not in "".join(lines)


class Heard:
    """Every record any logger writes, before anything is dropped from it."""

    def __enter__(self):
        self.records = []
        self.listener = logging.Handler(level=0)
        self.listener.emit = self.records.append
        self.names = ["", *logging.root.manager.loggerDict]
        self.levels = {name: logging.getLogger(name).level for name in self.names}
        for name in self.names:
            logging.getLogger(name).setLevel(1)
        logging.getLogger().addHandler(self.listener)
        return self.records

    def __exit__(self, *_):
        logging.getLogger().removeHandler(self.listener)
        for name, level in self.levels.items():
            logging.getLogger(name).setLevel(level)


SECRET = "zwetschgenkuchen"


class TestTypedWords:
    @pytest.mark.parametrize(
        "typed",
        [
            SECRET, f"Angst {SECRET}", f"ich will mich umbringen {SECRET}", f"mein Mann schlägt mich {SECRET}", f"finde keinen Therapeuten {SECRET}", f"Angst in Unna {SECRET}",
            f"{SECRET} " * 60,
        ],
        ids=["unknown", "topic", "suicide", "violence", "need", "place", "too long"],
    )  # fmt: skip
    @pytest.mark.parametrize("ort", ["", "59423", "Neukirchen", "Zwetschgenhausen"])
    @pytest.mark.usefixtures("group")
    def test_they_stand_in_no_address_title_redirect_or_log(self, visit, typed, ort, monkeypatch):
        alarms(monkeypatch, umbringen="suicide", schlagt="violence", therapeuten="need")
        with Heard() as records:
            answer = ask(visit, typed, ort=ort)
        page = text_of(answer)

        assert answer.status_code == 200
        assert SECRET in page.lower(), "it could be there: the form still holds the words"
        addresses = re.findall(r'(?:href|src|action|formaction|content|data-[a-z-]+)="([^"]*)"', page)
        for place in [
            *addresses,
            *re.findall(r"<title>(.*?)</title>", page, re.DOTALL),
            *map(str, answer.headers.values()),
        ]:
            assert "zwetschgen" not in place.lower()
        for record in records:
            said = " ".join(
                map(
                    str,
                    (
                        record.getMessage(),
                        record.args,
                        *(value for key, value in vars(record).items() if key != "request"),
                    ),
                )
            )
            if record.name != "django.db.backends":  # written only when somebody debugs the database by hand
                assert "zwetschgen" not in said.lower(), record

    @pytest.mark.usefixtures("group")
    def test_words_in_an_address_are_not_even_read(self, visit):
        for parameter in ("worte", "q", "s", "suche"):
            page = text_of(visit.get(f"/suche?{parameter}={SECRET}"))
            assert SECRET not in re.sub(r'href="/en/suche[^"]*"', "", page)

    @pytest.mark.usefixtures("group")
    def test_a_search_never_leads_to_another_address(self, visit, monkeypatch):
        alarms(monkeypatch, kann="suicide")
        assert ask(visit, "Angst").status_code == 200
        assert "Location" not in ask(visit, "ich kann nicht mehr").headers

    def test_reading_changes_nothing_in_the_database(self, office, visit):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        canary = make_canary(office, opened=("town", "meeting"))
        with CaptureQueriesContext(connection) as queries:
            for path in all_paths(samples_for(canary, office)):
                visit.get(path)
            for words in ("Angst", "ich will sterben", "Unna", ""):
                ask(visit, words)

        assert queries
        assert [
            query["sql"]
            for query in queries
            if not query["sql"].lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "DECLARE"))
        ] == []
