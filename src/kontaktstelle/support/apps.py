"""App declaration."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """The log of support, warning signs, dates for helpers."""

    name = "kontaktstelle.support"
    label = "support"
    verbose_name = "Begleitung von Gruppen"
