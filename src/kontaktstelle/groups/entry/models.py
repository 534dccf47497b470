"""Rows of a group's entry: criteria in versions, decisions, consents of contact persons, the farewell."""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.groups.lifecycle import ConsentStatus, Outcome
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column


class EntryCriteria(TenantModel):
    """What an office asks of a group before it is listed: one version; a newer one never changes an older one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField("Fassung")
    lines = models.JSONField("Kriterien", default=list)
    decided_on = models.DateField("beschlossen am")
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=36)

    class Meta:
        verbose_name = "Aufnahmekriterien"
        verbose_name_plural = "Aufnahmekriterien"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["contact_point", "number"], name="criteria_version_once")
        ]

    def __str__(self) -> str:
        return f"Fassung {self.number}"


class EntryDecision(TenantModel):
    """What was decided about a group's entry, why, by whom; never changed, a later one follows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("groups.Group", models.CASCADE, related_name="+", verbose_name="Gruppe")
    number = models.PositiveIntegerField("Entscheidung")
    outcome = models.CharField("Ergebnis", max_length=10, choices=Outcome)
    criteria = models.PositiveIntegerField("nach Fassung", default=0)
    answers = models.JSONField("Antworten", default=list, help_text="je Kriterium: Wortlaut und Antwort")
    look_again_on = models.DateField("wieder ansehen am", null=True, blank=True)
    decided_at = models.DateTimeField("entschieden")
    by = models.CharField(max_length=36)
    reason_sealed = sealed_column()
    reason = SealedText()

    class Meta:
        verbose_name = "Entscheidung über die Aufnahme"
        verbose_name_plural = "Entscheidungen über die Aufnahme"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="entry_decision_once"),
            models.CheckConstraint(
                condition=Q(outcome="later", look_again_on__isnull=False)
                | (~Q(outcome="later") & Q(look_again_on__isnull=True)),
                name="later_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ContactConsent(TenantModel):
    """What a contact person was asked to let be seen, and their answer: field by field, channel by channel, by which text.

    The proof outlives the person's address: then `person` is empty.
    """

    class How(models.TextChoices):
        """By which way the answer came."""

        LINK = "link", "über den Link"
        LETTER = "letter", "auf Papier"
        PHONE = "phone", "am Telefon"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("groups.Group", models.CASCADE, related_name="+", verbose_name="Gruppe")
    person = models.ForeignKey(
        "groups.ContactPerson",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Ansprechperson",
    )
    status = models.CharField("Stand", max_length=10, choices=ConsentStatus, default=ConsentStatus.ASKED)
    way = models.CharField("gefragt", max_length=6, choices=PostWay)
    text_version = models.CharField("Text", max_length=40)
    asked = models.JSONField("gefragt nach", default=dict, help_text="Feld → Kanäle")
    agreed = models.JSONField("eingewilligt in", default=dict, help_text="Feld → Kanäle")
    withdrawn = models.JSONField("widerrufen", default=dict, help_text="Feld → wann")
    opened_on = models.DateField("begonnen am")
    asked_on = models.DateField(
        "gefragt am", null=True, blank=True, help_text="leer: Brief oder Anruf steht aus"
    )
    reminded_on = models.DateField("erinnert am", null=True, blank=True)
    came_back = models.BooleanField("kam zurück", default=False)
    answered_at = models.DateTimeField("geantwortet", null=True, blank=True)
    how = models.CharField("Weg der Antwort", max_length=6, choices=How, blank=True)
    recorded_by = models.CharField("festgehalten von", max_length=36, blank=True)
    ended_on = models.DateField("gilt nicht mehr seit", null=True, blank=True)

    class Meta:
        verbose_name = "Einwilligung einer Ansprechperson"
        verbose_name_plural = "Einwilligungen von Ansprechpersonen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(status="asked"), name="one_consent_asked_a_person"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status__in=["given", "refused", "withdrawn"]),
                name="one_answer_holds_a_person",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "ended"])
                | (Q(answered_at__isnull=False) & ~Q(how="") & ~Q(recorded_by="")),
                name="consent_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Farewell(TenantModel):
    """How a group ended, and where its old address leads for a year; no person.

    What stood there before is kept until the night has taken the people: till then it can be undone.
    """

    class Reason(models.TextChoices):
        """Why groups end, as offices hear it."""

        CONTACT = "contact", "Ansprechperson hört auf, keine Nachfolge"
        FEW = "few", "zu wenige Teilnehmende"
        CONFLICT = "conflict", "Schwierigkeiten unter den Mitgliedern"
        ROOM = "room", "kein Raum"
        DONE = "done", "Ziel erreicht, wird nicht mehr gebraucht"
        MERGED = "merged", "geht in einer anderen Gruppe auf"
        ILLNESS = "illness", "Alter oder Krankheit"
        OTHER = "other", "anderer Grund"
        UNKNOWN = "unknown", "nicht gesagt"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.OneToOneField("groups.Group", models.CASCADE, related_name="+", verbose_name="Gruppe")
    reason = models.CharField("Grund", max_length=10, choices=Reason)
    words_sealed = sealed_column()
    words = SealedText()
    said_at = models.DateTimeField("eingetragen")
    by = models.CharField(max_length=36)
    before = models.JSONField("Stand davor", default=dict)
    slug = models.SlugField("alte Adresse", max_length=120, blank=True)
    topics = models.JSONField("Themen", default=list)
    lat = models.FloatField(null=True, blank=True, help_text="öffentlich gewesener Ort oder Kreis")
    lon = models.FloatField(null=True, blank=True)
    forwards_until = models.DateField("leitet weiter bis", null=True, blank=True)
    erased_on = models.DateField("Personen gelöscht am", null=True, blank=True)

    class Meta:
        verbose_name = "Abschied einer Gruppe"
        verbose_name_plural = "Abschiede von Gruppen"
        base_manager_name = "unscoped"
        indexes = [models.Index(fields=["slug"], name="farewell_by_address")]

    def __str__(self) -> str:
        return str(self.id)
