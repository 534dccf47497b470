"""What the site knows of an enquiry beyond its words: from which group's page, what was agreed to, why it is suspect."""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.tenancy import TenantModel

from .threads import Enquiry


class Intake(TenantModel):
    """Eingang from the site. The words are the first message of the enquiry's channel and stand nowhere else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.OneToOneField(Enquiry, models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, related_name="+")
    may_pass_on = models.BooleanField("darf mit der Gruppe besprochen werden", default=False)
    at = models.DateTimeField("eingegangen")
    text_mac = models.CharField("Kennung des Textes", max_length=32, blank=True, db_index=True)
    suspect_for = models.JSONField("verdächtig wegen", default=list, blank=True)
    decided_at = models.DateTimeField("durchgesehen", null=True, blank=True)
    is_advertising = models.BooleanField("als Werbung beiseite gelegt", default=False)

    class Meta:
        verbose_name = "Eingang"
        verbose_name_plural = "Eingänge"
        base_manager_name = "unscoped"
        indexes = [
            models.Index(
                fields=["contact_point", "at"],
                condition=Q(decided_at__isnull=True),
                name="intake_to_look_through",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
