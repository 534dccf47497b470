"""The public address of a contact person's consent; German only. The secret stands in the address, nothing else does."""

from django.urls import path

from kontaktstelle.groups.pages import consent

app_name = "consent"
urlpatterns = [path("einwilligung/<slug:token>/", consent.consent, name="consent")]
