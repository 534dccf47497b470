"""App declaration."""

from django.apps import AppConfig


class TopicsConfig(AppConfig):
    """The topics and the understanding of words: versioned data files, and beside them the words offices add."""

    name = "kontaktstelle.topics"
    label = "topics"
    verbose_name = "Themen"
