"""App declaration."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The public directory; keeps its projection in step with the groups."""

    name = "kontaktstelle.directory"
    label = "directory"
    verbose_name = "Wegweiser"

    def ready(self) -> None:
        """Listen to what changes in listings."""
        from kontaktstelle.groups.signals import listing_changed

        from . import projection

        listing_changed.connect(projection.on_listing_changed, dispatch_uid="directory.projection")
