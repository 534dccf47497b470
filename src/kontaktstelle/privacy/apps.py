"""App declaration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class PrivacyConfig(AppConfig):
    """Registers the system checks of keys and databases, and every app's rules of retention."""

    name = "kontaktstelle.privacy"
    label = "privacy"
    verbose_name = "Vertraulichkeit"

    def ready(self) -> None:
        """Register the checks and the rules, and the wall that follows every run of the migrations."""
        from . import checks, retention_rules, row_security  # noqa: F401 - importing registers them

        post_migrate.connect(row_security.after_migrating, sender=self)
        autodiscover_modules("retention")
