"""The contact: what is counted, without a person; and what a form, an office and a month need beside it."""

import uuid

from django.db import models
from django.db.models import F, Q

from kontaktstelle.organisation.models import Site, Staff
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column


class Contact(TenantModel):
    """Kontakt: one conversation in codes. It has no person; its day goes with its note, its month stays."""

    class Source(models.TextChoices):
        """Which way the row came in."""

        LOG = "log", "erfasst"
        TALLY = "tally", "Strichliste"
        MAIL = "mail", "Posteingang"
        WEB = "web", "Internetseite"
        CARRIED_OVER = "carried-over", "übernommen"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Standort"
    )
    enquiry = models.ForeignKey(
        "enquiries.Enquiry", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Anfrage"
    )
    month = models.DateField("Monat", help_text="sein erster Tag")
    day = models.DateField("Tag", null=True, blank=True)

    # Codes, see `codes.py`. Empty lists and `unknown` both mean that nobody said.
    code_year = models.PositiveSmallIntegerField("Stand der Listen")
    channel = models.CharField("Weg", max_length=20, default="unknown")
    direction = models.CharField("Richtung", max_length=10, default="unknown")
    reached = models.PositiveIntegerField(
        "erreichte Personen", null=True, blank=True, help_text="nur bei Sammelkontakten"
    )
    who = models.CharField("Wer", max_length=20, default="unknown")
    concerns = models.JSONField("Anliegen", default=list, blank=True)
    topics = models.JSONField(
        "Themen", default=list, blank=True, help_text="bis zu drei, Schlüssel des Themenbaums"
    )
    outcomes = models.JSONField("Ergebnis", default=list, blank=True)
    visit = models.CharField("Erst- oder Folgekontakt", max_length=10, default="unknown")
    extras = models.JSONField(
        "weitere Angaben", default=dict, blank=True, help_text="Felder, die die Stelle führt"
    )

    # Where the person lives, as coarse as was said.
    kreis_key = models.CharField("Kreisschlüssel", max_length=5, blank=True)
    municipality = models.CharField("Gemeinde", max_length=120, blank=True)
    postcode_area = models.CharField("Postleitzahlbereich", max_length=5, blank=True)

    note_sealed = sealed_column()
    note = SealedText()
    entered_late = models.BooleanField("nachgetragen", default=False, help_text="nach Ende des Monats")
    source = models.CharField("Herkunft", max_length=12, choices=Source, default=Source.LOG)
    entered_at = models.DateTimeField("erfasst", null=True, blank=True)
    entered_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    de_identified = models.BooleanField("entpersönlicht", default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Kontakt"
        verbose_name_plural = "Kontakte"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(de_identified=False, day__isnull=False, entered_at__isnull=False)
                | Q(
                    de_identified=True,
                    day__isnull=True,
                    entered_at__isnull=True,
                    entered_by__isnull=True,
                    enquiry__isnull=True,
                    note_sealed__isnull=True,
                    municipality="",
                    postcode_area="",
                ),
                name="contact_has_a_day_or_is_de_identified",
            ),
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(day__gte=F("month")), name="contact_day_is_in_its_month"
            ),
            models.CheckConstraint(
                condition=Q(reached__isnull=True) | Q(reached__gte=1),
                name="collective_contact_reached_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["contact_point", "month"], name="contact_by_month"),
            models.Index(fields=["contact_point", "de_identified", "day"], name="contact_by_day"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class MonthlyCount(TenantModel):
    """How often a value was said in a month by contacts whose person is gone.

    What narrows people down (age, language, Gemeinde) leaves the contact when it is de-identified and stays here as
    a bare number: no way leads back from it to a contact, nor from one value to another.
    """

    month = models.DateField("Monat")
    site_number = models.PositiveBigIntegerField("Standort", default=0, help_text="0 = keiner")
    breakdown = models.CharField("Angabe", max_length=20)
    value = models.CharField("Wert", max_length=120)
    is_collective = models.BooleanField("Sammelkontakt", default=False)
    contacts = models.PositiveIntegerField("Kontakte", default=0)

    class Meta:
        verbose_name = "Monatszahl"
        verbose_name_plural = "Monatszahlen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point", "month", "site_number", "breakdown", "value", "is_collective"],
                name="monthly_count_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.breakdown}"


class CodeSwitch(TenantModel):
    """An office's choice: a field, or one value of a list, is on or off from a year on."""

    field = models.CharField("Feld", max_length=20)
    value = models.CharField("Wert", max_length=20, blank=True, help_text="leer = das ganze Feld")
    from_year = models.PositiveSmallIntegerField("ab")
    is_on = models.BooleanField("an", default=True)

    class Meta:
        verbose_name = "Feld des Kontaktbogens"
        verbose_name_plural = "Felder des Kontaktbogens"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point", "field", "value", "from_year"], name="code_switch_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.value}".strip()


class PostedForm(TenantModel):
    """A form that was posted: a second click finds here what the first one made. Kept for two days."""

    key = models.UUIDField("Schlüssel des Formulars")
    step = models.CharField("Schritt", max_length=60)
    posted_by = models.CharField("von", max_length=40, help_text="wie das Protokoll Handelnde nennt")
    rows = models.JSONField("Zeilen", default=list)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "abgesandtes Formular"
        verbose_name_plural = "abgesandte Formulare"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point", "step", "posted_by", "key"], name="form_counts_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.key)
