"""The trail: who did what to which record, free of names; the ledger: what was erased, free of it; restrictions."""

import uuid

from django.db import models
from django.db.models import F, Q

from .fields import SealedText, sealed_column
from .tenancy import TenantRow


class TrailEntry(models.Model):
    """One line of the trail (Zugriffsprotokoll): append-only, chained by `mac` within its contact point."""

    contact_point = models.PositiveBigIntegerField(
        help_text="Nummer der Kontaktstelle; 0 für die ganze Einrichtung"
    )
    number = models.PositiveBigIntegerField(help_text="fortlaufend je Kontaktstelle, lückenlos")
    at = models.DateTimeField()
    actor = models.CharField(max_length=36, help_text="Kennung der Person oder des Dienstes, nie ein Name")
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_mac = models.CharField(
        max_length=64, help_text="HMAC der Kennung: nachprüfbar, nicht zurückrechenbar"
    )
    fields = models.CharField(
        max_length=300, blank=True, help_text="Namen der geänderten Felder, nie ihre Inhalte"
    )
    previous_mac = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = "Eintrag im Zugriffsprotokoll"
        verbose_name_plural = "Zugriffsprotokoll"
        constraints = [models.UniqueConstraint(fields=["contact_point", "number"], name="trail_number_once")]


class TrailStart(models.Model):
    """Where the trail of one contact point begins since older lines went: number and `mac` of the last that is gone."""

    contact_point = models.PositiveBigIntegerField(
        primary_key=True, help_text="Nummer der Kontaktstelle; 0 für die ganze Einrichtung"
    )
    number = models.PositiveBigIntegerField(help_text="letzte Zeile, die nicht mehr da ist")
    last_mac = models.CharField(max_length=64, help_text="ihr HMAC: daran hängt die erste, die noch da ist")
    mac = models.CharField(max_length=64, help_text="HMAC über diese Zeile")

    class Meta:
        verbose_name = "Anfang des Zugriffsprotokolls"
        verbose_name_plural = "Anfänge des Zugriffsprotokolls"


class LedgerEntry(models.Model):
    """Eintrag im Löschverzeichnis: that a row was erased, as an HMAC that does not lead back to it."""

    mac = models.CharField(max_length=64, unique=True, help_text="HMAC der Kennung der gelöschten Zeile")
    erased_on = models.DateField("gelöscht am")

    class Meta:
        verbose_name = "Eintrag im Löschverzeichnis"
        verbose_name_plural = "Löschverzeichnis"

    def __str__(self) -> str:
        return str(self.erased_on)


class Restriction(TenantRow):
    """Einschränkung of a matter (Art. 18 DSGVO): until when nothing of it is erased (`privacy.restriction`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.UUIDField("betrifft", db_index=True, help_text="Kennung der Sache; hier ohne Bedeutung")
    reason_sealed = sealed_column()
    reason = SealedText()
    laid_on = models.DateField("eingeschränkt am")
    laid_by = models.UUIDField("eingeschränkt von")
    until = models.DateField("gewünscht bis")
    holds_until = models.DateField("gilt bis", help_text="ohne zweite Person höchstens vierzehn Tage")
    confirmed_by = models.UUIDField("bestätigt von", null=True, blank=True)
    lifted_on = models.DateField("aufgehoben am", null=True, blank=True)

    class Meta:
        verbose_name = "Einschränkung"
        verbose_name_plural = "Einschränkungen"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(laid_on__lte=F("holds_until"), holds_until__lte=F("until")),
                name="restriction_ends_some_day",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("laid_by")),
                name="restriction_takes_two_people",
                violation_error_message="Bestätigen muss eine zweite Person.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
