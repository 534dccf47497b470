import pytest
from django.core.cache import cache

from support.people import make_member
from support.visiting import forget, visitor


@pytest.fixture(autouse=True)
def nothing_kept(db):
    forget()
    cache.clear()
    yield
    forget()


@pytest.fixture
def at_the_desk(office):
    """Return a browser in which somebody with these roles is signed in, and that somebody."""

    def signed_in(*roles, at=None, **how):
        member = make_member(at or office, *roles, **how)
        browser = visitor()
        browser.force_login(member)
        return browser, member

    return signed_in
