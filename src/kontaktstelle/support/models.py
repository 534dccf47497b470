"""The log of support, signs set aside, and dates told to helpers."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Site, Staff
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column

LONGEST_MINUTES = 960


class SupportKind(models.TextChoices):
    """What kind of support it was; advice is given outside the group's session, accompaniment inside."""

    ADVICE = "advice", "Beratung"
    ACCOMPANIMENT = "accompaniment", "Begleitung im Treffen"
    CONFLICT = "conflict", "Konflikt"
    SUCCESSION = "succession", "Nachfolge"
    VISIT = "visit", "Besuch"
    START_HELP = "start-help", "Starthilfe"


class SupportEntry(TenantModel):
    """One time a group was supported. When the person goes, month, kind, site, length and the group stay as a count."""

    class Who(models.TextChoices):
        """Who came, called or wrote: never a name."""

        UNKNOWN = "unknown", "unbekannt"
        CONTACT_PERSON = "contact-person", "Ansprechperson"
        MEMBER = "member", "jemand aus der Gruppe"
        SEVERAL = "several", "mehrere aus der Gruppe"
        WHOLE_GROUP = "whole-group", "die ganze Gruppe"
        OFFICE = "office", "wir von uns aus"
        OTHER = "other", "jemand von außerhalb"

    class AskedHow(models.TextChoices):
        """How the whole group was asked whether it wants somebody inside its session."""

        IN_SESSION = "in-session", "in einem Treffen, alle waren dafür"
        EACH = "each", "jede Person einzeln, alle waren dafür"
        IN_WRITING = "in-writing", "schriftlich, niemand war dagegen"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="+", verbose_name="Gruppe")
    kind = models.CharField("Art", max_length=14, choices=SupportKind)
    month = models.DateField("Monat")
    day = models.DateField("Tag", null=True, blank=True)
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Standort"
    )
    who = models.CharField("wer kam oder rief an", max_length=14, choices=Who, default=Who.UNKNOWN)
    asked_how = models.CharField(
        "wie die ganze Gruppe gefragt wurde", max_length=10, choices=AskedHow, blank=True
    )
    minutes = models.PositiveSmallIntegerField(
        "Minuten",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)],
    )
    note_sealed = sealed_column()
    note = SealedText()
    next_on = models.DateField("nächster Termin", null=True, blank=True)
    next_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="zuständig"
    )
    entered_on = models.DateField("eingetragen am")
    de_identified = models.BooleanField("entpersönlicht", default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Eintrag der Begleitung"
        verbose_name_plural = "Begleitung"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="accompaniment") & ~Q(asked_how=""))
                | (~Q(kind="accompaniment") & Q(asked_how="")),
                name="accompaniment_says_how_all_were_asked",
                violation_error_message="In ein Treffen kommt nur, wen die ganze Gruppe will.",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="support_month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(de_identified=False, day__isnull=False)
                | Q(
                    de_identified=True,
                    day__isnull=True,
                    who="unknown",
                    note_sealed__isnull=True,
                    next_on__isnull=True,
                    next_by__isnull=True,
                ),
                name="de_identified_support_is_a_count",
            ),
        ]
        indexes = [
            models.Index(fields=["contact_point", "month"], name="support_by_month"),
            models.Index(fields=["group", "month"], name="support_of_group"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SignCode(models.TextChoices):
    """Why somebody should look at a group. No order, no weight: each is a reason by itself."""

    NO_PERSON = "no-person", "keine Ansprechperson"
    ONE_PERSON = "one-person", "nur eine Ansprechperson"
    LEAVING = "leaving", "Ansprechperson hört auf"
    NOT_UPDATED = "not-updated", "lange nicht bestätigt"
    NO_DATES = "no-dates", "keine Termine"
    LONG_PAUSE = "long-pause", "lange Pause"
    CONFLICTS = "conflicts", "mehrere Konflikte"
    UNANSWERED = "unanswered", "Vermittlungen ohne Antwort"


class SignSetAside(TenantModel):
    """Somebody looked at a sign: it stays quiet until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="+", verbose_name="Gruppe")
    code = models.CharField("Zeichen", max_length=12, choices=SignCode)
    until = models.DateField("bis")

    class Meta:
        verbose_name = "beiseite gelegtes Zeichen"
        verbose_name_plural = "beiseite gelegte Zeichen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["group", "code"], name="sign_set_aside_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class HelperDate(TenantModel):
    """One date and place for whoever helps a group (Starthilfe, In-Gang-Setzer), told by a link that ends with the day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="+", verbose_name="Gruppe")
    on = models.DateField("Tag")
    begins = models.TimeField("Beginn", null=True, blank=True)
    place_sealed = sealed_column()
    place = SealedText()

    class Meta:
        verbose_name = "Termin für Helfende"
        verbose_name_plural = "Termine für Helfende"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)
