"""Addresses of the activities; every page has a door."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.activities, name="activities"),
    path("einlesen/", views.take_in, name="activities_take_in"),
    path("ausgeben/", views.give_out, name="activities_give_out"),
    path("<uuid:activity>/", views.activity, name="activity"),
    path("<uuid:activity>/zurueck/", views.undo, name="activity_undo"),
    path("<uuid:activity>/entfernen/", views.take_out, name="activity_take_out"),
]
