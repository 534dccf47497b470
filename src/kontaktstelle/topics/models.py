"""Words an office adds to what the programme understands: local names, abbreviations."""

from django.db import models

from kontaktstelle.organisation.models import ContactPoint


class OfficeWord(models.Model):
    """A word or short phrase that leads to topics, in every search of this installation.

    It stands beside the learnt tree, which is the programme's, and is looked up first. Not confidential: what leads where
    can be tried out on the public page.
    """

    contact_point = models.ForeignKey(
        ContactPoint, models.CASCADE, related_name="+", verbose_name="Kontaktstelle"
    )
    word = models.CharField("Wort", max_length=60, help_text="wie es gesagt wird")
    folded = models.CharField(max_length=80, db_index=True, editable=False)
    topics = models.JSONField("Themen", default=list, help_text="bis zu drei Schlüssel, das nächste zuerst")
    added_at = models.DateTimeField("eingetragen")

    class Meta:
        verbose_name = "Wort der Stelle"
        verbose_name_plural = "Wörter der Stelle"
        ordering = ["folded", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact_point", "folded"], name="office_word_once"),
            models.CheckConstraint(condition=~models.Q(folded=""), name="office_word_says_something"),
        ]

    def __str__(self) -> str:
        return self.word
