"""App declaration."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Pages and parts; no tables."""

    name = "kontaktstelle.ui"
    label = "ui"
    verbose_name = "Oberfläche"
