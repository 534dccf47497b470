"""The product's addresses and, for comparison, the bare view."""

from django.urls import include, path

from kontaktstelle.ui.middleware import shown_to_all

from .page import bare

urlpatterns = [path("bare", shown_to_all(bare)), path("", include("kontaktstelle.urls"))]
