"""Addresses of the post at the desk, below `schreibtisch/post/`."""

from django.urls import path

from . import views

urlpatterns = [
    path("briefe/", views.letters, name="letters"),
    path("briefe/drucken/", views.print_letters, name="letters_print"),
    path("briefe/abgeschickt/", views.posted, name="letters_posted"),
    path("nicht-zugestellt/", views.undelivered, name="undelivered"),
    path("nicht-zugestellt/<uuid:dispatch>/", views.next_step, name="undelivered_step"),
]
