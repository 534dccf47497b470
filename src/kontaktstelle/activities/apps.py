"""App declaration."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """Outreach, trainings, committees, cooperation, rooms."""

    name = "kontaktstelle.activities"
    label = "activities"
    verbose_name = "Aktivitäten"
