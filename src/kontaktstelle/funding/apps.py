"""App declaration."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Programmes, rounds, what groups were told, applications."""

    name = "kontaktstelle.funding"
    label = "funding"
    verbose_name = "Förderung"

    def ready(self) -> None:
        """Hear of post that could not be delivered: then somebody calls."""
        from kontaktstelle.mailroom.signals import bounced

        from .settling import on_bounced

        bounced.connect(on_bounced, dispatch_uid="funding.on_bounced")
