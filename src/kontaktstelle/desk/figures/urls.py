"""Addresses of the figures, below `zahlen/`."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.figures, name="report"),
    path("tabelle.csv", views.table, name="figures_table"),
    path("<str:figure>/", views.figure, name="figure"),
]
