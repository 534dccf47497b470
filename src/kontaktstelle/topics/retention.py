"""Löschfristen of words: they name nobody."""

from kontaktstelle.privacy.retention import kept, register

from .models import OfficeWord

register(kept(OfficeWord, because="Wort und Thema, keine Person"))
