"""App declaration."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """The groups' records."""

    name = "kontaktstelle.groups"
    label = "groups"
    verbose_name = "Gruppen"

    def ready(self) -> None:
        """Hear of questions that came back: the next one is a call."""
        from kontaktstelle.mailroom.signals import bounced

        from .entry import campaign
        from .yearly.asking import on_bounced

        bounced.connect(on_bounced, dispatch_uid="groups.yearly.on_bounced")
        bounced.connect(campaign.on_bounced, dispatch_uid="groups.entry.on_bounced")
