"""Sessions of the desk and the counts of its rate limits. Neither holds an address or what browser somebody uses."""

from django.db import models


class DeskSession(models.Model):
    """One browser at the desk: known by the hash of its cookie, its content sealed."""

    key_hash = models.CharField(primary_key=True, max_length=64, editable=False)
    staff = models.ForeignKey(
        "organisation.Staff", models.CASCADE, null=True, blank=True, related_name="+", verbose_name="Person"
    )
    content = models.BinaryField(editable=False)
    started_at = models.DateTimeField("angemeldet seit")
    seen_at = models.DateTimeField("zuletzt benutzt")
    expires_at = models.DateTimeField("endet spätestens", db_index=True)

    class Meta:
        verbose_name = "Sitzung"
        verbose_name_plural = "Sitzungen"

    def __str__(self) -> str:
        return self.key_hash[:8]


class LimitCount(models.Model):
    """A row of Django's database cache, which counts tries: the key is an HMAC that changes every day."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "Zähler"
        verbose_name_plural = "Zähler"

    def __str__(self) -> str:
        return self.cache_key
