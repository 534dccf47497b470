"""Träger, contact points, sites, hours, closings, areas, texts; staff, their posts, invitations and delicate steps."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from kontaktstelle.privacy.fields import SealedText, sealed_column

from .tenancy import TenantModel


class Traeger(models.Model):
    """The body that carries contact points: a Kreis, an association, a church body."""

    class Kind(models.TextChoices):
        """Decides which data-protection law the papers name."""

        PUBLIC = "public", "Kreis, Stadt oder Gemeinde"
        ASSOCIATION = "association", "eingetragener Verein"
        CATHOLIC = "catholic", "katholischer Träger (KDG)"
        PROTESTANT = "protestant", "evangelischer Träger (DSG-EKD)"

    name = models.CharField("Name", max_length=200)
    kind = models.CharField("Art", max_length=20, choices=Kind)

    class Meta:
        verbose_name = "Träger"
        verbose_name_plural = "Träger"

    def __str__(self) -> str:
        return self.name


class ContactPoint(models.Model):
    """A Selbsthilfekontaktstelle: the office, the wall between tenants, and its public face."""

    slug = models.SlugField(unique=True)
    name = models.CharField(
        "Name", max_length=200, help_text="wie er überall erscheint, z. B. „K.I.S.S. Kreis Beispiel“"
    )
    short_name = models.CharField("Kurzname", max_length=60)
    traeger = models.ForeignKey(Traeger, models.PROTECT, related_name="contact_points", verbose_name="Träger")
    land = models.CharField("Land", max_length=2, help_text="Kürzel für Feiertage und Schulferien, z. B. NW")
    phone = models.CharField("Telefon", max_length=40)
    email = models.EmailField("E-Mail")
    website = models.URLField("Internetseite", blank=True)
    about = models.TextField("Über uns", blank=True)
    accent = models.CharField(
        "Akzentfarbe",
        max_length=7,
        blank=True,
        help_text="#RRGGBB; wird abgelehnt, wenn der Kontrast nicht reicht",
    )
    logo = models.FileField("Logo", upload_to="logos", blank=True)
    is_example = models.BooleanField("Beispiel", default=False)
    founding_label = models.CharField("Bezeichnung der Starthilfe", max_length=60, blank=True)
    reads_within_working_days = models.PositiveSmallIntegerField(
        "Antwort innerhalb von Arbeitstagen", default=3
    )
    asks_how_it_went = models.BooleanField(
        "fragt später nach", default=False, help_text="die Frage nach dem Verbleib; nur, wer zugestimmt hat"
    )

    class Meta:
        verbose_name = "Kontaktstelle"
        verbose_name_plural = "Kontaktstellen"

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A Standort of a contact point; a code, a filter and a report column, not a wall."""

    contact_point = models.ForeignKey(ContactPoint, models.CASCADE, related_name="sites")
    code = models.SlugField("Kürzel", max_length=20)
    name = models.CharField("Name", max_length=120)
    street = models.CharField("Straße und Hausnummer", max_length=120)
    postcode = models.CharField("Postleitzahl", max_length=5)
    town = models.CharField("Ort", max_length=120)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    lat = models.FloatField("Breite", null=True)
    lon = models.FloatField("Länge", null=True)
    kreis_key = models.CharField("Kreisschlüssel", max_length=5, blank=True)
    access_note = models.CharField(
        "Zugang", max_length=200, blank=True, help_text="z. B. „stufenlos, Aufzug, Induktionsanlage“"
    )

    class Meta:
        verbose_name = "Standort"
        verbose_name_plural = "Standorte"
        constraints = [models.UniqueConstraint(fields=["contact_point", "code"], name="site_code_once")]

    def __str__(self) -> str:
        return self.name


class Hours(models.Model):
    """One span of Sprechzeiten of a site in the week."""

    class Kind(models.TextChoices):
        """What happens in this span."""

        OPEN = "open", "Sprechzeit"
        TELEPHONE = "telephone", "Telefonsprechzeit"
        APPOINTMENT = "appointment", "nach Vereinbarung"

    site = models.ForeignKey(Site, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(
        "Wochentag", null=True, blank=True, help_text="0 = Montag; leer bei „nach Vereinbarung“"
    )
    opens = models.TimeField("von", null=True, blank=True)
    closes = models.TimeField("bis", null=True, blank=True)
    kind = models.CharField("Art", max_length=12, choices=Kind, default=Kind.OPEN)

    class Meta:
        verbose_name = "Sprechzeit"
        verbose_name_plural = "Sprechzeiten"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="appointment")
                | Q(
                    weekday__isnull=False,
                    weekday__lte=6,
                    opens__isnull=False,
                    closes__isnull=False,
                    opens__lt=F("closes"),
                ),
                name="hours_have_day_and_span",
                violation_error_message="Eine Sprechzeit braucht Wochentag, Beginn und ein späteres Ende.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.weekday} {self.opens}–{self.closes}"


class Closing(models.Model):
    """A span of days on which a contact point, or one site of it, is closed beyond the public holidays."""

    contact_point = models.ForeignKey(ContactPoint, models.CASCADE, related_name="closings")
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="closings")
    first_day = models.DateField("von")
    last_day = models.DateField("bis")
    public_note = models.CharField("Hinweis für alle", max_length=200, blank=True)

    class Meta:
        verbose_name = "Schließzeit"
        verbose_name_plural = "Schließzeiten"
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")),
                name="closing_ends_after_it_begins",
                violation_error_message="Das Ende der Schließzeit liegt vor ihrem Beginn.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"


class Area(models.Model):
    """What a contact point is responsible for: a Kreis by its key, or single postcodes."""

    contact_point = models.ForeignKey(ContactPoint, models.CASCADE, related_name="areas")
    kreis_key = models.CharField("Kreisschlüssel", max_length=5, blank=True, db_index=True)
    postcode = models.CharField("Postleitzahl", max_length=5, blank=True, db_index=True)

    class Meta:
        verbose_name = "Zuständigkeitsgebiet"
        verbose_name_plural = "Zuständigkeitsgebiete"
        constraints = [
            models.CheckConstraint(
                condition=(Q(kreis_key="") & ~Q(postcode="")) | (~Q(kreis_key="") & Q(postcode="")),
                name="area_is_kreis_or_postcode",
            ),
            models.UniqueConstraint(fields=["contact_point", "kreis_key", "postcode"], name="area_once"),
        ]

    def __str__(self) -> str:
        return self.kreis_key or self.postcode


class StaffManager(BaseUserManager["Staff"]):
    """Creates staff; there is no superuser."""

    def create(self, **fields: Any) -> "Staff":
        """Create a member of staff without a password; signing in is enrolled by a one-time link."""
        member = self.model(**fields)
        member.set_unusable_password()
        member.save(using=self._db)
        return member


class Staff(AbstractBaseUser):
    """A member of staff: the only accounts there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("E-Mail", unique=True)
    name = models.CharField("Name", max_length=120)
    contact_point = models.ForeignKey(
        ContactPoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name="Kontaktstelle",
    )
    is_active = models.BooleanField("aktiv", default=True)
    locked_on = models.DateField("gesperrt am", null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = StaffManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "Mitarbeitende"
        verbose_name_plural = "Mitarbeitende"

    def __str__(self) -> str:
        return str(self.id)


class Post(models.Model):
    """What somebody does at a contact point: one role; a person may hold several, at several contact points."""

    class Role(models.TextChoices):
        """The roles; `organisation.rights` says what each may do."""

        RECEPTION = "reception", "Empfang"
        COUNSELS = "counsels", "berät"
        LEADS = "leads", "leitet"
        UPKEEP = "upkeep", "Pflege"
        DPO = "dpo", "Datenschutz"
        OPERATOR = "operator", "Betrieb"

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="posts", verbose_name="Person")
    contact_point = models.ForeignKey(
        ContactPoint, models.CASCADE, related_name="posts", verbose_name="Kontaktstelle"
    )
    role = models.CharField("Rolle", max_length=12, choices=Role)
    given_at = models.DateTimeField("vergeben am")

    class Meta:
        verbose_name = "Aufgabe"
        verbose_name_plural = "Aufgaben"
        constraints = [
            models.UniqueConstraint(fields=["staff", "contact_point", "role"], name="post_once"),
            models.CheckConstraint(
                condition=Q(role__in=["reception", "counsels", "leads", "upkeep", "dpo", "operator"]),
                name="post_role_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.role}"


class Invitation(models.Model):
    """A one-time link with which somebody sets up their own sign-in; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="invitations", verbose_name="Person")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("erstellt am")
    expires_at = models.DateTimeField("gilt bis")
    used_at = models.DateTimeField("benutzt am", null=True, blank=True)

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at__lt=F("expires_at")), name="invitation_expires_after_it_is_made"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class DelicateStep(TenantModel):
    """A step that takes four eyes, or one pair of eyes, a call-back and two days (`organisation.four_eyes`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("Art", max_length=40)
    object_id = models.CharField(max_length=40, help_text="Kennung dessen, woran der Schritt geschieht")
    reason_sealed = sealed_column()
    reason = SealedText()
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="veranlasst von")
    asked_at = models.DateTimeField("veranlasst am")
    confirmed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bestätigt von"
    )
    confirmed_at = models.DateTimeField("bestätigt am", null=True, blank=True)
    called_back_at = models.DateTimeField("zurückgerufen am", null=True, blank=True)
    withdrawn_at = models.DateTimeField("zurückgenommen am", null=True, blank=True)
    done_at = models.DateTimeField("ausgeführt am", null=True, blank=True)

    class Meta:
        verbose_name = "Schritt mit vier Augen"
        verbose_name_plural = "Schritte mit vier Augen"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
                name="four_eyes_are_two_people",
                violation_error_message="Bestätigen muss eine zweite Person.",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True)
                | Q(confirmed_at__isnull=False)
                | Q(called_back_at__isnull=False),
                name="delicate_step_done_after_confirmation_or_call",
            ),
            models.UniqueConstraint(
                fields=["contact_point", "kind", "object_id"],
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
                name="delicate_step_open_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class OfficeText(TenantModel):
    """A version of a text an office speaks or works by (`organisation.texts`); it is added to, never changed or removed.

    `text` is None where the office went back to the programme's draft. Sealed, for it may say whom of the office to call.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField("welcher Text", max_length=30)
    number = models.PositiveIntegerField("Fassung")
    text_sealed = sealed_column()
    text = SealedText()
    decided_on = models.DateField("beschlossen am", null=True, blank=True)
    decided_by_sealed = sealed_column()
    decided_by = SealedText()
    written_at = models.DateTimeField("geschrieben")
    written_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "Text der Stelle"
        verbose_name_plural = "Texte der Stelle"
        base_manager_name = "unscoped"
        ordering = ["key", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point", "key", "number"], name="office_text_has_one_of_each_version"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="office_text_is_counted_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class Earlier(TenantModel):
    """What a record of an office said before a step changed it, and after: so that the step can be taken back."""

    kind = models.CharField("was", max_length=40)
    object_id = models.CharField(max_length=60)
    was = models.JSONField("vorher", default=dict)
    became = models.JSONField("nachher", default=dict)
    changed_at = models.DateTimeField("geändert")
    changed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField("zurückgenommen", null=True, blank=True)

    class Meta:
        verbose_name = "früherer Stand"
        verbose_name_plural = "frühere Stände"
        base_manager_name = "unscoped"
        indexes = [models.Index(fields=["contact_point", "kind", "object_id"], name="earlier_by_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
