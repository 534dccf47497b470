"""The product's addresses and, for comparison, the bare view.

The product's list is fetched by name: it stands above this module in the order of apps, and patterns for languages may stand
in the topmost list only.
"""

from django.urls import path
from django.utils.module_loading import import_string

from kontaktstelle.ui.middleware import shown_to_all

from .page import bare

urlpatterns = [path("bare", shown_to_all(bare)), *import_string("kontaktstelle.urls.urlpatterns")]
