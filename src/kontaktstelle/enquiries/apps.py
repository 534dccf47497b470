"""App declaration."""

from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    """Contacts, enquiries, referrals."""

    name = "kontaktstelle.enquiries"
    label = "enquiries"
    verbose_name = "Anfragen"
