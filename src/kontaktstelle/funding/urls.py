"""The one address of funding outside the desk: the calendar, by a secret address."""

from django.urls import path

from .pages import feeds

app_name = "funding"
urlpatterns = [path("foerderkalender/<slug:token>.ics", feeds.calendar, name="funding_calendar")]
