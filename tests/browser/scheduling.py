"""Keep tests that share something costly in one worker of pytest-xdist: one Chromium, one server, each page visited once.

`--dist loadgroup` would do it by the mark `xdist_group`, but pytest 9.2 no longer lets xdist 3.8 hand the group on
(pytest-dev/pytest-xdist#1386): tests are then silently spread. So the place of a test decides. Used by `tests/conftest.py`.
"""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/browser/": "browser",
    "tests/journeys/": "browser",
    "tests/examples/": "examples",
    "tests/cli/test_setup.py": "setup",
}


class TogetherByPlace(LoadScopeScheduling):
    """Hands tests out one by one, those that share something all together."""

    def _split_scope(self, nodeid):
        return next((group for place, group in TOGETHER.items() if nodeid.startswith(place)), nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Use it."""
    return TogetherByPlace(config, log)
