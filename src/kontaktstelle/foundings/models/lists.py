"""The lists: who would like to found, or to be told; their consent; their invitations."""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.foundings.lifecycle import InterestStatus, InvitationStatus
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import TenantModel

from .foundings import Founding, FoundingMeeting, Outreach


class Interest(TenantModel):
    """One person on a list: of a founding (Interessiertenliste), or of those who are told when a group starts.

    The person is a number in `relay`. When they go, month, topics, Kreis and where they heard stay as a count.
    """

    class Kind(models.TextChoices):
        """Which list."""

        FOUNDING = "founding", "möchte bei einer Gründung dabei sein"
        TO_BE_TOLD = "to-be-told", "möchte hören, wenn eine Gruppe beginnt"

    class Who(models.TextChoices):
        """As whom somebody comes."""

        UNKNOWN = "unknown", "unbekannt"
        AFFECTED = "affected", "Betroffene"
        RELATIVE = "relative", "Angehörige"

    class Way(models.TextChoices):
        """How they are reached."""

        MAIL = "mail", "E-Mail"
        PHONE = "phone", "Telefon"
        LETTER = "letter", "Brief"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("Liste", max_length=10, choices=Kind)
    founding = models.ForeignKey(Founding, models.PROTECT, null=True, blank=True, related_name="+")
    topics = models.JSONField("Themen", default=list)
    kreis_key = models.CharField("Kreisschlüssel", max_length=5, blank=True)
    status = models.CharField("Stand", max_length=9, choices=InterestStatus, default=InterestStatus.LISTED)
    month = models.DateField("seit Monat", help_text="sein erster Tag")

    who = models.CharField("als", max_length=8, choices=Who, default=Who.UNKNOWN)
    outreach = models.ForeignKey(Outreach, models.SET_NULL, null=True, blank=True, related_name="+")
    heard = models.CharField("woher bekannt", max_length=20, default="unknown")

    party = models.UUIDField("Nummer in relay", null=True, blank=True)
    way = models.CharField("erreichbar über", max_length=6, choices=Way, blank=True)
    phone_index = models.CharField("HMAC der Nummer", max_length=32, blank=True, db_index=True)
    email_index = models.CharField("HMAC der Adresse", max_length=32, blank=True, db_index=True)
    first_on = models.DateField("auf der Liste seit", null=True, blank=True)
    consent_until = models.DateField("Einwilligung bis", null=True, blank=True)
    asked_again_on = models.DateField("nach der Verlängerung gefragt am", null=True, blank=True)
    told_on = models.DateField("Bescheid gegeben am", null=True, blank=True)
    erase_on = models.DateField("Person geht am", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Interesse"
        verbose_name_plural = "Interessen"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="founding") & Q(founding__isnull=False))
                | (Q(kind="to-be-told") & Q(founding__isnull=True)),
                name="interest_is_in_a_founding_or_a_topic",
            ),
            models.CheckConstraint(
                condition=~Q(status="listed")
                | Q(
                    party__isnull=False,
                    first_on__isnull=False,
                    consent_until__isnull=False,
                    erase_on__isnull=False,
                    way__gt="",
                ),
                name="who_is_listed_can_be_reached_and_goes_some_day",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["withdrawn", "lapsed"])
                | Q(
                    party__isnull=True,
                    phone_index="",
                    email_index="",
                    way="",
                    first_on__isnull=True,
                    consent_until__isnull=True,
                    asked_again_on__isnull=True,
                    told_on__isnull=True,
                    erase_on__isnull=True,
                ),
                name="who_went_is_a_count",
            ),
            *(
                models.UniqueConstraint(
                    fields=["founding", index],
                    condition=Q(status="listed", kind="founding") & ~Q(**{index: ""}),
                    name=f"once_on_a_list_by_{index}",
                )
                for index in ("phone_index", "email_index")
            ),
        ]
        indexes = [
            models.Index(fields=["contact_point", "status", "consent_until"], name="interest_by_consent"),
            models.Index(fields=["founding", "status"], name="interest_by_founding"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ListConsent(TenantModel):
    """Einwilligung to stand on a list: by which text, how and when; kept as proof after the person is gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    interest = models.ForeignKey(Interest, models.SET_NULL, null=True, blank=True, related_name="+")
    text_version = models.CharField("Fassung des Textes", max_length=40)
    how = models.CharField("wie gegeben", max_length=12)
    given_at = models.DateTimeField("gegeben")
    withdrawn_at = models.DateTimeField("widerrufen", null=True, blank=True)
    recorded_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    address_index = models.CharField("HMAC der Adresse", max_length=32, blank=True)
    erase_on = models.DateField("wird gelöscht", null=True, blank=True)

    class Meta:
        verbose_name = "Einwilligung zur Liste"
        verbose_name_plural = "Einwilligungen zur Liste"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(condition=~Q(text_version=""), name="list_consent_names_its_text"),
            models.CheckConstraint(
                condition=Q(interest__isnull=False) | Q(erase_on__isnull=False),
                name="list_consent_proof_ends_some_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class MeetingInvitation(TenantModel):
    """Einladung of one person to one founding meeting, answered by link or by telephone. It goes with the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    interest = models.ForeignKey(Interest, models.CASCADE, related_name="+")
    meeting = models.ForeignKey(FoundingMeeting, models.CASCADE, related_name="+")
    status = models.CharField("Stand", max_length=11, choices=InvitationStatus)
    invited_at = models.DateTimeField("eingeladen", null=True, blank=True)
    answered_at = models.DateTimeField("geantwortet", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Einladung zum Gründungstreffen"
        verbose_name_plural = "Einladungen zum Gründungstreffen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["interest", "meeting"], name="invited_once_to_a_meeting")
        ]

    def __str__(self) -> str:
        return str(self.id)
