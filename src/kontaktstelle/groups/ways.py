"""The ways by which an office speaks to a group."""

from django.db import models


class PostWay(models.TextChoices):
    """By which way an office speaks to a group."""

    MAIL = "mail", "E-Mail"
    LETTER = "letter", "Brief"
    CALL = "call", "Anruf"
