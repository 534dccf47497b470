"""App declaration."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """The groups' records."""

    name = "kontaktstelle.groups"
    label = "groups"
    verbose_name = "Gruppen"
