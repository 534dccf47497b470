"""The rows of a group's own page: its key, what it changed by itself, what it proposes. Other modules take them from `groups.models`."""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.groups.lifecycle import ProposalStatus
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column


class OwnPageKey(TenantModel):
    """Schlüssel to a group's own page: by link or code, until a day. A group has one; a new one ends the old.

    `person` is whose address it was sent to: only their own record stands on the page.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.OneToOneField("groups.Group", models.CASCADE, related_name="+", verbose_name="Gruppe")
    person = models.ForeignKey(
        "groups.ContactPerson", models.CASCADE, null=True, related_name="+", verbose_name="Ansprechperson"
    )
    code_lookup = models.CharField(max_length=16, unique=True, null=True)  # noqa: DJ001 - unique only where there is one
    code_proof = models.CharField(max_length=140, blank=True)
    made_at = models.DateTimeField("ausgestellt")
    expires_on = models.DateField("gilt bis")

    class Meta:
        verbose_name = "Schlüssel zur eigenen Seite"
        verbose_name_plural = "Schlüssel zu eigenen Seiten"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)


class LiveNotice(TenantModel):
    """Sofort-Meldung: what a group changed by itself and what is public at once; staff look through them afterwards."""

    class Kind(models.TextChoices):
        """What it says."""

        CANCELLED = "cancelled", "fällt aus"
        NOT_CANCELLED = "takes-place", "findet doch statt"
        ROOM = "other-room", "anderer Raum"
        USUAL_ROOM = "usual-room", "doch im gewohnten Raum"
        PAUSED = "paused", "pausiert"
        INTAKE_STOP = "intake-stop", "nimmt niemanden auf"
        BACK = "back", "ist wieder da"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("groups.Group", models.CASCADE, related_name="+", verbose_name="Gruppe")
    kind = models.CharField("was", max_length=12, choices=Kind)
    on = models.DateField("Tag oder bis", null=True, blank=True)
    said_at = models.DateTimeField("gesagt")
    seen_at = models.DateTimeField("durchgesehen", null=True, blank=True)
    seen_by = models.CharField(max_length=36, blank=True)

    class Meta:
        verbose_name = "Sofort-Meldung einer Gruppe"
        verbose_name_plural = "Sofort-Meldungen der Gruppen"
        base_manager_name = "unscoped"
        indexes = [models.Index(fields=["contact_point", "said_at"], name="live_notice_by_day")]

    def __str__(self) -> str:
        return str(self.id)


class Proposal(TenantModel):
    """Änderungsvorschlag: what a group would like in one field of its record, and what stood there when it said so.

    `base`, `wish` and `replaced` (what stood there when staff accepted it) are JSON, sealed: they may name people.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("groups.Group", models.CASCADE, related_name="+", verbose_name="Gruppe")
    field = models.CharField("Feld", max_length=20)
    person = models.UUIDField("Ansprechperson", null=True, blank=True)
    status = models.CharField("Stand", max_length=9, choices=ProposalStatus, default=ProposalStatus.OPEN)
    said_at = models.DateTimeField("vorgeschlagen")
    base_sealed = sealed_column()
    base = SealedText()
    wish_sealed = sealed_column()
    wish = SealedText()
    replaced_sealed = sealed_column()
    replaced = SealedText()
    called_back_at = models.DateTimeField("zurückgerufen", null=True, blank=True)
    called_back_by = models.CharField(max_length=36, blank=True)
    decided_at = models.DateTimeField("entschieden", null=True, blank=True)
    decided_by = models.CharField(max_length=36, blank=True)

    class Meta:
        verbose_name = "Änderungsvorschlag"
        verbose_name_plural = "Änderungsvorschläge"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "field"],
                condition=Q(status="open")
                & ~Q(field__in=["words", "person-new", "person-own", "person-remove"]),
                name="one_open_proposal_per_field",
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True)
                | (~Q(status="open") & Q(decided_at__isnull=False)),
                name="proposal_decided_when_not_open",
            ),
        ]
        indexes = [models.Index(fields=["contact_point", "status"], name="proposal_by_status")]

    def __str__(self) -> str:
        return str(self.id)
