"""The group's record, its venue, contact persons, conditions per field, and what an import did."""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.organisation.models import Site
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column

from .entry import models as _entry  # noqa: F401 - its rows belong to this app
from .lifecycle import Stage, YearlyStatus
from .own_page.models import LiveNotice, OwnPageKey, Proposal
from .ways import PostWay

__all__ = [
    "Answer",
    "ConditionDefault",
    "ContactPerson",
    "Group",
    "GroupChange",
    "ImportMapping",
    "ImportRun",
    "LiveNotice",
    "OwnPageKey",
    "PostWish",
    "Proposal",
    "UploadedList",
    "Venue",
    "YearlyAsking",
    "YearlyCampaign",
    "YearlyUpdate",
]


class Answer(models.TextChoices):
    """Yes, no, or nobody asked yet."""

    YES = "yes", "ja"
    NO = "no", "nein"
    UNKNOWN = "unknown", "unbekannt"


class Venue(TenantModel):
    """A meeting place, shared by groups; closing it pauses them, and back."""

    name = models.CharField("Name", max_length=200)
    street = models.CharField("Straße und Hausnummer", max_length=160, blank=True)
    postcode = models.CharField("Postleitzahl", max_length=5, blank=True)
    town = models.CharField("Ort", max_length=120, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    step_free = models.CharField("stufenlos", max_length=7, choices=Answer, default=Answer.UNKNOWN)
    access_note = models.CharField("Zugang", max_length=300, blank=True)
    closed_since = models.DateField("geschlossen seit", null=True, blank=True)
    closed_note = models.CharField("Grund", max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "Treffpunkt"
        verbose_name_plural = "Treffpunkte"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.name


class GroupQuerySet(models.QuerySet["Group"]):
    """The field's words for sets of groups."""

    def listed(self) -> "GroupQuerySet":
        """Groups that stand in the directory."""
        return self.filter(listed=True).exclude(stage=Stage.DISSOLVED)


class Group(TenantModel):
    """Selbsthilfegruppe: everything an office needs to know, internal unless opened."""

    class Basis(models.TextChoices):
        """On what ground an entry is public."""

        NONE = "none", "keine"
        EXISTING_PAPER = "existing-paper", "Bestand, Einwilligung auf Papier"
        CONSENT_FORM = "consent-form", "Einwilligung auf Papier"
        CONSENT_LINK = "consent-link", "Einwilligung über den Link"
        CONSENT_PHONE = "consent-phone", "Einwilligung am Telefon"
        EXAMPLE = "example", "Beispiel, erfunden"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(
        "Schlüssel der Liste",
        max_length=120,
        blank=True,
        help_text="woran ein Import die Gruppe wiedererkennt",
    )
    slug = models.SlugField(max_length=120, unique=True)
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Standort"
    )

    # What it is about
    name = models.CharField("Name", max_length=200)
    description = models.TextField("Beschreibung", blank=True, max_length=4000)
    topics = models.JSONField("Themen", default=list, blank=True)
    unknown_topics = models.JSONField("Themen ohne Zuordnung", default=list, blank=True)
    audience = models.JSONField("für wen", default=list, blank=True)
    is_young = models.BooleanField("Junge Selbsthilfe", default=False)
    age_from = models.PositiveSmallIntegerField("ab (ca.)", null=True, blank=True)
    age_to = models.PositiveSmallIntegerField("bis (ca.)", null=True, blank=True)
    languages = models.JSONField("Sprachen", default=list, blank=True)
    forms = models.JSONField("Form", default=list, blank=True, help_text="in-person, online, telephone")
    online_note = models.CharField("Hinweis zum Online-Treffen", max_length=300, blank=True)

    # Where
    town = models.CharField("Ort", max_length=120, blank=True)
    postcode = models.CharField("Postleitzahl", max_length=5, blank=True)
    district = models.CharField("Ortsteil oder Kreis", max_length=120, blank=True)
    kreis_key = models.CharField("Kreisschlüssel", max_length=5, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    venue = models.ForeignKey(
        Venue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Treffpunkt"
    )
    step_free = models.CharField("stufenlos", max_length=7, choices=Answer, default=Answer.UNKNOWN)
    sign_language = models.BooleanField("Gebärdensprache", default=False)
    easy_language = models.BooleanField("Leichte Sprache", default=False)
    induction_loop = models.BooleanField("Induktionsanlage", default=False)

    # When
    meeting_text = models.TextField("Treffen, wie gesagt", blank=True, max_length=1000)
    rhythm = models.JSONField(
        "Regel", default=dict, blank=True, help_text="Lesung von meeting_text, siehe groups.rhythm"
    )
    first_on = models.DateField("erstes Treffen", null=True, blank=True, help_text="verankert „alle 14 Tage“")
    cancelled_on = models.JSONField("fällt aus am", default=list, blank=True)
    other_rooms = models.JSONField("anderer Raum", null=True, blank=True, help_text="Tag → Raum, in Worten")

    # Life
    stage = models.CharField("Stand", max_length=12, choices=Stage, default=Stage.OPEN)
    stage_before_pause = models.CharField(max_length=12, choices=Stage, blank=True)
    paused_until = models.DateField("Pause bis", null=True, blank=True)
    paused_by_venue = models.BooleanField("pausiert, weil der Treffpunkt geschlossen ist", default=False)
    intake_stop_until = models.DateField("Aufnahmestopp bis", null=True, blank=True)
    dissolved_on = models.DateField("aufgelöst am", null=True, blank=True)
    founded = models.CharField(
        "gegründet", max_length=7, blank=True, help_text="Jahr oder Monat, 2019 oder 2019-03"
    )

    # Conditions and contact
    conditions = models.JSONField("Voraussetzungen", default=dict, blank=True)
    takes_referrals_only_via_office = models.BooleanField("nur über die Kontaktstelle", default=False)
    public_phone = models.CharField("Telefon der Gruppe", max_length=40, blank=True)
    public_email = models.EmailField("E-Mail der Gruppe", blank=True)
    website = models.URLField("Internetseite", blank=True)

    # Public or not
    listed = models.BooleanField("im Verzeichnis", default=False)
    protected = models.BooleanField("geschützt", default=False)
    visibility = models.JSONField("sichtbar", default=dict, blank=True)
    basis = models.CharField(
        "Grundlage der Veröffentlichung", max_length=16, choices=Basis, default=Basis.NONE
    )
    basis_on = models.DateField("Datum der Grundlage", null=True, blank=True)
    basis_by = models.CharField("bestätigt von", max_length=36, blank=True)
    confirmed_on = models.DateField("Stand", null=True, blank=True)

    # Internal
    members = models.PositiveSmallIntegerField("Mitglieder", null=True, blank=True)
    attending = models.PositiveSmallIntegerField("kommen regelmäßig", null=True, blank=True)
    association = models.CharField("Dachverband", max_length=160, blank=True)
    is_anonymous_fellowship = models.BooleanField("anonyme Gemeinschaft (12 Schritte)", default=False)
    led_by_professionals = models.CharField(
        "fachlich geleitet", max_length=7, choices=Answer, default=Answer.UNKNOWN
    )
    note_sealed = sealed_column()
    note = SealedText()
    source = models.CharField("Quelle", max_length=300, blank=True)
    is_example = models.BooleanField("Beispiel", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "Selbsthilfegruppe"
        verbose_name_plural = "Selbsthilfegruppen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point", "key"], condition=~Q(key=""), name="group_key_once_per_contact_point"
            ),
            models.CheckConstraint(
                condition=Q(listed=False) | (~Q(basis="none") & Q(basis_on__isnull=False) & ~Q(basis_by="")),
                name="listed_group_has_a_basis",
                violation_error_message="Ohne Grundlage der Veröffentlichung kann die Gruppe nicht erscheinen.",
            ),
            models.CheckConstraint(
                condition=Q(paused_by_venue=False) | Q(stage="paused"), name="venue_pause_is_a_pause"
            ),
            models.CheckConstraint(
                condition=(Q(stage="dissolved") & Q(dissolved_on__isnull=False))
                | (~Q(stage="dissolved") & Q(dissolved_on__isnull=True)),
                name="dissolved_group_has_its_day",
            ),
        ]
        indexes = [models.Index(fields=["contact_point", "stage"], name="group_by_stage")]

    def __str__(self) -> str:
        return self.name


class ContactPerson(TenantModel):
    """Ansprechperson of a group: a role and an opaque number; name and address lie in `relay`."""

    class Consent(models.TextChoices):
        """What is known of the person's consent."""

        UNCLEAR = "unclear", "intern, Einwilligung ungeklärt"
        INTERNAL = "internal", "nur intern"
        PUBLIC = "public", "veröffentlicht nach Einwilligung"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="contact_persons")
    party = models.UUIDField("Nummer in relay")
    position = models.PositiveSmallIntegerField("Reihenfolge", default=1)
    consent = models.CharField("Einwilligung", max_length=10, choices=Consent, default=Consent.UNCLEAR)

    class Meta:
        verbose_name = "Ansprechperson"
        verbose_name_plural = "Ansprechpersonen"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)


class GroupChange(TenantModel):
    """One step on a group, for its history at the desk: who, when, which fields; of the last one what stood there before.

    `stamp` is the group's `changed_at` after the step: as long as they agree, nothing was done since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=36)
    action = models.CharField("Schritt", max_length=40)
    fields = models.JSONField("Felder", default=list)
    stamp = models.DateTimeField()
    before_sealed = sealed_column()
    before = SealedText()

    class Meta:
        verbose_name = "Änderung einer Gruppe"
        verbose_name_plural = "Änderungen an Gruppen"
        base_manager_name = "unscoped"
        indexes = [models.Index(fields=["group", "at"], name="changes_of_group")]

    def __str__(self) -> str:
        return str(self.id)


class ConditionDefault(TenantModel):
    """What the groups of a topic field ask for at this office unless they say otherwise."""

    field = models.CharField("Themenfeld", max_length=80)
    conditions = models.JSONField("Voraussetzungen", default=dict)

    class Meta:
        verbose_name = "Voraussetzung je Themenfeld"
        verbose_name_plural = "Voraussetzungen je Themenfeld"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["contact_point", "field"], name="conditions_once_per_field")
        ]

    def __str__(self) -> str:
        return self.field


class ImportMapping(TenantModel):
    """How an office's columns and topics are read, kept for next time."""

    columns = models.JSONField("Spalten", default=dict)
    topics = models.JSONField("Themen", default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "Zuordnung des Imports"
        verbose_name_plural = "Zuordnungen des Imports"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["contact_point"], name="one_mapping_per_contact_point")
        ]

    def __str__(self) -> str:
        return f"Zuordnung vom {self.saved_at:%d.%m.%Y}"


class UploadedList(TenantModel):
    """A list brought to the desk, sealed, until it is imported or put away; never longer than a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=36)
    file_name = models.CharField("Datei", max_length=200)
    mapping = models.JSONField("Zuordnung", default=dict)
    basis = models.CharField(
        "Grundlage der Veröffentlichung", max_length=16, choices=Group.Basis, default=Group.Basis.NONE
    )
    basis_on = models.DateField("Datum der Grundlage", null=True, blank=True)
    run = models.UUIDField("Import", null=True, blank=True)
    content_sealed = sealed_column()
    content = SealedText()
    report_sealed = sealed_column()
    report = SealedText()

    class Meta:
        verbose_name = "hochgeladene Liste"
        verbose_name_plural = "hochgeladene Listen"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)


class ImportRun(TenantModel):
    """One import and what it takes to undo it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=36)
    file_name = models.CharField("Datei", max_length=200)
    created = models.JSONField("angelegt", default=list)
    before_sealed = sealed_column()
    before = SealedText()
    undone_at = models.DateTimeField("zurückgenommen am", null=True, blank=True)

    class Meta:
        verbose_name = "Import"
        verbose_name_plural = "Importe"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.file_name}, {self.at:%d.%m.%Y %H:%M}"


class PostWish(TenantModel):
    """By which way a group wants to hear from the office; without a row it goes as its addresses allow (`reaching`)."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="+", verbose_name="Gruppe")
    way = models.CharField("Weg", max_length=6, choices=PostWay)

    class Meta:
        verbose_name = "Postweg einer Gruppe"
        verbose_name_plural = "Postwege der Gruppen"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.way


class YearlyCampaign(TenantModel):
    """That an office asks its groups once a year, and from when on; without a row nobody is asked."""

    begins_on = models.DateField("von")

    class Meta:
        verbose_name = "jährliche Nachfrage der Stelle"
        verbose_name_plural = "jährliche Nachfragen der Stellen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["contact_point"], name="one_yearly_campaign_an_office")
        ]

    def __str__(self) -> str:
        return f"{self.begins_on}"


class YearlyUpdate(TenantModel):
    """Jährliche Nachfrage: one time of asking a group whether its facts are still right (`groups.yearly`)."""

    class How(models.TextChoices):
        """What confirmed them; all count the same."""

        LINK = "link", "über den Link"
        MAIL = "mail", "Antwort auf die Mail"
        PHONE = "phone", "am Telefon"
        SHEET = "sheet", "Blatt zurückgesandt"
        TALK = "talk", "im Gespräch"
        VISIT = "visit", "beim Besuch"
        FUNDING = "funding", "mit dem Förderantrag"
        RECORD = "record", "in den Angaben vermerkt"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="+", verbose_name="Gruppe")
    status = models.CharField("Stand", max_length=10, choices=YearlyStatus, default=YearlyStatus.ASKING)
    opened_on = models.DateField("begonnen am")
    closed_on = models.DateField("beendet am", null=True, blank=True)
    how = models.CharField("bestätigt", max_length=8, choices=How, blank=True)

    class Meta:
        verbose_name = "jährliche Nachfrage"
        verbose_name_plural = "jährliche Nachfragen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(closed_on__isnull=True), name="one_yearly_update_open_a_group"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asking", "to-decide"], closed_on__isnull=True)
                | (~Q(status__in=["asking", "to-decide"]) & Q(closed_on__isnull=False)),
                name="yearly_update_closed_when_done",
            ),
            models.CheckConstraint(
                condition=(Q(status="confirmed") & ~Q(how="")) | (~Q(status="confirmed") & Q(how="")),
                name="yearly_update_confirmed_somehow",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class YearlyAsking(TenantModel):
    """One mail, letter or call of a yearly update. A call without its day is still to be made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    update = models.ForeignKey(
        YearlyUpdate, models.CASCADE, related_name="askings", verbose_name="jährliche Nachfrage"
    )
    way = models.CharField("Weg", max_length=6, choices=PostWay)
    is_announcement = models.BooleanField("kündigt nur an", default=False)
    planned_on = models.DateField("vorgesehen am")
    asked_on = models.DateField("gefragt am", null=True, blank=True)
    came_back = models.BooleanField("kam zurück", default=False)

    class Meta:
        verbose_name = "Frage der jährlichen Nachfrage"
        verbose_name_plural = "Fragen der jährlichen Nachfrage"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["update"], condition=Q(asked_on__isnull=True), name="one_yearly_call_open"
            ),
            models.CheckConstraint(
                condition=Q(way="call") | Q(asked_on__isnull=False), name="only_a_call_is_still_to_be_made"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
