"""A real installation: `kontaktstelle serve` with its web workers and its post, to be killed and started again.

Whoever writes (`WRITE`) is a process of its own. It says "acknowledged" only of messages whose page of thanks it has read,
and sends a form again, as people do, until it has.
"""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
BEGIN = f"""
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "kontaktstelle.settings"
sys.path.insert(0, {str(ROOT / "tests")!r})
import django
django.setup()
"""
SET_UP = """
from kontaktstelle.cli.running import set_up
from kontaktstelle.organisation.models import ContactPoint
from support import tables
from support.people import make_office
tables.put_here()
set_up(example=False)
ContactPoint.objects.all().delete()
make_office()
"""
# Each thread sends its messages one after the other. A token is made a minute old: nobody writes in no time.
WRITE = """
import http.client, json, re, threading, time
from urllib.parse import urlencode
from django.core import signing
from kontaktstelle.ui import tokens
port, first, count, threads = map(int, sys.argv[1:5])
now = time.time
signing.time = type("Earlier", (), {"time": staticmethod(lambda: now() - 60)})
left, said, deadline = list(range(first + count - 1, first - 1, -1)), threading.Lock(), now() + float(sys.argv[5])
def write():
    line = None
    while True:
        with said:
            if not left:
                return
            number = left.pop()
        token, tries = tokens.own_token("nachricht"), 0
        body = urlencode({"marke": token, "nachricht": f"Brief {number}: ich weiss nicht weiter.", "rueckweg": "", "plz": "", "webseite": ""})
        while now() < deadline:
            tries += 1
            try:
                line = line or http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                line.request("POST", "/nachricht/an/hier/", body, {"Host": "localhost", "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"})
                answer = line.getresponse()
                page = answer.read().decode()
                if answer.status == 200:
                    code = re.search(r'class="receipt"[^>]*>([^<]+)<', page)[1].strip()
                    with said:
                        print(json.dumps([number, code, tries]), flush=True)
                    break
                if answer.status not in (500, 503):
                    print(answer.status, page, file=sys.stderr)
                    os._exit(1)
            except (OSError, http.client.HTTPException):
                line = None
            time.sleep(0.05)
all_of_them = [threading.Thread(target=write) for _ in range(threads)]
[each.start() for each in all_of_them], [each.join() for each in all_of_them]
"""
# What is there of each message, told as numbers; codes come on standard input.
COUNT = """
import json, re
from collections import Counter
from datetime import date
from django.db import connection
from kontaktstelle.enquiries.models import Enquiry, Intake
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import across_offices
from kontaktstelle.privacy import trail
from kontaktstelle.relay import receipt_codes
from kontaktstelle.relay.models import Channel, Message
acknowledged = {int(number): code for number, code in json.load(sys.stdin).items()}
with across_offices():
    post = Counter(Dispatch.objects.everywhere().filter(template="enquiries/mail/someone_wrote").values_list("about", flat=True))
    about = dict(Channel.objects.everywhere().values_list("pk", "about"))
    written = Counter()
    matter = {}
    for message in Message.objects.everywhere():
        number = int(re.match(r"Brief (\\d+):", message.text)[1])
        written[number] += 1
        matter[number] = about[message.channel_id]
    enquiries = set(Enquiry.objects.everywhere().values_list("pk", flat=True))
    intakes = set(Intake.objects.everywhere().values_list("enquiry", flat=True))
sample = list(acknowledged)[:: max(1, len(acknowledged) // 500)]
opened = {number: receipt_codes.look_up(acknowledged[number], on=date.today()) for number in sample}
sound = True
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        sound = cursor.execute("PRAGMA integrity_check").fetchone()[0] == "ok" and not cursor.execute("PRAGMA foreign_key_check").fetchall()
print(json.dumps({
    "acknowledged": len(acknowledged),
    "lost": sum(not written[number] for number in acknowledged),
    "doubled": sum(many > 1 for many in written.values()) + len(enquiries) - len(written),
    "without post": sum(post[each] != 1 for each in enquiries) + len(set(post) - enquiries),
    "half written": len(enquiries ^ intakes) + len(enquiries ^ set(matter.values())),
    "codes that do not open": sum(found is None or found.about != matter[number] for number, found in opened.items()),
    "trail broken": sum(trail.broken_at(office.pk) is not None for office in ContactPoint.objects.all()),
    "database damaged": int(not sound),
}))
"""


def free_port():
    with socket.socket() as found:
        while True:
            port = random.randint(10_000, 31_000)  # noqa: S311 - any port
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Installation:
    """One on this machine; `server` is the process group of `serve`."""

    def __init__(self, folder, database_url="", *, like=None, **settings):
        self.folder, self.port, self.server = folder, free_port(), None
        if like is None:
            (folder / "data").mkdir(parents=True)
        else:
            shutil.copytree(like.folder, folder)
        self.environment = os.environ | {
            "PYTHONPATH": str(ROOT / "src"),
            "KONTAKTSTELLE_DATA": str(folder / "data"),
            "KONTAKTSTELLE_KEYS": str(folder / "keys"),
            "KONTAKTSTELLE_DATABASE_URL": database_url or f"sqlite:///{folder}/data/kontaktstelle.sqlite3",
            "KONTAKTSTELLE_HOSTS": "localhost",
            **settings,
        }
        if like is None:
            self.run(SET_UP)

    def program(self, code, *arguments, **more):
        return subprocess.Popen(
            [sys.executable, "-c", BEGIN + code, *map(str, arguments)], env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more,
        )  # fmt: skip

    def run(self, code, *arguments, given=""):
        program = self.program(code, *arguments)
        told, wrong = program.communicate(given, timeout=900)
        assert program.returncode == 0, wrong[-2000:]
        return told

    def start(self):
        """Start `serve` in a process group of its own."""
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "kontaktstelle", "serve", "--port", str(self.port)],
                env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def answers(self, path="/robots.txt"):
        """Return status and page of an address, None while nobody answers."""
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            line.request("GET", path, headers={"Host": "localhost"})
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return None

    def wait(self, until=60.0):
        """Wait till it answers."""
        deadline = time.monotonic() + until
        while (answer := self.answers()) is None:
            assert time.monotonic() < deadline, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.02)
        return answer

    def kill(self, chance):
        """Kill -9 a web worker, the sender of the post, or everything; return which."""
        parts = self.parts()
        which = chance.choices(["web", "post", "everything"], [6, 2, 2])[0]
        if which != "everything" and parts[which]:
            victim = chance.choice(parts[which])
            try:
                victim.kill()
            except psutil.NoSuchProcess:
                return ""
            return which
        self.kill_everything()
        self.start()
        return "everything"

    def parts(self):
        """Return the processes of the web workers and of the post."""
        found = {"web": [], "post": []}
        try:
            for child in psutil.Process(self.server.pid).children():
                if "gunicorn" in " ".join(child.cmdline()):
                    found["web"] += child.children()
                else:
                    found["post"].append(child)
        except psutil.NoSuchProcess:
            pass
        return found

    def kill_everything(self):
        """Kill -9 the whole process group."""
        if self.server is not None:
            group = [
                psutil.Process(self.server.pid),
                *psutil.Process(self.server.pid).children(recursive=True),
            ]
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            psutil.wait_procs(group, timeout=10)
            self.server = None

    def count(self, acknowledged):
        """Return what is there of what was acknowledged."""
        return json.loads(self.run(COUNT, given=json.dumps(acknowledged)))


def all_well(count):
    return {"acknowledged": count} | dict.fromkeys(
        [
            "lost",
            "doubled",
            "without post",
            "half written",
            "codes that do not open",
            "trail broken",
            "database damaged",
        ],
        0,
    )


class Writer:
    """Somebody who writes many messages; `acknowledged` grows while they do."""

    def __init__(self, installation, first, count, *, threads=4, seconds=120.0):
        self.process = installation.program(WRITE, installation.port, first, count, threads, seconds)
        self.acknowledged, self.tries = {}, 0
        os.set_blocking(self.process.stdout.fileno(), False)
        self._rest = ""

    def read(self):
        """Take in what was acknowledged by now; return how much that is."""
        try:
            self._rest += os.read(self.process.stdout.fileno(), 1 << 20).decode()
        except BlockingIOError:
            return len(self.acknowledged)
        *lines, self._rest = self._rest.split("\n")
        for line in lines:
            number, code, tries = json.loads(line)
            assert number not in self.acknowledged
            self.acknowledged[number] = code
            self.tries += tries
        return len(self.acknowledged)

    def wait_for(self, count, seconds=120.0):
        """Wait till so many are acknowledged or the writer has ended."""
        deadline = time.monotonic() + seconds
        while self.read() < count and self.process.poll() is None:
            assert time.monotonic() < deadline, f"{len(self.acknowledged)} of {count}"
            time.sleep(0.005)
        self.read()

    def end(self):
        """Wait till all is sent."""
        while self.process.poll() is None:
            self.read()
            time.sleep(0.01)
        self.read()
        assert self.process.returncode == 0, self.process.stderr.read()[-2000:]
