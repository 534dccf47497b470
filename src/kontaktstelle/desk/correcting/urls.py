"""The page of a contact."""

from django.urls import path

from . import views

urlpatterns = [path("kontakt/<uuid:contact>/", views.contact, name="contact")]
