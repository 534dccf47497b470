"""Löschfristen of the registers: public facts about services, no person."""

from kontaktstelle.privacy.retention import kept, register

from .models import Body, HelpLine, Service

register(*(kept(model, because="öffentliche Angaben, keine Person") for model in (HelpLine, Body, Service)))
