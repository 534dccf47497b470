"""What `reporting` keeps: numbers of searches, and whether an office wants them counted. No row is about anybody."""

from django.db import models

from kontaktstelle.organisation.tenancy import TenantModel


class SearchCount(TenantModel):
    """So many searches for a topic from a Kreis in a quarter, that found something near by or did not.

    Searches are no demand: one person searches ten times, and another never.
    """

    quarter = models.DateField("Quartal", help_text="sein erster Tag")
    topic = models.CharField("Thema", max_length=60)
    kreis_key = models.CharField("Kreisschlüssel", max_length=7, help_text="oder unknown")
    found_nearby = models.BooleanField("in der Nähe gefunden")
    count = models.PositiveIntegerField("Suchen")

    class Meta:
        verbose_name = "Zahl der Suchen"
        verbose_name_plural = "Zahlen der Suchen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point", "quarter", "topic", "kreis_key", "found_nearby"],
                name="searches_are_one_number",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SearchCounting(TenantModel):
    """That an office does not want searches on its pages counted; without a row they are."""

    is_off = models.BooleanField("Suchen werden nicht gezählt", default=False)

    class Meta:
        verbose_name = "Zählen von Suchen"
        verbose_name_plural = "Zählen von Suchen"
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["contact_point"], name="one_wish_about_counting_for_an_office")
        ]

    def __str__(self) -> str:
        return str(self.pk)
