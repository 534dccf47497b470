"""Addresses of Bedarf, below the desk's."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.demand, name="demand"),
    path("tabelle.csv", views.table, name="demand_table"),
    path("suchen/", views.counting, name="demand_counting"),
]
