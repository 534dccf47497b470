"""The public address of a date for helpers; German only. The secret stands in the address, never a word."""

from django.urls import path

from .pages import helpers

app_name = "support"
urlpatterns = [path("termin/<slug:token>/", helpers.date, name="helper_date")]
