"""The product's addresses and, for comparison, the bare view."""

from django.urls import path

from kontaktstelle.ui.middleware import shown_to_all
from kontaktstelle.urls import urlpatterns as product

from .page import bare

urlpatterns = [path("bare", shown_to_all(bare)), *product]
