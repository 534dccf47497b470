"""App declaration."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Registers the system checks of keys and databases."""

    name = "kontaktstelle.privacy"
    label = "privacy"
    verbose_name = "Vertraulichkeit"

    def ready(self) -> None:
        """Register the checks."""
        from . import checks  # noqa: F401 - importing registers them
