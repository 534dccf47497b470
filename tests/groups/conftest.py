import pytest

from support.visiting import forget, visitor


@pytest.fixture(autouse=True)
def nothing_kept():
    forget()
    yield
    forget()


@pytest.fixture
def visit():
    return visitor()
