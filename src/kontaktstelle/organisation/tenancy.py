"""Rows of a contact point, held by key; the wall itself stands in `privacy.tenancy`, for apps below use it too."""

from django.db import models

from kontaktstelle.privacy.tenancy import (
    MachineryManager,
    TenantManager,
    TenantNotSet,
    across_offices,
    acting_for,
    current,
)

__all__ = ["TenantManager", "TenantModel", "TenantNotSet", "across_offices", "acting_for", "current"]


class TenantModel(models.Model):
    """A row that belongs to one contact point."""

    contact_point = models.ForeignKey(
        "organisation.ContactPoint", models.PROTECT, related_name="+", verbose_name="Kontaktstelle"
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "unscoped"

    unscoped = MachineryManager()
