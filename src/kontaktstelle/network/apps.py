"""App declaration."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """The registers of help lines, bodies and services."""

    name = "kontaktstelle.network"
    label = "network"
    verbose_name = "Hilfesystem"
