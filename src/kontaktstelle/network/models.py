"""The registers: help lines, supra-regional bodies, services of the help network.

Rows come from the data files (`registers.load_registers`) and are edited by offices at the desk; whatever an office
changed or confirmed is its own and is never overwritten by a newer data file.
"""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q


class RegisterRow(models.Model):
    """What every row of a register carries: where it comes from, and who checked it when."""

    key = models.SlugField("Schlüssel", max_length=60, unique=True)
    name = models.CharField("Name", max_length=160)
    note = models.CharField("Hinweis", max_length=400, blank=True)
    source = models.CharField("Quelle", max_length=300, help_text="Name und Adresse, lesbar ohne Klick")
    source_date = models.CharField(
        "Stand der Quelle",
        max_length=10,
        blank=True,
        help_text="Jahr, Monat oder Tag: 2021, 2021-02, 2021-02-09; leer = unbekannt",
    )
    checked_on = models.DateField("geprüft am", null=True, blank=True)
    checked_by = models.CharField(
        "geprüft von", max_length=36, blank=True, help_text="Kennung der Person, nie ein Name"
    )
    changed_at_desk = models.DateTimeField("am Schreibtisch geändert", null=True, blank=True)
    hidden = models.BooleanField("ausgeblendet", default=False)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=1000)

    # Kept by `registers`: what the data file last said, and whether it says something new an office should look at.
    shipped_digest = models.CharField(max_length=64, blank=True, editable=False)
    to_review = models.BooleanField("neue Angaben liegen vor", default=False)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True, checked_by="")
                | (Q(checked_on__isnull=False) & ~Q(checked_by="")),
                name="%(class)s_checked_by_and_on",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="%(class)s_has_a_source",
                violation_error_message="Ohne Quelle kommt nichts in das Register.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_own(self) -> bool:
        """Say whether an office has changed or confirmed this row, so that no data file may touch it."""
        return self.changed_at_desk is not None or self.checked_on is not None

    @property
    def label(self) -> str:
        """Return what the trail calls a row of this register."""
        return self._meta.label_lower

    def set_or_reset(self, name: str, facts: dict[str, Any]) -> None:
        """Set a field to its fact, or back to its default where there is none."""
        field = self._meta.get_field(name)
        assert isinstance(field, models.Field)  # noqa: S101 - no relation is among the facts
        setattr(self, name, facts[name] if name in facts else field.get_default())


class HolidayRule(models.TextChoices):
    """What a line does on public holidays."""

    AS_USUAL = "as-usual", "wie an anderen Tagen"
    CLOSED = "closed", "nicht erreichbar"
    SUNDAY = "sunday", "wie sonntags"
    UNKNOWN = "unknown", "unbekannt"


class HelpLine(RegisterRow):
    """A telephone line that listens or helps at once."""

    numbers = models.JSONField("Rufnummern", default=list)
    operator = models.CharField("Träger", max_length=200)
    kinds = models.JSONField("wofür", default=list, help_text="siehe network.kinds.KINDS")
    for_whom = models.CharField("für wen", max_length=200, blank=True)
    hours = models.CharField("Zeiten", max_length=200, blank=True)
    spans = models.JSONField(
        "Zeiten, gegliedert",
        default=list,
        blank=True,
        help_text="[Wochentag, von, bis], siehe network.hours; leer = unbekannt",
    )
    on_holidays = models.CharField(
        "an Feiertagen", max_length=8, choices=HolidayRule, default=HolidayRule.UNKNOWN
    )
    closed_days = models.JSONField("geschlossen am", default=list, blank=True, help_text="MM-TT, jedes Jahr")
    languages = models.CharField("Sprachen", max_length=200, blank=True)
    cost = models.CharField("Kosten", max_length=120, blank=True)
    regions = models.JSONField(
        "Gebiete",
        default=list,
        blank=True,
        help_text="Kürzel der Länder oder Kreisschlüssel; leer = bundesweit",
    )
    is_fallback = models.BooleanField("springt ein, wenn nichts anderes passt", default=False)

    class Meta(RegisterRow.Meta):
        verbose_name = "Hilfetelefon"
        verbose_name_plural = "Hilfetelefone"
        constraints = [
            *RegisterRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(is_fallback=False) | Q(hidden=False),
                name="helpline_fallback_is_shown",
                violation_error_message="Dieses Hilfetelefon springt ein, wenn nichts anderes passt. Es kann nicht ausgeblendet werden.",
            ),
        ]


class Body(RegisterRow):
    """A supra-regional self-help body or digital offer."""

    class Reach(models.TextChoices):
        """How far it reaches."""

        BUND = "bund", "bundesweit"
        LAND = "land", "in einem Land"
        DIGITAL = "digital", "im Internet"

    what = models.CharField("was", max_length=300)
    for_whom = models.CharField("für wen", max_length=200, blank=True)
    topics = models.JSONField("Themen", default=list, help_text="Schlüssel der Themen; „*“ = alle")
    reach = models.CharField("Reichweite", max_length=7, choices=Reach, default=Reach.BUND)
    land = models.CharField("Land", max_length=2, blank=True)
    website = models.CharField(
        "Internetadresse", max_length=120, blank=True, help_text="ohne https://, wird als Text gezeigt"
    )
    phone = models.CharField("Telefon", max_length=40, blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = "überregionale Stelle"
        verbose_name_plural = "überregionale Stellen"
        constraints = [
            *RegisterRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(reach="land") & ~Q(land="") | ~Q(reach="land") & Q(land=""),
                name="body_of_a_land_names_it",
                violation_error_message="Eine Stelle eines Landes nennt ihr Land, eine andere keines.",
            ),
        ]


class Service(RegisterRow):
    """A service of the professional help network: whom to turn to for treatment."""

    class Kind(models.TextChoices):
        """What it is, in the order in which the need answer names it."""

        APPOINTMENTS = "appointments", "Terminservice"
        CONSULTATION = "consultation", "psychotherapeutische Sprechstunde"
        SOCIAL_PSYCHIATRY = "social-psychiatry", "Sozialpsychiatrischer Dienst"
        CRISIS_SERVICE = "crisis-service", "Krisendienst"
        COUNSELLING = "counselling", "Beratungsstelle"

    kind = models.CharField("Art", max_length=20, choices=Kind)
    contact_point = models.ForeignKey(
        "organisation.ContactPoint",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Kontaktstelle",
        help_text="wessen Eintrag; leer = für alle",
    )
    what = models.CharField("was", max_length=400)
    for_whom = models.CharField("für wen", max_length=200, blank=True)
    numbers = models.JSONField("Rufnummern", default=list, blank=True)
    hours = models.CharField("Zeiten", max_length=200, blank=True)
    spans = models.JSONField("Zeiten, gegliedert", default=list, blank=True)
    on_holidays = models.CharField(
        "an Feiertagen", max_length=8, choices=HolidayRule, default=HolidayRule.UNKNOWN
    )
    regions = models.JSONField("Gebiete", default=list, blank=True)
    cost = models.CharField("Kosten", max_length=120, blank=True)
    website = models.CharField("Internetadresse", max_length=120, blank=True)

    class Meta(RegisterRow.Meta):
        verbose_name = "Stelle im Hilfesystem"
        verbose_name_plural = "Stellen im Hilfesystem"
        ordering = ["position", "contact_point_id", "key"]
