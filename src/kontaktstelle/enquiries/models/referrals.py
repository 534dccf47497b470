"""The referral, the consent it rests on, and what was agreed with the group."""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.enquiries.lifecycle import ReferralStatus
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column

from .threads import Enquiry


class Referral(TenantModel):
    """Vermittlung to a group or Weitervermittlung to a body or service: it has a life of its own."""

    class Route(models.TextChoices):
        """Which data move, the least first."""

        OPEN = "R0", "öffentliche Angaben mitgeteilt"
        RELAY = "R1", "geschützter Kontakt"
        CALL_BACK = "R2", "Gruppe ruft zurück"
        GROUP_ADDRESS = "R3", "Kontakt der Gruppe weitergegeben"
        TOGETHER = "R4", "gemeinsames Erstgespräch"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="+")
    network = models.CharField("Stelle", max_length=140, blank=True, help_text="„body:…“ oder „service:…“")
    route = models.CharField("Weg", max_length=2, choices=Route)
    status = models.CharField("Stand", max_length=10, choices=ReferralStatus, default=ReferralStatus.DRAFT)
    conditions = models.JSONField("Voraussetzungen, wie besprochen", default=list, blank=True)

    # Counts as a referral from the month in which somebody was told, or the group was asked.
    counted_in = models.DateField("zählt im Monat", null=True, blank=True)
    came_into_contact = models.BooleanField("Kontakt kam zustande", default=False)
    declined_for = models.CharField("Grund der Absage", max_length=12, blank=True)
    result = models.CharField("Ergebnis", max_length=12, blank=True)

    due_on = models.DateField("fällig", null=True, blank=True)
    follow_up_on = models.DateField("nachfragen am", null=True, blank=True)
    drafted_at = models.DateTimeField("angelegt", null=True, blank=True)
    asked_on = models.DateField("gefragt am", null=True, blank=True)
    answered_on = models.DateField("geantwortet am", null=True, blank=True)
    ended_on = models.DateField("beendet am", null=True, blank=True)
    channel = models.UUIDField("Kanal in relay", null=True, blank=True)
    de_identified = models.BooleanField("entpersönlicht", default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Vermittlung"
        verbose_name_plural = "Vermittlungen"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=(Q(group__isnull=False) & Q(network="")) | (Q(group__isnull=True) & ~Q(network="")),
                name="referral_leads_to_one_place",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["draft", "consented", "asked", "accepted"])
                | Q(due_on__isnull=False, enquiry__isnull=False),
                name="open_referral_is_due_some_day",
                violation_error_message="Eine offene Vermittlung braucht einen Tag, an dem nachgefragt wird.",
            ),
            models.CheckConstraint(
                condition=Q(channel__isnull=True) | Q(status__in=["accepted", "in-contact", "outcome"]),
                name="channel_opens_on_acceptance",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["told", "asked", "accepted", "in-contact", "outcome", "declined"])
                | Q(counted_in__isnull=False),
                name="referral_counts_once_it_was_made",
            ),
            models.CheckConstraint(
                condition=Q(status="outcome", result__gt="") | (~Q(status="outcome") & Q(result="")),
                name="referral_outcome_says_what",
            ),
            models.CheckConstraint(
                condition=Q(de_identified=False)
                | Q(
                    enquiry__isnull=True,
                    channel__isnull=True,
                    due_on__isnull=True,
                    follow_up_on__isnull=True,
                    drafted_at__isnull=True,
                    asked_on__isnull=True,
                    answered_on__isnull=True,
                    ended_on__isnull=True,
                ),
                name="de_identified_referral_is_a_count",
            ),
        ]
        indexes = [
            models.Index(fields=["contact_point", "counted_in"], name="referral_by_month"),
            models.Index(fields=["contact_point", "status", "due_on"], name="referral_by_due_day"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Consent(TenantModel):
    """Einwilligung: to what, by which text, how and when given; kept as proof after the person is gone."""

    class Purpose(models.TextChoices):
        """To what somebody agreed: each is asked by itself."""

        PROCESSING = "processing", "dass wir die Anfrage bearbeiten"
        PASSING_ON = "passing-on", "dass wir Angaben weitergeben"
        FOLLOW_UP = "follow-up", "dass wir nachfragen"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.SET_NULL, null=True, blank=True, related_name="+")
    purpose = models.CharField("Zweck", max_length=12, choices=Purpose)
    text_version = models.CharField("Fassung des Textes", max_length=40)
    how = models.CharField("wie gegeben", max_length=12)
    given_at = models.DateTimeField("gegeben")
    withdrawn_at = models.DateTimeField("widerrufen", null=True, blank=True)
    recorded_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    address_index = models.CharField("HMAC der Adresse", max_length=32, blank=True)
    erase_on = models.DateField("wird gelöscht", null=True, blank=True)

    class Meta:
        verbose_name = "Einwilligung"
        verbose_name_plural = "Einwilligungen"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(condition=~Q(text_version=""), name="consent_names_its_text"),
            models.CheckConstraint(
                condition=Q(referral__isnull=False) | Q(erase_on__isnull=False),
                name="consent_proof_ends_some_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Arrangement(TenantModel):
    """Vermittlungsabsprache: how a group wants to be asked, and how often.

    It stands here and not beside the group's record: only referrals read it, its monthly limit is counted over referrals,
    and nothing of it may ever become public, while everything of a group's record can be opened.
    """

    class How(models.TextChoices):
        """How the group is asked."""

        CALL = "call", "anrufen"
        MAIL = "mail", "E-Mail"
        LETTER = "letter", "Brief"
        LINK = "link", "über den Link der Gruppe"

    class Rhythm(models.TextChoices):
        """One by one, or collected."""

        SINGLY = "singly", "einzeln"
        WEEKLY = "weekly", "einmal in der Woche gesammelt"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    asked_person = models.UUIDField(
        "wer gefragt wird", null=True, blank=True, help_text="Nummer der Ansprechperson; leer = die erste"
    )
    how = models.CharField("wie", max_length=6, choices=How, default=How.CALL)
    rhythm = models.CharField("wie oft", max_length=6, choices=Rhythm, default=Rhythm.SINGLY)
    ask_for = models.JSONField(
        "wonach wir fragen", default=list, blank=True, help_text="Schlüssel der Voraussetzungen"
    )
    new_per_month = models.PositiveSmallIntegerField("neue Menschen im Monat", null=True, blank=True)
    words_sealed = sealed_column()
    words = SealedText()
    agreed_on = models.DateField("abgesprochen am")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Vermittlungsabsprache"
        verbose_name_plural = "Vermittlungsabsprachen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["contact_point", "group"], name="one_arrangement_per_group")
        ]

    def __str__(self) -> str:
        return str(self.id)
