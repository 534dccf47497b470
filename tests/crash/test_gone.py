"""The disk is full, the database is gone, the mail server is gone: nothing acknowledged is lost, and the page says how to go on."""

import json
import os
import re

import pytest

from mailroom.smtp_server import Server, certificates

from .conftest import LONG
from .installation import Writer, all_well, free_port

POSTGRES = os.environ.get("KONTAKTSTELLE_TEST_DATABASE") == "postgresql"
# Writes till the database may grow no more, sends what could not be stored again once it may.
FILL_UP = """
import json, re
from html import unescape
from django.db import connection
from django.test import Client
from kontaktstelle.ui import tokens
from support.enquiring import code_in, form_with
def pages(most=None):
    with connection.cursor() as cursor:
        if most:
            cursor.execute(f"PRAGMA max_page_count = {most}")
        return cursor.execute("PRAGMA page_count").fetchone()[0]
pages(pages() + 24)
browser, acknowledged, refused = Client(raise_request_exception=False, SERVER_NAME="localhost"), {}, {}
for number in range(400):
    form = {"marke": tokens.own_token("nachricht"), "nachricht": f"Brief {number}: ich weiss nicht weiter. " + "Und noch etwas. " * 40}
    page = browser.post("/nachricht/an/hier/", form, headers={"sec-fetch-site": "same-origin"})
    if page.status_code == 200:
        acknowledged[number] = code_in(page)
    else:
        refused[number] = page
        if len(refused) == 3:
            break
pages(1_000_000)
said = {page.status_code for page in refused.values()}
for number, page in refused.items():
    again = form_with(page, "nachricht")
    acknowledged[number] = code_in(browser.post(again["action"], again["fields"], headers={"sec-fetch-site": "same-origin"}))
print(json.dumps([acknowledged, len(refused), sorted(said)]))
"""
SEND = """
from datetime import timedelta
from django.utils import timezone
from kontaktstelle.mailroom.delivery import work_once
at, sent = timezone.now() + timedelta(minutes=int(sys.argv[1])), 0
for minute in range(int(sys.argv[2])):
    while taken := work_once(at + timedelta(minutes=minute)):
        sent += taken
print(sent)
"""
WRITE_HERE = """
import json
from django.test import Client
from kontaktstelle.ui import tokens
from support.enquiring import code_in
browser = Client(SERVER_NAME="localhost")
print(json.dumps({number: code_in(browser.post("/nachricht/an/hier/", {"marke": tokens.own_token("nachricht"), "nachricht": f"Brief {number}: ich weiss nicht weiter."}, headers={"sec-fetch-site": "same-origin"})) for number in range(int(sys.argv[1]))}))
"""


@pytest.mark.skipif(POSTGRES, reason="the limit is one of SQLite")
def test_a_full_disk_loses_nothing_and_takes_it_once_there_is_room(install, told):
    installation = install()
    acknowledged, refused, said = json.loads(installation.run(FILL_UP).splitlines()[-1])

    assert refused == 3, "the disk was full"
    assert said == [503]
    assert installation.count(acknowledged) == all_well(len(acknowledged))
    told("disk full", acknowledged=len(acknowledged), refused_and_sent_again=refused, lost=0, doubled=0)


@pytest.mark.skipif(not POSTGRES, reason="SQLite is never gone by itself")
def test_while_the_database_is_gone_the_page_names_telephone_and_sprechzeiten(cluster, install, told):
    installation = install(cluster.application_url)
    installation.start()
    installation.wait()
    assert installation.answers("/nachricht/an/hier/")[0] == 200
    writer = Writer(installation, 0, 12, threads=2)
    writer.wait_for(5)
    cluster.kill()
    for worker in installation.parts()["web"]:  # those that come now have never seen the database
        worker.kill()
    while (answer := installation.answers("/nachricht/an/hier/")) is None:
        pass
    cluster.start_again()
    writer.end()
    installation.kill_everything()

    status, page = answer
    said = re.sub(r"[\xa0\u202f]|&nbsp;", " ", page)
    assert status == 503
    assert "030 23125100" in said
    assert "Dienstag 9–12 Uhr" in said
    assert installation.count(writer.acknowledged) == all_well(12)
    told("database gone", acknowledged=12, tries=writer.tries, lost=0, doubled=0)


@pytest.mark.skipif(not LONG, reason="tests/mailroom holds the same in one process")
def test_a_mail_server_gone_for_an_hour_loses_no_notice(cluster_or_file, install, tmp_path, told):
    authority, certificate = certificates(tmp_path)
    installation = install(
        cluster_or_file,
        KONTAKTSTELLE_SMTP_URL=f"smtps://127.0.0.1:{free_port()}",
        KONTAKTSTELLE_SMTP_CA=str(authority),
    )
    acknowledged = json.loads(installation.run(WRITE_HERE, 5).splitlines()[-1])
    assert installation.run(SEND, 0, 60).split() == ["0"]
    with Server(certificate) as server:
        installation.environment["KONTAKTSTELLE_SMTP_URL"] = server.url
        assert installation.run(SEND, 60, 120).split() == ["5"]
        subjects = [content for _, _, content in server.taken]

    assert len({re.search(rb"Message-ID: <(\w+)@", content)[1] for content in subjects}) == 5
    assert installation.count(acknowledged) == all_well(5)
    told("mail server gone for an hour", acknowledged=5, notices=len(subjects), lost=0)
