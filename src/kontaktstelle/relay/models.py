"""The party: a person as the ways to reach them, sealed."""

import uuid

from django.db import models

from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column


class Party(TenantModel):
    """Erreichbarkeit: name and ways back of one person, readable only with the office's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name_sealed = sealed_column()
    phone_sealed = sealed_column()
    email_sealed = sealed_column()
    address_sealed = sealed_column()
    note_sealed = sealed_column()
    name = SealedText()
    phone = SealedText()
    email = SealedText()
    address = SealedText()
    note = SealedText()
    registered_on = models.DateField("erfasst am")
    erase_on = models.DateField("zu löschen am", null=True, blank=True)

    class Meta:
        verbose_name = "Erreichbarkeit"
        verbose_name_plural = "Erreichbarkeiten"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)
