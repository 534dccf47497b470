"""The enquiry: a thread in which somebody waits; its notes, call-backs and clearing talks."""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.enquiries.lifecycle import CallBackStatus, EnquiryStatus
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column

from .contacts import Contact


class Enquiry(TenantModel):
    """Offene Anfrage: somebody waits, until a day, for somebody. The person is a number in `relay`."""

    class WaitsFor(models.TextChoices):
        """Whose turn it is while an enquiry waits."""

        PERSON = "person", "die Person"
        GROUP = "group", "die Gruppe"
        BODY = "body", "eine Stelle"
        US = "us", "uns"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("Nummer", max_length=12, help_text="zum Nennen am Telefon, ohne Bedeutung")
    month = models.DateField("Monat", help_text="in dem die Anfrage begann, sein erster Tag")
    party = models.UUIDField("Nummer in relay", null=True, blank=True)
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    email_index = models.CharField(max_length=32, blank=True, db_index=True)
    receipt_hash = models.CharField("Abholcode, gehasht", max_length=120, blank=True)

    status = models.CharField("Stand", max_length=8, choices=EnquiryStatus, default=EnquiryStatus.OPEN)
    waits_for = models.CharField("wartet auf", max_length=6, choices=WaitsFor, blank=True)
    due_on = models.DateField("fällig", null=True, blank=True)
    due_wished_on = models.DateField("gewünscht fällig", null=True, blank=True)
    covered_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="zuständig",
        help_text="leer = wer da ist",
    )  # fmt: skip
    only_me = models.BooleanField("nur ich", default=False)
    is_paused_for_crisis = models.BooleanField("Krise: Vermittlung ruht", default=False)
    closed_on = models.DateField("erledigt am", null=True, blank=True)
    last_event_on = models.DateField("zuletzt bewegt am", null=True, blank=True)
    opened_at = models.DateTimeField("begonnen", null=True, blank=True)
    de_identified = models.BooleanField("entpersönlicht", default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Anfrage"
        verbose_name_plural = "Anfragen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["contact_point", "number"], name="enquiry_number_once"),
            models.CheckConstraint(
                condition=Q(status="closed", closed_on__isnull=False)
                | Q(status="closed", de_identified=True)
                | (~Q(status="closed") & Q(due_on__isnull=False, closed_on__isnull=True)),
                name="open_enquiry_is_due_some_day",
                violation_error_message="Eine offene Anfrage braucht einen Tag, an dem sie wieder angesehen wird.",
            ),
            models.CheckConstraint(
                condition=Q(de_identified=False)
                | Q(
                    status="closed",
                    party__isnull=True,
                    phone_index="",
                    email_index="",
                    receipt_hash="",
                    covered_by__isnull=True,
                    closed_on__isnull=True,
                    last_event_on__isnull=True,
                    opened_at__isnull=True,
                    due_on__isnull=True,
                    due_wished_on__isnull=True,
                ),
                name="de_identified_enquiry_has_no_person",
            ),
            models.CheckConstraint(
                condition=Q(only_me=False) | Q(covered_by__isnull=False), name="only_me_names_somebody"
            ),
        ]
        indexes = [models.Index(fields=["contact_point", "status", "due_on"], name="enquiry_by_due_day")]

    def __str__(self) -> str:
        return self.number


class Note(TenantModel):
    """A note in an enquiry, sealed. Two who wrote at once both keep their text (`beside`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="+")
    text_sealed = sealed_column()
    text = SealedText()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    beside = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Notiz"
        verbose_name_plural = "Notizen"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)


class CallBack(TenantModel):
    """Rückruf, Zusenden or Termin: a promise to somebody, erased by itself when it is kept."""

    class Kind(models.TextChoices):
        """What was promised."""

        CALL = "call", "Rückruf"
        SEND = "send", "Zusenden"
        APPOINTMENT = "appointment", "Termin"

    class Machine(models.TextChoices):
        """What may be said to the answering machine."""

        NOTHING = "nothing", "nicht auf den Anrufbeantworter sprechen"
        NEUTRAL = "neutral", "nur neutral: Name der Stelle nicht nennen"
        FREELY = "freely", "Name der Stelle darf genannt werden"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("Art", max_length=12, choices=Kind, default=Kind.CALL)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, null=True, blank=True, related_name="+")
    party = models.UUIDField("Nummer in relay", null=True, blank=True)
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    email_index = models.CharField(max_length=32, blank=True, db_index=True)
    window_from = models.TimeField("von", null=True, blank=True)
    window_to = models.TimeField("bis", null=True, blank=True)
    machine = models.CharField("Anrufbeantworter", max_length=8, choices=Machine, default=Machine.NOTHING)
    status = models.CharField("Stand", max_length=8, choices=CallBackStatus, default=CallBackStatus.PROMISED)
    due_on = models.DateField("fällig", null=True, blank=True)
    due_wished_on = models.DateField("gewünscht fällig", null=True, blank=True)
    covered_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    attempts = models.JSONField(
        "Versuche", default=list, blank=True, help_text="[Tag, reached|machine|nobody]"
    )
    promised_at = models.DateTimeField("versprochen")
    erase_at = models.DateTimeField("wird gelöscht", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Rückruf"
        verbose_name_plural = "Rückrufe"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=(Q(status="promised") & Q(due_on__isnull=False, party__isnull=False))
                | (~Q(status="promised") & Q(erase_at__isnull=False)),
                name="call_back_is_due_or_erased_soon",
                violation_error_message="Ein versprochener Rückruf braucht einen Tag, ein erledigter sein Löschdatum.",
            )
        ]
        indexes = [models.Index(fields=["contact_point", "status", "due_on"], name="call_back_by_due_day")]

    def __str__(self) -> str:
        return str(self.id)


class Clearing(TenantModel):
    """Klärungsgespräch: that it was held, and what came of it. No answer about health is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, null=True, blank=True, related_name="+")
    month = models.DateField("Monat")
    discussed_on = models.DateField("besprochen am", null=True, blank=True)
    outcomes = models.JSONField("Ergebnis", default=list)

    class Meta:
        verbose_name = "Klärungsgespräch"
        verbose_name_plural = "Klärungsgespräche"
        base_manager_name = "unscoped"
        indexes = [models.Index(fields=["contact_point", "month"], name="clearing_by_month")]

    def __str__(self) -> str:
        return str(self.id)
