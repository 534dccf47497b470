"""An installation of its own with real worker processes, on the database the tests run on."""

import os
import subprocess
import sys
from uuid import uuid4

BEGIN = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'kontaktstelle.settings'; import django; django.setup()\n"
SET_UP = """
from django.core.management import call_command
from kontaktstelle.privacy import keys
keys.create_missing()
for app in ("privacy", "mailroom"):
    call_command("migrate", app, verbosity=0, interactive=False, skip_checks=True)
"""
QUEUE = """
import sys
from datetime import UTC, datetime
from django.db import transaction
from kontaktstelle.mailroom.addresses import MailAddress, Sender
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.mailroom.outbox import queue
sender = Sender(1, "Büro Hier", "hier@example.org", "030 23125 100")
at = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
for number in range(int(sys.argv[1])):
    with transaction.atomic():
        print(queue("mailroom/mail/access_changed", to=MailAddress(f"k{number}@example.org"), sender=sender, kind=Kind.SINGLE, at=at).hex)
"""
WORK = """
import sys
from datetime import UTC, datetime, timedelta
from kontaktstelle.mailroom.delivery import work_once
at = datetime(2026, 3, 9, 9, 30, tzinfo=UTC) + timedelta(minutes=int(sys.argv[1]))
total = 0
while sent := work_once(at):
    total += sent
print(total)
"""
LEFT = """
from kontaktstelle.mailroom.models import Dispatch
rows = list(Dispatch.unscoped.values_list("status", "recipient_sealed", "content_sealed"))
print(len(rows), {row[0] for row in rows}, sum(row[1] is not None or row[2] is not None for row in rows))
"""


class Installation:
    """Its environment, and programs run in it."""

    def __init__(self, folder, server_url, authority):
        own = {
            "KONTAKTSTELLE_DATA": str(folder / "data"),
            "KONTAKTSTELLE_KEYS": str(folder / "keys"),
            "KONTAKTSTELLE_SMTP_URL": server_url,
            "KONTAKTSTELLE_SMTP_CA": authority,
            "PYTHONWARNINGS": "default",
        }
        (folder / "data").mkdir()
        if address := os.environ.get("KONTAKTSTELLE_DATABASE_URL"):
            import psycopg

            name = f"post_{uuid4().hex}"
            with psycopg.connect(
                address.replace("postgres://", "postgresql://", 1), autocommit=True
            ) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            own["KONTAKTSTELLE_DATABASE_URL"] = address.replace("/kontaktstelle?", f"/{name}?")
        self.environment = os.environ | own
        self.run(SET_UP)

    def start(self, code, *arguments):
        return subprocess.Popen(
            [sys.executable, "-c", BEGIN + code, *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code, *arguments):
        return self.ended(self.start(code, *arguments))

    def ended(self, process):
        """Return what a program printed, once it has ended well."""
        told, wrong = process.communicate(timeout=120)
        assert process.returncode == 0, wrong
        return told.split()


# One worker has a message in hand and has not said so yet; the other must take another one.
LEASE_TWICE = """
import threading
from datetime import UTC, datetime
from django.db import transaction
from kontaktstelle.mailroom.delivery import _lease
at, took, has_one = datetime(2026, 3, 9, 9, 30, tzinfo=UTC), [], threading.Event()
def first():
    with transaction.atomic():
        took.append(_lease(at).pk.hex)
        has_one.set()
        threading.Event().wait(1)
def second():
    has_one.wait()
    took.append(_lease(at).pk.hex)
both = [threading.Thread(target=each) for each in (first, second)]
[each.start() for each in both], [each.join() for each in both]
print(*took)
"""
