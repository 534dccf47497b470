"""The trail: who did what to which confidential record, free of names; the ledger: what was erased, free of it."""

from django.db import models


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


class LedgerEntry(models.Model):
    """Eintrag im Löschverzeichnis: that a row was erased, as an HMAC that does not lead back to it."""

    mac = models.CharField(max_length=64, unique=True, help_text="HMAC der Kennung der gelöschten Zeile")
    erased_on = models.DateField("gelöscht am")

    class Meta:
        verbose_name = "Eintrag im Löschverzeichnis"
        verbose_name_plural = "Löschverzeichnis"

    def __str__(self) -> str:
        return str(self.erased_on)
