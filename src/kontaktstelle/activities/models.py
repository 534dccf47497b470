"""What an office did, once or several times."""

import uuid

from django.db import models
from django.db.models import F, Q

from kontaktstelle.organisation.models import Site
from kontaktstelle.organisation.tenancy import TenantModel


class ActivityRecord(TenantModel):
    """So many times something of one kind, in one month; several at once are one row (three posts: `times` 3).

    A group or founding it had to do with stands here as a number only, so that no name gets into a report by the way.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("Art", max_length=30)
    month = models.DateField("Monat")
    day = models.DateField("Tag", null=True, blank=True)
    times = models.PositiveSmallIntegerField("wie oft", default=1)
    reached = models.PositiveIntegerField("erreicht", null=True, blank=True)
    waiting = models.PositiveIntegerField("auf der Warteliste", null=True, blank=True)
    minutes = models.PositiveIntegerField("Minuten", null=True, blank=True)
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Standort"
    )
    text = models.CharField("worum es ging, öffentlich", max_length=200, blank=True)
    group = models.UUIDField("Nummer einer Gruppe", null=True, blank=True)
    founding = models.UUIDField("Nummer einer Gründung", null=True, blank=True)
    entered_at = models.DateTimeField("eingetragen")
    before = models.JSONField("vor der letzten Änderung", default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Aktivität"
        verbose_name_plural = "Aktivitäten"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="activity_month_is_its_first_day"),
            models.CheckConstraint(condition=Q(times__gte=1), name="activity_happened"),
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(day__gte=F("month")), name="activity_day_is_in_its_month"
            ),
        ]
        indexes = [models.Index(fields=["contact_point", "month"], name="activity_by_month")]

    def __str__(self) -> str:
        return str(self.id)
