"""The projection of what is public: it never holds anything that may not be shown on the own site."""

from django.db import models

from kontaktstelle.organisation.models import ContactPoint


class Entry(models.Model):
    """One listed group as the open side sees it; written anew in the transaction that changes the group."""

    group = models.UUIDField(unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    contact_point = models.ForeignKey(ContactPoint, models.CASCADE, related_name="+")
    shape = models.TextField(help_text="PublicEntry als JSON")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    kreis_key = models.CharField(max_length=5, blank=True)
    sort_key = models.CharField(max_length=60, help_text="Name, gefaltet, zum Sortieren")
    stage = models.CharField(max_length=12)
    takes_new = models.BooleanField()
    young = models.BooleanField()
    in_person = models.BooleanField()
    online = models.BooleanField()
    step_free = models.BooleanField()
    audience = models.CharField(max_length=120, help_text="|betroffene|eltern|")
    languages = models.CharField(max_length=120, help_text="|de|tr|")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "Eintrag"
        verbose_name_plural = "Einträge"
        indexes = [
            models.Index(fields=["kreis_key", "sort_key"], name="entry_by_kreis"),
            models.Index(fields=["contact_point", "sort_key"], name="entry_by_office"),
            models.Index(fields=["stage", "changed_at"], name="entry_by_stage"),
        ]

    def __str__(self) -> str:
        return self.slug


class EntryTopic(models.Model):
    """Topic × place → entry: the index that answers most searches with one range of one B-tree."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+", db_index=False)
    topic = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    class Meta:
        verbose_name = "Thema eines Eintrags"
        verbose_name_plural = "Themen der Einträge"
        indexes = [
            models.Index(fields=["topic", "lat", "lon", "entry", "position"], name="topic_by_place"),
            models.Index(fields=["entry"], name="topics_of_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.entry_id}"
