"""App declaration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PrivacyConfig(AppConfig):
    """Registers the system checks of keys and databases, and every app's rules of retention."""

    name = "kontaktstelle.privacy"
    label = "privacy"
    verbose_name = "Vertraulichkeit"

    def ready(self) -> None:
        """Register the checks and the rules."""
        from . import checks, retention_rules  # noqa: F401 - importing registers them

        autodiscover_modules("retention")
