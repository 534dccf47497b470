"""App declaration."""

from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    """Contacts, enquiries, referrals."""

    name = "kontaktstelle.enquiries"
    label = "enquiries"
    verbose_name = "Anfragen"

    def ready(self) -> None:
        """Hear of groups that take their leave."""
        from kontaktstelle.groups.signals import group_dissolved

        from .farewells import on_dissolved

        group_dissolved.connect(on_dissolved, dispatch_uid="enquiries.farewells.on_dissolved")
