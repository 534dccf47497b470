"""App declaration."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Papers of an office."""

    name = "kontaktstelle.papers"
    label = "papers"
    verbose_name = "Mappe"
