"""Addresses of funding at the desk, below `schreibtisch/foerderung/`."""

from django.urls import path

from . import applying, deadlines, telling

urlpatterns = [
    path("", deadlines.overview, name="funding"),
    path("uebernehmen/", deadlines.carry_over, name="funding_carry_over"),
    path("kalender/", deadlines.renew_calendar, name="funding_calendar_renew"),
    path("programm/neu/", deadlines.new_programme, name="funding_programme_new"),
    path("programm/<int:programme>/", deadlines.programme, name="funding_programme"),
    path("frist/<int:round>/", deadlines.one_round, name="funding_round"),
    path("gesagt/", telling.told, name="funding_told"),
    path("gesagt/liste.csv", telling.as_csv, name="funding_told_csv"),
    path("gesagt/nachgesehen/", telling.looked, name="funding_looked"),
    path("gesagt/anruf/<uuid:telling>/", telling.called, name="funding_called"),
    path("gruppe/<uuid:group>/", applying.group, name="funding_group"),
    path("gruppe/<uuid:group>/antragsdatenblatt.pdf", applying.sheet_of_group, name="funding_sheet"),
    path("antrag/<uuid:application>/", applying.application, name="funding_application"),
]
