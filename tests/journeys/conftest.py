"""A real browser on a real server; the fixtures are the same for `browser` and `journeys`."""

from browser.markup import markup_is_right
from browser.windows import only_here_a_loop_runs, open_browser, page, site, visits

__all__ = ["markup_is_right", "only_here_a_loop_runs", "open_browser", "page", "site", "visits"]
