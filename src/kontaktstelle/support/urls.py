"""The public address of a date for helpers; German only. The secret stands in the address, never a word."""

from django.urls import path

from .pages import by_link

app_name = "support"
urlpatterns = [path("termin/<slug:token>/", by_link.date, name="helper_date")]
