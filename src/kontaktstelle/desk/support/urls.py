"""Addresses of support; every page has a door."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.overview, name="support"),
    path("gruppe/<uuid:group>/", views.group_log, name="group_support"),
    path("gruppe/<uuid:group>/zeichen/", views.set_aside, name="sign_set_aside"),
    path("gruppe/<uuid:group>/zeichen/zurueck/", views.bring_back, name="sign_bring_back"),
    path("gruppe/<uuid:group>/termin/", views.tell_date, name="helper_date_tell"),
    path("eintrag/<uuid:entry>/", views.entry, name="support_entry"),
    path("eintrag/<uuid:entry>/zuruecknehmen/", views.take_back, name="support_take_back"),
    path("eintrag/<uuid:entry>/erledigt/", views.next_done, name="support_next_done"),
    path("termin/<uuid:helper_date>/zurueckziehen/", views.withdraw_date, name="helper_date_withdraw"),
]
