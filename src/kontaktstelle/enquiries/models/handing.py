"""What a colleague needs to take over: who is away until when, who stands in, and notes left for the team."""

import uuid

from django.db import models
from django.db.models import F, Q

from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column


class Absence(TenantModel):
    """Somebody is away until a day, and somebody stands in. Why is not stored."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    first_day = models.DateField("von")
    last_day = models.DateField("bis")
    deputy = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+", help_text="leer = wer da ist"
    )

    class Meta:
        verbose_name = "Abwesenheit"
        verbose_name_plural = "Abwesenheiten"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")),
                name="absence_ends_after_it_begins",
                violation_error_message="Das Ende der Abwesenheit liegt vor ihrem Beginn.",
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("staff")),
                name="nobody_stands_in_for_themselves",
                violation_error_message="Bitte eine andere Person als Vertretung wählen.",
            ),
        ]

    def __str__(self) -> str:
        return f"bis {self.last_day}"


class HandOverNote(TenantModel):
    """Übergabenotiz for the team or one colleague, sealed, gone after 30 days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text_sealed = sealed_column()
    text = SealedText()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    for_staff = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+", help_text="leer = das Team"
    )
    read_by = models.JSONField("gelesen von", default=list, blank=True)
    erase_on = models.DateField("wird gelöscht")

    class Meta:
        verbose_name = "Übergabenotiz"
        verbose_name_plural = "Übergabenotizen"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)
