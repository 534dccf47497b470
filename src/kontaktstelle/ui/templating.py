"""Jinja2 as the pages use it: strict, escaping, translated, with figures as people write them.

Templates lie in `<app>/templates/`. Undefined names fail: a page never shows a gap where a word should be.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
import jinja2.nodes
from django.apps import apps
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation

from . import chrome, formats
from .tokens import form_token

OWN_APPS = "kontaktstelle."
GERMAN_ONLY = (
    "/leicht",
    "/nachricht/",
    "/antwort/",
    "/post/",
    "/termin/",
    "/angaben/",
    "/gruppe-pflegen/",
    "/einwilligung/",
    "/liste/",
    "/einladung/",
    "/mitmachen/",
    "/bescheid/",
)
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class FlatLoader(jinja2.FileSystemLoader):
    """Reads templates without their indentation: it is for readers of the source and would be sent with every page."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's source, each line from its first letter; lines keep their numbers."""
        source, file, is_current = super().get_source(environment, template)
        return _INDENTATION.sub("", source), file, is_current


class Pages(jinja2.Environment):
    """An environment per language: words that are always the same are translated when a template is compiled.

    A page names some forty of them; looking each up again for every visitor would cost more than the rest of the page.
    """

    def __init__(self, language: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.language = language
        self.by_language = {} if language else {code: Pages(code, **options) for code in ("de", "en")}
        self.policies["ext.i18n.trimmed"] = True
        self.install_gettext_callables(  # type: ignore[attr-defined]
            translation.gettext,
            translation.ngettext,
            newstyle=True,
            pgettext=translation.pgettext,
            npgettext=translation.npgettext,
        )
        self.filters |= FILTERS
        self.globals |= GLOBALS

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> jinja2.Template:  # noqa: A002 - Jinja's own name
        """Return a template in the language of the page being made."""
        chosen = self.by_language.get(formats.language())
        return (
            chosen.get_template(name, parent, globals)
            if chosen
            else super().get_template(name, parent, globals)
        )

    def _parse(self, source: str, name: str | None, filename: str | None) -> jinja2.nodes.Template:
        tree = super()._parse(source, name, filename)
        with translation.override(self.language):
            for output in tree.find_all(jinja2.nodes.Output):
                output.nodes = [_translated(node) for node in output.nodes]
        return tree


def _translated(node: jinja2.nodes.Expr) -> jinja2.nodes.Expr:
    """Return the words `_("…")` or a plain `{% trans %}` stands for; any other expression as it is."""
    if (
        isinstance(node, jinja2.nodes.Call)
        and isinstance(node.node, jinja2.nodes.Name)
        and node.node.name in {"_", "gettext"}
    ):
        words = node.args[0] if len(node.args) == 1 and not node.kwargs else None
        if isinstance(words, jinja2.nodes.Const):
            return jinja2.nodes.TemplateData(translation.gettext(words.value) % {}, lineno=node.lineno)
    return node


def environment(**options: Any) -> jinja2.Environment:
    """Return the environment of all pages (Django's Jinja2 backend calls this)."""
    folders = [
        Path(app.path) / "templates" for app in apps.get_app_configs() if app.name.startswith(OWN_APPS)
    ]
    options |= {
        "loader": FlatLoader(folders),
        "undefined": jinja2.StrictUndefined,
        "autoescape": True,
        "extensions": ["jinja2.ext.i18n"],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    return Pages(**options)


def page_context(request: HttpRequest) -> dict[str, object]:
    """Return what every page may name: its office, language and the way to the other language."""
    language = formats.language()
    office = chrome.office_of(request)
    return {
        "office": office,
        "language": language,
        "is_example": office.is_example,
        "ways": _ways(language),
        "other_language": _other_language(request, language),
    }


def url(name: str, *arguments: object) -> str:
    """Return the address of a page by its URL name."""
    return reverse(name, args=arguments)


@lru_cache(maxsize=256)
def static(path: str) -> str:
    """Return the address of a static file, with its hash once the files are collected."""
    return staticfiles_storage.url(path)


@lru_cache(maxsize=4)
def _ways(_language: str) -> dict[str, str]:
    """Return the addresses in every page's head and foot; `reverse` answers in the language of the page."""
    pages = (
        "start",
        "search",
        "help",
        "new",
        "topics",
        "founding",
        "professionals",
        "press",
        "young",
        "for_groups",
        "what_is",
        "accessibility",
        "privacy",
        "imprint",
    )
    return {name: reverse(f"directory:{name}") for name in pages} | {
        name: reverse(f"plain:{name}") for name in ("easy", "leave")
    }


def _other_language(request: HttpRequest, language: str) -> str:
    """Return the same page in the other language; the start page where an address alone does not make the page."""
    path = (
        request.get_full_path() if request.method in {"GET", "HEAD"} else "/en/" if language == "en" else "/"
    )
    if language == "en":
        return path.removeprefix("/en") or "/"
    return "/en/" if path.startswith(GERMAN_ONLY) else f"/en{path}"


FILTERS: dict[str, Any] = {
    "german_date": formats.german_date,
    "short_date": formats.short_date,
    "number": formats.number,
    "time": formats.time,
    "phone": formats.phone,
    "tel": formats.tel,
    "mail": formats.mail,
    "km": formats.km,
    "month_year": formats.month_year,
}
GLOBALS: dict[str, Any] = {
    "static": static,
    "url": url,
    "now": timezone.now,
    "weekday": formats.weekday,
    "span": formats.span,
    "form_token": form_token,
}
