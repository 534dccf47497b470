"""Programmes and rounds (public facts with a source), and what one office does with them: tellings, applications, seats.

No bank data anywhere: what a group's account is called is nothing an office has to know.
"""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.groups.models import Answer, Group
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.network.models import RegisterRow
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column

from .lifecycle import HAS_MONEY, ApplicationStatus, TellingStatus

SATURDAY = 5


class Programme(RegisterRow):
    """Förderprogramm: who gives money for what, by which law; requirements as its own papers name them."""

    class Kind(models.TextChoices):
        """Whose money it is; there is one fixed wording for each."""

        GKV_FLAT = "gkv-flat", "Pauschalförderung der Krankenkassen"
        GKV_PROJECT = "gkv-project", "Projektförderung der Krankenkassen"
        CARE = "care", "Förderung der Pflegekassen"
        PENSION = "pension", "Förderung der Rentenversicherung"
        LAND = "land", "Förderung des Landes"
        MUNICIPAL = "municipal", "Förderung der Kommune"
        OTHER = "other", "andere Förderung"

    kind = models.CharField("Art", max_length=12, choices=Kind)
    contact_point = models.ForeignKey(
        "organisation.ContactPoint", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name="Kontaktstelle", help_text="wessen Eintrag; leer = für alle",
    )  # fmt: skip
    land = models.CharField("Land", max_length=2, blank=True, help_text="leer = bundesweit")
    kreis_key = models.CharField(
        "Kreisschlüssel", max_length=5, blank=True, help_text="leer = im ganzen Land"
    )
    for_groups = models.BooleanField("für Gruppen", default=True)
    for_offices = models.BooleanField("für Kontaktstellen", default=False)
    law = models.CharField("Grundlage", max_length=200, blank=True)
    amount = models.CharField("Höhe, wie die Quelle sie nennt", max_length=200, blank=True)
    min_members = models.PositiveSmallIntegerField("Mitglieder, mindestens", null=True, blank=True)
    min_months = models.PositiveSmallIntegerField("besteht seit Monaten, mindestens", null=True, blank=True)
    wants_account = models.BooleanField("Konto der Gruppe verlangt", default=False)
    wants_minutes = models.BooleanField("Gründungsprotokoll verlangt", default=False)
    wants_own_lead = models.BooleanField("keine fachliche Leitung", default=False)
    topic_fields = models.JSONField("Themenfelder", default=list, blank=True, help_text="leer = alle")

    class Meta(RegisterRow.Meta):
        verbose_name = "Förderprogramm"
        verbose_name_plural = "Förderprogramme"
        constraints = [
            *RegisterRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(for_groups=True) | Q(for_offices=True), name="programme_is_for_somebody"
            ),
        ]


class FundingRound(RegisterRow):
    """Förderrunde: one deadline of one programme in one year. Never mailed before an office has checked it."""

    class Delivery(models.TextChoices):
        """What counts as being in time."""

        ORIGINAL = "original", "im Original eingegangen"
        POSTMARK = "postmark", "Poststempel"
        ONLINE = "online", "online"
        UNKNOWN = "unknown", "unbekannt"

    class Purpose(models.TextChoices):
        """What is due."""

        APPLICATION = "application", "Antrag"
        PROOF = "proof", "Verwendungsnachweis"
        DRAW_DOWN = "draw-down", "Mittelabruf"
        SITTING = "sitting", "Sitzung der Vergabe"

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="rounds", verbose_name="Förderprogramm"
    )
    year = models.PositiveSmallIntegerField("Jahr")
    purpose = models.CharField("was", max_length=12, choices=Purpose, default=Purpose.APPLICATION)
    due_on = models.DateField("Frist", null=True, blank=True, help_text="leer = ganzjährig")
    is_final = models.BooleanField("danach ausgeschlossen", default=False)
    delivery = models.CharField("Form", max_length=8, choices=Delivery, default=Delivery.UNKNOWN)
    rolled_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="übernommen von"
    )

    class Meta(RegisterRow.Meta):
        verbose_name = "Förderrunde"
        verbose_name_plural = "Förderrunden"
        ordering = ["due_on", "key"]
        constraints = [
            *RegisterRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["rolled_from", "year"],
                condition=Q(rolled_from__isnull=False),
                name="round_rolled_once",
            ),
        ]

    @property
    def is_checked(self) -> bool:
        """Say whether an office stands by this date: nothing else is ever sent to a group."""
        return self.checked_on is not None

    @property
    def is_on_a_weekend(self) -> bool:
        """Say whether the day is a Saturday or Sunday. It is shown with a warning; legal shifts are not computed."""
        return self.due_on is not None and self.due_on.weekday() >= SATURDAY


class FundingCard(TenantModel):
    """Förderblatt of a group: what funders ask beside what the group's record knows, and whether it wants to hear of money."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.OneToOneField(Group, models.CASCADE, related_name="+", verbose_name="Gruppe")
    has_account = models.CharField("eigenes Konto", max_length=7, choices=Answer, default=Answer.UNKNOWN)
    has_minutes = models.CharField("Gründungsprotokoll", max_length=7, choices=Answer, default=Answer.UNKNOWN)
    quiet_since = models.DateField("will nichts von Förderung hören, seit", null=True, blank=True)

    class Meta:
        verbose_name = "Förderblatt"
        verbose_name_plural = "Förderblätter"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)


class FundingSearch(TenantModel):
    """An office has looked for money for its groups in a year: only then may a group be told that none was found."""

    year = models.PositiveSmallIntegerField("Jahr")
    searched_on = models.DateField("gesucht am")
    searched_by = models.CharField("von", max_length=36)

    class Meta:
        verbose_name = "Suche nach Förderung"
        verbose_name_plural = "Suchen nach Förderung"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["contact_point", "year"], name="funding_search_once_a_year")
        ]

    def __str__(self) -> str:
        return str(self.year)


class Telling(TenantModel):
    """One line of the proof: which group was told of what, how and when. A call still to make is one that is not told yet."""

    class About(models.TextChoices):
        """What it tells of."""

        APPLICATION = "application", "Antragsfrist"
        PROOF = "proof", "Verwendungsnachweis"
        ALL_YEAR = "all-year", "ganzjährige Förderung"
        NONE = "none", "nichts gefunden"

    class Step(models.TextChoices):
        """Which of the reminders it is, or why somebody calls."""

        EIGHT = "eight", "acht Wochen vorher"
        THREE = "three", "drei Wochen vorher"
        ONE = "one", "eine Woche vorher"
        ONCE = "once", "einmal im Jahr"
        SILENCE = "silence", "keine Antwort: anrufen"
        BOUNCE = "bounce", "nicht angekommen: anrufen"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="+", verbose_name="Gruppe")
    about = models.CharField("worüber", max_length=12, choices=About)
    round = models.ForeignKey(
        FundingRound, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Förderrunde"
    )
    year = models.PositiveSmallIntegerField("Jahr")
    due_on = models.DateField("Frist", null=True, blank=True, help_text="die Frist, die gesagt wurde")
    step = models.CharField("Schritt", max_length=8, choices=Step)
    way = models.CharField("Weg", max_length=6, choices=PostWay)
    status = models.CharField("Stand", max_length=12, choices=TellingStatus)
    dispatch = models.UUIDField("Nummer der Sendung", null=True, blank=True)
    made_at = models.DateTimeField("vorbereitet")
    told_at = models.DateTimeField("gesagt", null=True, blank=True)
    told_by = models.CharField("gesagt von", max_length=36, blank=True)
    tries = models.PositiveSmallIntegerField("Versuche", default=0)

    class Meta:
        verbose_name = "Mitteilung über Förderung"
        verbose_name_plural = "Mitteilungen über Förderung"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "round", "about", "due_on", "step"],
                condition=Q(due_on__isnull=False),
                name="telling_of_a_deadline_once",
            ),
            models.UniqueConstraint(
                fields=["group", "about", "round", "year", "step"],
                condition=Q(due_on__isnull=True, round__isnull=False),
                name="telling_of_the_year_once",
            ),
            models.UniqueConstraint(
                fields=["group", "year", "step"],
                condition=Q(round__isnull=True),
                name="telling_that_none_was_found_once",
            ),
            models.CheckConstraint(
                condition=Q(about="none", round__isnull=True) | (~Q(about="none") & Q(round__isnull=False)),
                name="telling_names_its_round",
            ),
            models.CheckConstraint(
                condition=~Q(status=TellingStatus.TOLD) | Q(told_at__isnull=False), name="told_has_its_moment"
            ),
        ]
        indexes = [models.Index(fields=["contact_point", "status"], name="telling_by_status")]

    def __str__(self) -> str:
        return str(self.id)


class Application(TenantModel):
    """Antrag of a group, or of the office itself (no group), from the first word to the proof of use and repayment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(
        Group, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="Gruppe"
    )
    round = models.ForeignKey(FundingRound, models.PROTECT, related_name="+", verbose_name="Förderrunde")
    status = models.CharField("Stand", max_length=16, choices=ApplicationStatus)
    asked_cents = models.PositiveBigIntegerField("beantragt, Cent", null=True, blank=True)
    granted_cents = models.PositiveBigIntegerField("bewilligt, Cent", null=True, blank=True)
    granted_on = models.DateField("bewilligt am", null=True, blank=True)
    proof_due_on = models.DateField("Verwendungsnachweis bis", null=True, blank=True)
    repay_cents = models.PositiveBigIntegerField("zurückzuzahlen, Cent", null=True, blank=True)
    repay_by = models.DateField("zurückzuzahlen bis", null=True, blank=True)
    began_at = models.DateTimeField("begonnen")
    changed_at = models.DateTimeField("geändert")

    class Meta:
        verbose_name = "Förderantrag"
        verbose_name_plural = "Förderanträge"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "round"], condition=Q(group__isnull=False), name="one_application_a_round"
            ),
            models.UniqueConstraint(
                fields=["contact_point", "round"],
                condition=Q(group__isnull=True),
                name="one_application_of_the_office_a_round",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status__in=sorted(HAS_MONEY)) & Q(granted_cents__isnull=False, granted_on__isnull=False)
                )
                | (~Q(status__in=sorted(HAS_MONEY)) & Q(granted_cents__isnull=True, granted_on__isnull=True)),
                name="application_has_money_when_granted",
            ),
            models.CheckConstraint(
                condition=~Q(status=ApplicationStatus.PROOF_DUE) | Q(proof_due_on__isnull=False),
                name="proof_due_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(status=ApplicationStatus.REPAYMENT) | Q(repay_cents__gt=0),
                name="repayment_has_its_sum",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AwardingSeat(TenantModel):
    """Who sits where money is awarded: somebody of the office, or a representative of the groups, whose name is sealed."""

    class Capacity(models.TextChoices):
        """As what."""

        VOTES = "votes", "stimmberechtigt"
        ADVISES = "advises", "beratend"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+", verbose_name="Förderprogramm")
    staff = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Person"
    )
    person_sealed = sealed_column()
    person = SealedText()
    capacity = models.CharField("als", max_length=8, choices=Capacity)
    since = models.DateField("seit")
    until = models.DateField("bis", null=True, blank=True)

    class Meta:
        verbose_name = "Sitz in einer Vergaberunde"
        verbose_name_plural = "Sitze in Vergaberunden"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="seat_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class CalendarAddress(TenantModel):
    """The secret part of the address under which an office's calendar of deadlines can be subscribed to; one an office."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial = models.UUIDField("Nummer", default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField("erzeugt")
    made_by = models.CharField("von", max_length=36)

    class Meta:
        verbose_name = "Adresse des Förderkalenders"
        verbose_name_plural = "Adressen der Förderkalender"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["contact_point"], name="one_calendar_address_an_office")
        ]

    def __str__(self) -> str:
        return str(self.pk)
