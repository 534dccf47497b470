"""App declaration."""

from django.apps import AppConfig


class TopicsConfig(AppConfig):
    """The topics and the understanding of words; no tables, versioned data files."""

    name = "kontaktstelle.topics"
    label = "topics"
    verbose_name = "Themen"
