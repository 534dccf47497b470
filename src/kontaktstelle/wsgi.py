"""The door for the web server."""

import atexit
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontaktstelle.settings")
application = get_wsgi_application()

from kontaktstelle.reporting import searches  # noqa: E402 - models can be imported once Django is set up

# A process that ends in order loses no count; one that is killed loses those of a minute.
atexit.register(searches.write)
