"""App declaration."""

from django.apps import AppConfig
from django.core.signals import request_finished


class ReportingConfig(AppConfig):
    """What the office and its funders want to know: demand, and beside it searches."""

    name = "kontaktstelle.reporting"
    label = "reporting"
    verbose_name = "Berichte"

    def ready(self) -> None:
        """Write counted searches down after an answer was sent, now and then."""
        from . import searches

        request_finished.connect(searches.after_an_answer, dispatch_uid="reporting/searches")
