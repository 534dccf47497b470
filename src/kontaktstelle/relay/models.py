"""The party: a person as the ways to reach them, sealed; the channel between two sides, its messages, the code of a seeker."""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy.fields import SealedText, sealed_column


class Party(TenantModel):
    """Erreichbarkeit: name and ways back of one person, readable only with the office's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name_sealed = sealed_column()
    phone_sealed = sealed_column()
    email_sealed = sealed_column()
    address_sealed = sealed_column()
    note_sealed = sealed_column()
    name = SealedText()
    phone = SealedText()
    email = SealedText()
    address = SealedText()
    note = SealedText()
    registered_on = models.DateField("erfasst am")
    erase_on = models.DateField("zu löschen am", null=True, blank=True)

    class Meta:
        verbose_name = "Erreichbarkeit"
        verbose_name_plural = "Erreichbarkeiten"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)


class Side(models.TextChoices):
    """Who writes in a channel."""

    SEEKER = "seeker", "ratsuchende Person"
    OFFICE = "office", "Kontaktstelle"
    GROUP = "group", "Gruppe"


class Channel(TenantModel):
    """Kanal: two sides write to each other through the site; neither sees the other's name or address.

    What it is about are opaque numbers of rows further up. There is no address here: in portal mode none is needed.
    Relaying by mail would add aliases per side in a table of its own that points here; sides and messages stay as they are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.UUIDField("betrifft", help_text="Nummer der Anfrage; hier ohne Bedeutung")
    referral = models.UUIDField(
        "Vermittlung", null=True, blank=True, help_text="Nummer; leer = mit der Stelle"
    )
    other = models.CharField("mit wem", max_length=6, choices=Side)
    opened_at = models.DateTimeField("eröffnet")
    closed_at = models.DateTimeField("geschlossen", null=True, blank=True)
    # Six digits, told apart from the link; with the link they open the group's side.
    digits_hash = models.CharField("Code der Gruppe, gehasht", max_length=140, blank=True)
    digits_wrong = models.PositiveSmallIntegerField("Fehlversuche", default=0)

    class Meta:
        verbose_name = "Kanal"
        verbose_name_plural = "Kanäle"
        base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(other=Side.OFFICE, referral__isnull=True, digits_hash="")
                | Q(other=Side.GROUP, referral__isnull=False),
                name="channel_is_with_office_or_group",
            ),
            models.UniqueConstraint(
                fields=["about"], condition=Q(other=Side.OFFICE), name="one_channel_with_the_office"
            ),
            models.UniqueConstraint(fields=["referral"], name="one_channel_per_referral"),
        ]
        indexes = [models.Index(fields=["contact_point", "about"], name="channel_by_matter")]

    def __str__(self) -> str:
        return str(self.id)


class Message(TenantModel):
    """Nachricht in a channel, sealed.

    `read_at` is when the other side first opened it, `told_again_at` when somebody else of the office was told that nobody had.
    """

    class Kind(models.TextChoices):
        """What it is."""

        WORDS = "words", "Nachricht"
        CONTACT = "contact", "freigegebener Kontakt"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    side = models.CharField("von", max_length=6, choices=Side)
    kind = models.CharField("Art", max_length=7, choices=Kind, default=Kind.WORDS)
    text_sealed = sealed_column()
    text = SealedText()
    sent_at = models.DateTimeField("geschrieben")
    read_at = models.DateTimeField("gelesen", null=True, blank=True)
    told_again_at = models.DateTimeField("zweite Adresse benachrichtigt", null=True, blank=True)

    class Meta:
        verbose_name = "Nachricht"
        verbose_name_plural = "Nachrichten"
        base_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["channel", "sent_at"], name="message_by_channel"),
            models.Index(
                fields=["contact_point", "sent_at"], condition=Q(read_at__isnull=True), name="message_unread"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReceiptCode(TenantModel):
    """Abholcode: opens the seeker's side of everything about one enquiry. The code itself is nowhere.

    `lookup` finds the row by half of the code under a key of the installation; `proof` is a slow hash of all of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.UUIDField("betrifft", unique=True, help_text="Nummer der Anfrage; hier ohne Bedeutung")
    lookup = models.CharField(max_length=16, unique=True)
    proof = models.CharField(max_length=140)
    expires_on = models.DateField("gilt bis")

    class Meta:
        verbose_name = "Abholcode"
        verbose_name_plural = "Abholcodes"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.id)
