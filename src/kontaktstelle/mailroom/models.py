"""The outbox: a dispatch to one recipient, what is gathered for Sammelpost, and an outage of the mail server."""

import uuid

from django.db import models
from django.db.models import Q

from kontaktstelle.privacy.fields import SealedText, sealed_column
from kontaktstelle.privacy.tenancy import TenantRow

from .lifecycle import DONE, NEEDS_CONTENT, Kind, Reason, Status, Way

_SEALED = Q(recipient_sealed__isnull=False, content_sealed__isnull=False)
_ERASED = Q(recipient_sealed__isnull=True, content_sealed__isnull=True)


class Dispatch(TenantRow):
    """Sendung: one message to one recipient by one way.

    There is one column for the recipient and no table of recipients: a second one has no place. Address and text lie
    sealed, and the database itself refuses a sent row that still has them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.CharField("Vorlage", max_length=80)
    kind = models.CharField("Art", max_length=10, choices=Kind)
    way = models.CharField("Weg", max_length=10, choices=Way)
    status = models.CharField("Status", max_length=10, choices=Status)
    about = models.UUIDField(
        "betrifft", null=True, help_text="Nummer einer Sache weiter oben; hier ohne Bedeutung"
    )
    posting_month = models.PositiveIntegerField("Sammelpost im Monat", null=True, help_text="z. B. 202603")
    posting_half = models.PositiveSmallIntegerField("erste oder zweite Sammelpost", null=True)

    recipient_sealed = sealed_column()
    content_sealed = sealed_column()
    recipient = SealedText()
    content = SealedText()

    queued_at = models.DateTimeField("eingestellt")
    next_at = models.DateTimeField("frühestens")
    tries = models.PositiveSmallIntegerField("Versuche", default=0)
    first_tried_at = models.DateTimeField("erster Versuch", null=True)
    leased_until = models.DateTimeField("in Arbeit bis", null=True)
    leased_by = models.UUIDField("in Arbeit bei", null=True)
    done_at = models.DateTimeField("erledigt", null=True)
    reason = models.CharField("Grund", max_length=10, choices=Reason, blank=True)
    reply_code = models.PositiveSmallIntegerField("Antwort des Mail-Servers", null=True)

    class Meta:
        verbose_name = "Sendung"
        verbose_name_plural = "Sendungen"
        base_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["next_at"], condition=Q(status=Status.WAITING), name="dispatch_waiting"),
            models.Index(fields=["contact_point_id", "status"], name="dispatch_of_office"),
            models.Index(fields=["about"], name="dispatch_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(status__in=sorted(NEEDS_CONTENT)) & _SEALED)
                | (Q(status__in=sorted(DONE)) & _ERASED)
                | (Q(status=Status.FAILED) & (_SEALED | _ERASED)),
                name="dispatch_has_its_recipient_until_done",
            ),
            models.CheckConstraint(
                condition=Q(
                    way=Way.MAIL, status__in=[Status.WAITING, Status.SENT, Status.FAILED, Status.CANCELLED]
                )
                | Q(way=Way.LETTER, status__in=[Status.TO_PRINT, Status.PRINTED, Status.CANCELLED]),
                name="dispatch_status_fits_its_way",
            ),
            models.CheckConstraint(
                condition=Q(leased_until__isnull=True, leased_by__isnull=True)
                | Q(leased_until__isnull=False, leased_by__isnull=False, status=Status.WAITING),
                name="dispatch_lease_is_whole",
            ),
            models.CheckConstraint(
                condition=(Q(status=Status.FAILED) & ~Q(reason=""))
                | (~Q(status=Status.FAILED) & Q(reason="")),
                name="dispatch_failed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(NEEDS_CONTENT), done_at__isnull=True)
                | (~Q(status__in=sorted(NEEDS_CONTENT)) & Q(done_at__isnull=False)),
                name="dispatch_done_at",
            ),
            # With the next one: at most two bundles a month for one group, whatever the code believes.
            models.CheckConstraint(
                condition=(
                    Q(
                        kind=Kind.BUNDLED,
                        about__isnull=False,
                        posting_month__isnull=False,
                        posting_half__isnull=False,
                        posting_half__in=[1, 2],
                    )
                )
                | (~Q(kind=Kind.BUNDLED) & Q(posting_month__isnull=True, posting_half__isnull=True)),
                name="dispatch_bundle_has_its_posting",
            ),
            models.UniqueConstraint(
                fields=["contact_point_id", "about", "posting_month", "posting_half"],
                name="dispatch_one_bundle_a_posting",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Enclosure(TenantRow):
    """Beilage: a piece of Sammelpost, waiting for the next posting of its group."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.CharField("Vorlage", max_length=80)
    about = models.UUIDField("für", help_text="Nummer der Gruppe, an die es geht")
    way = models.CharField("Weg", max_length=10, choices=Way)
    posting_month = models.PositiveIntegerField("Sammelpost im Monat", help_text="z. B. 202603")
    posting_half = models.PositiveSmallIntegerField("erste oder zweite Sammelpost")
    queued_at = models.DateTimeField("eingestellt")

    recipient_sealed = sealed_column()
    content_sealed = sealed_column()
    recipient = SealedText()
    content = SealedText()

    class Meta:
        verbose_name = "Beilage"
        verbose_name_plural = "Beilagen"
        base_manager_name = "unscoped"
        indexes = [models.Index(fields=["posting_month", "posting_half"], name="enclosure_posting")]
        constraints = [
            models.CheckConstraint(
                condition=_SEALED & Q(posting_half__in=[1, 2]), name="enclosure_has_its_recipient_and_posting"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Outage(models.Model):
    """Störung: the mail server does not take anything; one row while it lasts, none otherwise."""

    class Cause(models.TextChoices):
        """What is wrong, in words for whoever runs the server."""

        UNREACHABLE = "unreachable", "Der Mail-Server ist nicht erreichbar."
        CERTIFICATE = (
            "certificate",
            "Das Zertifikat des Mail-Servers ist nicht gültig; es wurde nichts gesandt.",
        )
        NO_TLS = "no-tls", "Der Mail-Server bietet keine Verschlüsselung an; es wurde nichts gesandt."
        SIGN_IN = "sign-in", "Der Mail-Server nimmt Benutzer und Kennwort nicht an."
        FOLDER = "folder", "In den Post-Ordner der Daten kann nicht geschrieben werden."

    since = models.DateTimeField("seit")
    tries = models.PositiveIntegerField("Versuche")
    retry_at = models.DateTimeField("nächster Versuch")
    cause = models.CharField("Ursache", max_length=12, choices=Cause)

    class Meta:
        verbose_name = "Störung der Post"
        verbose_name_plural = "Störungen der Post"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="outage_only_one")]

    def __str__(self) -> str:
        return str(self.get_cause_display())
