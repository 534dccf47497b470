"""The founding, the texts and calls that look for people, its meetings, and who helps at the start."""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.foundings.lifecycle import FoundingStatus, MeetingStatus, OutreachStatus
from kontaktstelle.groups.models import Group, Venue
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column


class StartHelper(TenantModel):
    """Starthilfe: a volunteer who accompanies the first meetings of groups whose topic is not their own.

    Their own topics are sealed: they say of what somebody is affected. The person is a number in `relay`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.UUIDField("Nummer in relay", null=True, blank=True)
    topics_sealed = sealed_column()
    topics = SealedText()
    joined_on = models.DateField("dabei seit")
    left_on = models.DateField("aufgehört am", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Starthilfe"
        verbose_name_plural = "Starthilfen"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)


class Founding(TenantModel):
    """Gründung: an attempt to bring people of one topic together. It counts whatever comes of it."""

    class Origin(models.TextChoices):
        """From whom it came."""

        PERSON = "person", "eine Person möchte gründen"
        OFFICE = "office", "die Kontaktstelle"
        DEMAND = "demand", "der Bedarf"

    class Role(models.TextChoices):
        """What the founder wants to be in it."""

        UNKNOWN = "unknown", "noch nicht besprochen"
        LEADS = "leads", "geht voran"
        TAKES_PART = "takes-part", "macht mit, ohne voranzugehen"
        ANONYMOUS = "anonymous", "möchte ungenannt bleiben"
        NOBODY = "nobody", "die Kontaktstelle gründet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    origin = models.CharField("begonnen durch", max_length=6, choices=Origin)
    begun_month = models.DateField("begonnen im Monat", help_text="sein erster Tag")
    status = models.CharField("Stand", max_length=11, choices=FoundingStatus, default=FoundingStatus.IDEA)
    rested_from = models.CharField("ruhte von", max_length=11, choices=FoundingStatus, blank=True)
    reason = models.CharField("Grund des Endes", max_length=20, blank=True)
    ended_month = models.DateField("zu Ende im Monat", null=True, blank=True)

    # What about: the working title may name people of a small place, so it is sealed.
    title_sealed = sealed_column()
    title = SealedText()
    topics = models.JSONField("Themen", default=list)
    audience = models.JSONField("für wen", default=list, blank=True)
    kreis_key = models.CharField("Kreisschlüssel", max_length=5, blank=True)
    conditions = models.JSONField("Voraussetzungen", default=list, blank=True)
    place_wish_sealed = sealed_column()
    place_wish = SealedText()

    # Who: the founder, a number in `relay`; without one the office itself.
    party = models.UUIDField("Nummer der Gründungsperson in relay", null=True, blank=True)
    role = models.CharField("Rolle der Gründungsperson", max_length=10, choices=Role, default=Role.UNKNOWN)
    covered_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="zuständig",
        help_text="leer = wer da ist",
    )  # fmt: skip

    # What was done: results only, no answers.
    talked_on = models.DateField("Erstgespräch am", null=True, blank=True)
    talked_about = models.JSONField("besprochen", default=list, blank=True)
    looked_round_on = models.DateField("nach bestehenden Gruppen gesehen am", null=True, blank=True)
    there_already = models.PositiveSmallIntegerField("bestehende Gruppen", null=True, blank=True)
    threshold = models.PositiveSmallIntegerField("Interessierte, ab denen eingeladen wird", default=6)

    # The accompanied start.
    helper = models.ForeignKey(StartHelper, models.PROTECT, null=True, blank=True, related_name="+")
    meetings_planned = models.PositiveSmallIntegerField("begleitete Treffen, vorgesehen", default=3)
    accompanied_until = models.DateField("Begleitung beendet am", null=True, blank=True)

    group = models.ForeignKey(
        Group, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Gruppe im Verzeichnis"
    )
    joined = models.ForeignKey(
        Group, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="gegangen in die Gruppe"
    )

    next_on = models.DateField("nächster Schritt bis", null=True, blank=True)
    de_identified = models.BooleanField("entpersönlicht", default=False)
    erase_on = models.DateField("Personen gehen am", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Gründung"
        verbose_name_plural = "Gründungen"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["settled", "joined", "given-up"]) | Q(next_on__isnull=False),
                name="live_founding_has_a_day",
                violation_error_message="Eine laufende Gründung braucht einen Tag, an dem es weitergeht.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["settled", "joined", "given-up"]) | Q(ended_month__isnull=False),
                name="ended_founding_has_its_month",
            ),
            models.CheckConstraint(
                condition=~Q(status="given-up") | ~Q(reason=""), name="given_up_founding_says_why"
            ),
            models.CheckConstraint(
                condition=(Q(status="resting") & ~Q(rested_from=""))
                | (~Q(status="resting") & Q(rested_from="")),
                name="resting_founding_knows_where_it_stood",
            ),
            models.CheckConstraint(
                condition=Q(de_identified=False)
                | Q(party__isnull=True, title_sealed__isnull=True, place_wish_sealed__isnull=True),
                name="de_identified_founding_is_a_count",
            ),
            models.CheckConstraint(
                condition=Q(meetings_planned__gte=1, meetings_planned__lte=10),
                name="start_is_accompanied_one_to_ten_times",
            ),
        ]
        indexes = [models.Index(fields=["contact_point", "status", "next_on"], name="founding_by_day")]

    def __str__(self) -> str:
        return str(self.id)


class CallText(TenantModel):
    """Text of a call for people, in versions; used only as the founder (or the office) has approved it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    founding = models.ForeignKey(Founding, models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField("Fassung")
    text_sealed = sealed_column()
    text = SealedText()
    written_on = models.DateField("geschrieben am")
    approved_on = models.DateField("freigegeben am", null=True, blank=True)
    approved_how = models.CharField("freigegeben wie", max_length=12, blank=True)

    class Meta:
        verbose_name = "Aufruftext"
        verbose_name_plural = "Aufruftexte"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["founding", "number"], name="call_text_version_once"),
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True, approved_how="")
                | (Q(approved_on__isnull=False) & ~Q(approved_how="")),
                name="approved_text_says_how",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Outreach(TenantModel):
    """Aufruf: one approved text in one place, so that whoever comes forward can say where they heard."""

    class Way(models.TextChoices):
        """Where it stands."""

        PRESS = "press", "Presse"
        POSTER = "poster", "Aushang mit Abreißzetteln"
        LEAFLET = "leaflet", "Faltblatt"
        SITE = "site", "Internetseite"
        SOCIAL_MEDIA = "social-media", "soziale Medien"
        PRACTICE = "practice", "Praxen und Kliniken"
        EVENT = "event", "Veranstaltung"
        OTHER = "other", "anders"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    founding = models.ForeignKey(Founding, models.CASCADE, related_name="+")
    text = models.ForeignKey(CallText, models.PROTECT, related_name="+")
    way = models.CharField("wie", max_length=12, choices=Way)
    where = models.CharField("wo", max_length=120, blank=True, help_text="z. B. die Zeitung, keine Person")
    status = models.CharField("Stand", max_length=7, choices=OutreachStatus, default=OutreachStatus.PLANNED)
    planned_for = models.DateField("geplant für")
    out_on = models.DateField("erschienen am", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Aufruf"
        verbose_name_plural = "Aufrufe"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=(Q(status="out") & Q(out_on__isnull=False))
                | (~Q(status="out") & Q(out_on__isnull=True)),
                name="outreach_that_is_out_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class FoundingMeeting(TenantModel):
    """Gründungstreffen, or a meeting of the accompanied start: when, where, how many; its minutes, without persons."""

    class Kind(models.TextChoices):
        """Which meeting."""

        FIRST = "first", "Gründungstreffen"
        ACCOMPANIED = "accompanied", "begleitetes Treffen"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    founding = models.ForeignKey(Founding, models.CASCADE, related_name="+")
    kind = models.CharField("Art", max_length=11, choices=Kind)
    status = models.CharField("Stand", max_length=10, choices=MeetingStatus, default=MeetingStatus.PLANNED)
    on = models.DateField("am")
    starts = models.TimeField("um", null=True, blank=True)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="+")
    room = models.CharField("Raum", max_length=120, blank=True)
    attended = models.PositiveSmallIntegerField("waren da", null=True, blank=True)
    minutes_sealed = sealed_column()
    minutes = SealedText()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Treffen einer Gründung"
        verbose_name_plural = "Treffen von Gründungen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["founding"],
                condition=Q(kind="first", status="planned"),
                name="one_founding_meeting_ahead",
            ),
            models.UniqueConstraint(
                fields=["founding", "on"],
                condition=Q(kind="accompanied", status="held"),
                name="one_meeting_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(status="held") & Q(attended__isnull=False))
                | (~Q(status="held") & Q(attended__isnull=True, minutes_sealed__isnull=True)),
                name="held_meeting_says_how_many_came",
            ),
            models.CheckConstraint(
                condition=~Q(kind="first") | Q(starts__isnull=False, venue__isnull=False),
                name="founding_meeting_has_time_and_room",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
