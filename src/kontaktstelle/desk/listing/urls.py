"""Addresses of a group's entry at the desk, below `gruppen/`."""

from django.urls import path

from . import consent_views as consents
from . import views

urlpatterns = [
    path("verzeichnis/", views.overview, name="listing"),
    path("verzeichnis/kriterien/", views.criteria, name="listing_criteria"),
    path("verzeichnis/einwilligungen/", consents.campaign, name="consents"),
    path("verzeichnis/einwilligungen/fragen/", consents.ask_next, name="consents_ask"),
    path("verzeichnis/einwilligungen/drucken/", consents.print_forms, name="consents_print"),
    path("verzeichnis/einwilligungen/gedruckt/", consents.printed, name="consents_printed"),
    path("verzeichnis/einwilligungen/zeichen/", consents.find, name="consents_find"),
    path("verzeichnis/einwilligung/<uuid:consent>/", consents.consent, name="consent"),
    path("verzeichnis/einwilligung/<uuid:consent>/antwort/", consents.answer, name="consent_answer"),
    path("verzeichnis/einwilligung/<uuid:consent>/widerruf/", consents.withdraw, name="consent_withdraw"),
    path("verzeichnis/einwilligung/<uuid:consent>/beenden/", consents.end, name="consent_end"),
    path("gruppe/<uuid:group>/einwilligungen/", consents.of_group, name="group_consents"),
    path("gruppe/<uuid:group>/einwilligungen/<uuid:person>/", consents.ask, name="consent_ask"),
    path("gruppe/<uuid:group>/aufnahme/", views.decision, name="group_decision"),
    path("gruppe/<uuid:group>/bestaetigung.pdf", views.certificate, name="group_certificate"),
    path("gruppe/<uuid:group>/abschied/", views.farewell, name="group_farewell"),
    path("gruppe/<uuid:group>/abschied/zuruecknehmen/", views.undo_farewell, name="group_farewell_undo"),
]
