"""Addresses of foundings, below `gruendungen/`."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.overview, name="foundings"),
    path("neu/", views.new, name="founding_new"),
    path("dazu/", views.come_along, name="interest_new"),
    path("starthilfen/", views.volunteers, name="start_helpers"),
    path("gruendungsmappe.pdf", views.folder, name="founding_folder"),
    path("<uuid:founding>/", views.card, name="founding"),
    path("<uuid:founding>/schritt/<slug:step>/", views.take_step, name="founding_step"),
    path("<uuid:founding>/liste/", views.people, name="founding_people"),
    path("<uuid:founding>/aushang.pdf", views.poster, name="founding_poster"),
    path("<uuid:founding>/protokoll/<uuid:meeting>.pdf", views.minutes, name="founding_minutes"),
]
