"""Workers die at any moment: nothing is lost, and what goes twice has the same Message-ID. Two workers share the post."""

import random
import re
import time
import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.mailroom import carriers, delivery, outbox
from kontaktstelle.mailroom.lifecycle import Reason, Status
from kontaktstelle.mailroom.models import Dispatch, Outage
from kontaktstelle.organisation.tenancy import acting_for

from .conftest import DAY, MONDAY
from .installation import LEASE_TWICE, LEFT, QUEUE, WORK, Installation
from .smtp_server import Server, certificates


class Killed(BaseException):
    """The process ends here: no `except Exception` sees it."""

    def __init__(self, *, after):
        self.after = after


def ids(contents):
    return [re.search(rb"Message-ID: <(\w+)@", content)[1].decode() for content in contents]


FATES = {
    "taken": lambda: None,
    "dies before the server has it": lambda: Killed(after=False),
    "dies after the server has it": lambda: Killed(after=True),
    "not now": lambda: carriers.NotNow(451),
    "line broken before": lambda: carriers.NotNow(0),
    "server away": lambda: carriers.ServerAway(Outage.Cause.UNREACHABLE),
    "never": lambda: carriers.Never(550),
}
STORY = st.lists(st.tuples(st.sampled_from(sorted(FATES)), st.integers(0, 400)), max_size=25)


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STORY, messages=st.integers(1, 4))
def test_whatever_happens_every_message_arrives_or_is_shown_and_twice_is_the_same(
    put, postbag, monkeypatch, story, messages
):
    """The law of the outbox, over any sequence of deaths, refusals and waits of up to some hours."""
    monkeypatch.setattr(delivery.time, "monotonic", lambda: 0.0)
    Dispatch.unscoped.all().delete(), Outage.objects.all().delete(), postbag.taken.clear()
    numbers = {put().hex for _ in range(messages)}
    now, deaths_after = MONDAY, 0
    for fate, minutes in story:
        postbag.answers = [FATES[fate]()]
        try:
            delivery.work_once(now)
        except Killed as death:
            deaths_after += death.after
        now += timedelta(minutes=minutes)
    postbag.answers = []
    for _ in range(10):
        now += timedelta(hours=7)
        delivery.work_once(now)

    taken = ids(content for _, _, content in postbag.taken)
    refused = {row.pk.hex for row in Dispatch.unscoped.filter(status=Status.FAILED)}
    reasons = set(Dispatch.unscoped.filter(status=Status.FAILED).values_list("reason", flat=True))
    assert set(taken) | refused == numbers, "none is lost, none is invented"
    assert reasons <= {Reason.REFUSED, Reason.GIVEN_UP}
    assert len(taken) - len(set(taken)) <= deaths_after, "twice only if a worker died after the server had it"
    assert len({content for _, _, content in postbag.taken}) == len(set(taken)), (
        "and then the very same bytes"
    )
    for row in Dispatch.unscoped.exclude(status=Status.FAILED):
        assert (row.status, row.recipient_sealed, row.content_sealed) == (Status.SENT, None, None)


@pytest.mark.django_db
def test_a_worker_that_dies_while_it_marks_sends_again_and_marks_then(put, postbag, monkeypatch):
    put()
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_mark_sent", lambda *_, **__: (_ for _ in ()).throw(Killed(after=True)))
        with pytest.raises(Killed):
            delivery.work_once(MONDAY)
    assert Dispatch.unscoped.get().recipient_sealed is not None
    assert delivery.work_once(MONDAY + timedelta(minutes=5, seconds=1)) == 1
    assert len({content for _, _, content in postbag.taken}) == 1


@pytest.mark.django_db
def test_what_was_taken_back_while_a_dead_worker_had_it_does_not_come_again(office, put, postbag):
    about = uuid.uuid4()
    put(about=about)
    postbag.answers = [Killed(after=False)]
    with pytest.raises(Killed):
        delivery.work_once(MONDAY)
    with acting_for(office):
        assert outbox.withdraw(about=about, by="x", at=MONDAY + timedelta(minutes=6)) == 1
    assert delivery.work_once(MONDAY + DAY) == 0


@pytest.fixture
def post_office(tmp_path):
    """A mail server and an installation that sends to it."""
    (tmp_path / "certificates").mkdir()
    authority, certificate = certificates(tmp_path / "certificates")
    with Server(certificate) as server:
        yield server, Installation(tmp_path, server.url, authority)


def check_all_arrived(server, installation, numbers):
    taken = ids(content for _, _, content in server.taken)
    assert set(taken) == set(numbers)
    assert all(len(recipients) == 1 for _, recipients, _ in server.taken)
    told = " ".join(installation.run(LEFT))
    assert told == f"{len(numbers)} {{'sent'}} 0", "all marked, none with address or text"
    return len(taken) - len(numbers)


def test_real_workers_killed_at_any_moment_lose_nothing(post_office):
    server, installation = post_office
    numbers = installation.run(QUEUE, 40)
    server.slow = 0.0002
    chance = random.Random(20260309)  # noqa: S311 - the same moments every time
    kills = 0
    for _ in range(4):
        worker = installation.start(WORK, kills * 6)
        wanted, until = len(server.taken) + chance.randint(1, 4), time.monotonic() + 20
        while len(server.taken) < wanted and worker.poll() is None and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(chance.random() * 0.02)
        if worker.poll() is None:
            worker.kill()
            kills += 1
        worker.communicate()
    assert kills > 2
    installation.run(WORK, (kills + 2) * 6)

    assert check_all_arrived(server, installation, numbers) <= kills


def test_three_workers_at_once_send_each_message_once(post_office):
    server, installation = post_office
    numbers = installation.run(QUEUE, 60)
    server.slow = 0.0002
    workers = [installation.start(WORK, 0) for _ in range(3)]
    sent = [int(installation.ended(worker)[0]) for worker in workers]

    assert sum(sent) == 60
    assert sorted(sent)[1] > 0, "at least two of them had something to do"
    assert check_all_arrived(server, installation, numbers) == 0


def test_two_workers_at_the_same_moment_do_not_take_the_same_message(post_office):
    _, installation = post_office
    installation.run(QUEUE, 2)
    took = installation.run(LEASE_TWICE)

    assert len(took) == len(set(took)) == 2
