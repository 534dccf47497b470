"""Löschfristen of who works where."""

from kontaktstelle.privacy.retention import kept, register

from .models import Area, Closing, ContactPoint, Hours, Site, Staff, Traeger

register(
    kept(Traeger, because="Einrichtung, keine Person"),
    kept(ContactPoint, because="öffentliche Angaben der Kontaktstelle"),
    kept(Site, because="öffentliche Angaben der Kontaktstelle"),
    kept(Hours, because="öffentliche Angaben der Kontaktstelle"),
    kept(Closing, because="öffentliche Angaben der Kontaktstelle"),
    kept(Area, because="öffentliche Angaben der Kontaktstelle"),
    kept(
        Staff,
        what="Name und E-Mail-Adresse",
        because="Konto, solange jemand hier arbeitet; der Zugang zu Vertraulichem muss nachweisbar bleiben",
    ),
)
