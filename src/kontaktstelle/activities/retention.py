"""Löschfristen of activities: they are of no person and stay, as the reports do that were made from them."""

from kontaktstelle.privacy.retention import kept, register

from .models import ActivityRecord

register(
    kept(
        ActivityRecord,
        what="Art, Monat oder Tag, wie oft, wie viele erreicht, ein öffentlicher Satz",
        because="Nachweis der Arbeit für Berichte, keine Person",
    )
)
