"""App declarations: the desk, and allauth without what only a site-wide middleware would need."""

from allauth.account.apps import AccountConfig
from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk."""

    name = "kontaktstelle.desk"
    default = True
    label = "desk"
    verbose_name = "Schreibtisch"

    def ready(self) -> None:
        """Check that no page of the desk stands open; follow up on changed sign-ins."""
        from . import checks  # noqa: F401 - registers itself
        from .signin import afterwards

        afterwards.listen()


class AccountsAtTheDesk(AccountConfig):  # type: ignore[misc]
    """allauth's accounts. Its middleware runs inside `desk.middleware`, under the desk's addresses alone."""

    def ready(self) -> None:
        """Register allauth's own checks; it would also insist on its middleware for the public pages."""
        from allauth.account import checks  # noqa: F401
