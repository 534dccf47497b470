"""App declaration."""

from django.apps import AppConfig


class RelayConfig(AppConfig):
    """Parties and their sealed addresses."""

    name = "kontaktstelle.relay"
    label = "relay"
    verbose_name = "Geschützter Kontakt"
