"""Every address there is, read from the resolver: a page added tomorrow is visited tomorrow."""

import re

from django.urls import URLPattern, get_resolver

DESK = "schreibtisch/"
# Pages of an enquiry and of foundings: the forms, and what only answers forms.
GERMAN_ONLY = {
    "write", "write_to_office", "write_about_group", "read", "reply", "end", "group_answer", "post", "group_reply", "group_end",
    "funding_calendar", "helper_date",
    "ask_for_link", "enter_code", "ask_for_link_of", "own_page", "own_confirm", "own_date", "own_pause", "own_propose", "own_person", "own_end",
    "consent", "list", "invitation", "join", "tell",
}  # fmt: skip


# Nothing to open: what only takes forms or needs a real link, which no sample has.
ONLY_SENT = {
    "reply", "end", "group_answer", "group_reply", "group_end", "funding_calendar", "enter_code", "own_page", "own_confirm", "own_date", "own_pause", "own_propose", "own_person", "own_end", "consent", "list", "invitation", "join", "helper_date",
}  # fmt: skip


def patterns():
    """Yield the name and route of every public URL pattern."""
    return ((name, route) for name, route, _ in every_pattern() if not route.startswith(DESK))


def desk_patterns():
    """Yield the name, route and view of every URL pattern of the desk."""
    return (found for found in every_pattern() if found[1].startswith(DESK))


def every_pattern(resolver=None, before=""):
    """Yield the name, route and view of every URL pattern."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield each.name, route, each.callback
        else:
            yield from every_pattern(each, route)


def addresses(samples):
    """Return the paths of every pattern, filled with samples by the name of its parameter; unknown ones fail."""
    paths = {}
    for name, route in patterns():
        path = re.sub(r"<\w+:token>", "A" * 54, "/" + route)
        for parameter, value in samples.get(name, {}).items():
            path = path.replace(f"<slug:{parameter}>", value)
        assert "<" not in path, f"tests/support/every_address.py: no sample for {name} ({route})"
        paths[name] = path
    return paths


def all_paths(samples):
    """Return every path in German, and in English where there is an English page."""
    german = addresses(samples)
    plain = {
        "easy",
        "easy_what_is",
        "easy_search",
        "easy_help",
        "easy_privacy",
        "group_dates",
        "group_qr",
        "colours",
        "leave",
        "robots",
        "sitemap",
        "security",
        *GERMAN_ONLY,
    }
    return [path for name, path in german.items() if name not in ONLY_SENT] + [
        f"/en{path}" for name, path in german.items() if name not in plain
    ]


def samples_for(group, office):
    """Return a value for every parameter."""
    return {
        "group": {"slug": group.slug}, "group_dates": {"slug": group.slug}, "group_qr": {"slug": group.slug},
        "topic": {"topic_id": group.topics[0]}, "kreis": {"key": "05978"}, "office": {"slug": office.slug}, "colours": {"slug": office.slug},
        "write_to_office": {"office": office.slug}, "write_about_group": {"slug": group.slug},
        "ask_for_link_of": {"slug": group.slug},
    }  # fmt: skip
