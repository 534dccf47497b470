"""Jinja2 as the pages use it: strict, escaping, translated, with figures as people write them.

Templates lie in `<app>/templates/`. Undefined names fail: a page never shows a gap where a word should be.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from django.apps import apps
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation

from . import chrome, formats
from .tokens import form_token

OWN_APPS = "kontaktstelle."
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class FlatLoader(jinja2.FileSystemLoader):
    """Reads templates without their indentation: it is for readers of the source and would be sent with every page."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's source, each line from its first letter; lines keep their numbers."""
        source, file, is_current = super().get_source(environment, template)
        return _INDENTATION.sub("", source), file, is_current


def environment(**options: Any) -> jinja2.Environment:
    """Return the environment of all pages (Django's Jinja2 backend calls this)."""
    options["loader"] = FlatLoader(
        [Path(app.path) / "templates" for app in apps.get_app_configs() if app.name.startswith(OWN_APPS)]
    )
    options["undefined"] = jinja2.StrictUndefined
    options["autoescape"] = True
    made = jinja2.Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - it is on
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.filters |= {
        "german_date": formats.german_date,
        "short_date": formats.short_date,
        "time": formats.time,
        "phone": formats.phone,
        "tel": formats.tel,
        "mail": formats.mail,
        "km": formats.km,
        "month_year": formats.month_year,
    }
    made.globals |= {
        "static": static,
        "url": url,
        "now": timezone.now,
        "weekday": formats.weekday,
        "span": formats.span,
        "form_token": form_token,
    }
    return made


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
    return "/en/" if path.startswith("/leicht") else f"/en{path}"
