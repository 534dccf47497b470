"""App declaration."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Places of Germany; no tables."""

    name = "kontaktstelle.places"
    label = "places"
    verbose_name = "Orte"
