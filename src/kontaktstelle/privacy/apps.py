"""App declaration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PrivacyConfig(AppConfig):
    """Registers the system checks of keys and databases."""

    name = "kontaktstelle.privacy"
    label = "privacy"
    verbose_name = "Vertraulichkeit"

    def ready(self) -> None:
        """Register the checks, and the wall that follows every run of the migrations."""
        from . import checks, row_security  # noqa: F401 - importing registers the checks

        post_migrate.connect(row_security.after_migrating, sender=self)
