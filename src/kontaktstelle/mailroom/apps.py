"""App declaration."""

from django.apps import AppConfig


class MailroomConfig(AppConfig):
    """The outbox, its carriers and its checks."""

    name = "kontaktstelle.mailroom"
    label = "mailroom"
    verbose_name = "Poststelle"

    def ready(self) -> None:
        """Register the checks, and stop a start with settings that are nonsense."""
        from . import carriers, checks  # noqa: F401 - importing registers them
        from .incoming import mailbox

        carriers.check_settings()
        mailbox.check_settings()
