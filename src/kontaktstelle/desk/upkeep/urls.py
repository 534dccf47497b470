"""Addresses of Gruppenpflege; doors stand in the views."""

from django.urls import path

from . import views, yearly

urlpatterns = [
    path("", views.overview, name="upkeep"),
    path("gesehen/", views.seen, name="upkeep_seen"),
    path("vorschlag/<uuid:proposal>/", views.decide, name="upkeep_proposal"),
    path("nachfrage/", yearly.overview, name="yearly"),
    path("nachfrage/beginnen/", yearly.begin, name="yearly_begin"),
    path("nachfrage/ruhen/", yearly.rest, name="yearly_rest"),
    path("nachfrage/zeichen/", yearly.by_reference, name="yearly_sheet_back"),
    path("nachfrage/anruf/<uuid:asking>/", yearly.called, name="yearly_called"),
    path("nachfrage/entscheiden/<uuid:update>/", yearly.decide, name="yearly_decide"),
    path("<uuid:group>/", views.group, name="upkeep_group"),
    path("<uuid:group>/bestaetigt/", yearly.confirm, name="yearly_confirm"),
    path("<uuid:group>/link/", views.send_link, name="upkeep_link"),
    path("<uuid:group>/code/", views.tell_code, name="upkeep_code"),
    path("<uuid:group>/blatt/", yearly.sheet, name="yearly_sheet"),
]
