"""App declaration."""

from django.apps import AppConfig


class FoundingsConfig(AppConfig):
    """Foundings and their lists of interested people."""

    name = "kontaktstelle.foundings"
    label = "foundings"
    verbose_name = "Gründungen"
