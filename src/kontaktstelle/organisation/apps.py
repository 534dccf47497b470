"""App declaration."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """The offices and their people."""

    name = "kontaktstelle.organisation"
    label = "organisation"
    verbose_name = "Organisation"
