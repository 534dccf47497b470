"""Run by `test_carrier`, in a process of its own: an installation that signs in with a server of the Träger, and that server.

Prints a JSON object: what happened to each person who came back from it.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

TOLD = {"person": {}}
ASKED = []


class Carrier(BaseHTTPRequestHandler):
    """The server of the Träger: says who came with which code."""

    def log_message(self, *_):
        pass

    def _answer(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        here = f"http://127.0.0.1:{self.server.server_port}"
        if "well-known" in self.path:
            self._answer({
                "issuer": here, "authorization_endpoint": f"{here}/auth", "token_endpoint": f"{here}/token", "userinfo_endpoint": f"{here}/me", "jwks_uri": f"{here}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })  # fmt: skip
        else:
            self._answer(TOLD["person"])

    def do_POST(self):
        ASKED.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self._answer({"access_token": "zwetschge", "token_type": "Bearer"})


server = ThreadingHTTPServer(("127.0.0.1", 0), Carrier)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "kontaktstelle.settings",
    "KONTAKTSTELLE_OIDC_SERVER": f"http://127.0.0.1:{server.server_port}",
    "KONTAKTSTELLE_OIDC_CLIENT": "kontaktstelle",
    "KONTAKTSTELLE_OIDC_SECRET": "geheim",
}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from kontaktstelle.organisation.models import Staff  # noqa: E402
from kontaktstelle.privacy import keys  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import cheap_passwords, tables  # noqa: E402
from support.people import A_PASSWORD, make_member, make_office  # noqa: E402

keys.create_missing()
cheap_passwords.hash_cheaply()
settings.ALLOWED_HOSTS = ["testserver"]
tables.put_here()
call_command("migrate", verbosity=0)  # those of the accounts, which are not there by default
office = make_office()
make_member(office, "counsels", email="b@example.org")
make_member(office, "upkeep", email="p@example.org", second_factor=False, password=A_PASSWORD)
make_member(office, "counsels", email="eingeladen@example.org", second_factor=False)
make_member(office, "counsels", email="gesperrt@example.org")
Staff.objects.filter(email="gesperrt@example.org").update(is_active=False)


def came(sub, email, *, verified=True, state=None):
    """Go to the Träger's server and come back as somebody."""
    TOLD["person"] = {"sub": sub, "email": email, "email_verified": verified, "name": "Karla Kanarienvogel"}
    browser = Client()
    there = browser.get("/schreibtisch/anmelden/traeger/traeger/")
    query = parse_qs(urlsplit(there.headers["Location"]).query)
    back = browser.get(
        "/schreibtisch/anmelden/traeger/traeger/zurueck/", {"code": "x", "state": state or query["state"][0]}
    )
    return [back.status_code, back.headers.get("Location", ""), "code_challenge" in query]


from allauth.socialaccount.models import SocialAccount, SocialToken  # noqa: E402

result = {
    "offered": "Konto des Trägers" in Client().get("/schreibtisch/anmelden/").content.decode(),
    "second factor": came("1", "b@example.org"),
    "directory only": came("2", "P@example.org"),
    "again": came("2", "p@example.org"),
    "locked": came("3", "gesperrt@example.org"),
    "invited": came("7", "eingeladen@example.org"),
    "stranger": came("4", "fremd@example.org"),
    "not vouched for": came("5", "b@example.org", verified=False),
    "forged state": came("6", "p@example.org", state="gefaelscht"),
    "people": Staff.objects.count(),
    "connected": SocialAccount.objects.count(),
    "kept": str(list(SocialAccount.objects.values_list("extra_data", flat=True))),
    "tokens": SocialToken.objects.count(),
}
print(json.dumps(result))  # noqa: T201 - what the test reads
