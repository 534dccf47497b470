"""Writers of SQLite stand in one line: each gets its turn, nobody waits for somebody who is gone."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db.utils import OperationalError

from kontaktstelle.privacy.sqlite import base

SETTINGS = {
    "ENGINE": "kontaktstelle.privacy.sqlite", "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "TEST": {},
}  # fmt: skip


def connected(file, timeout=20.0):
    return base.DatabaseWrapper(
        {**SETTINGS, "NAME": str(file), "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": timeout}},
        "own",
    )


def run(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def begin(connection):
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection, how="commit"):
    getattr(connection, how)()
    connection.set_autocommit(True)


@pytest.fixture
def file(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        yield _made(tmp_path)


def _made(tmp_path):
    path = tmp_path / "eigene.sqlite3"
    connection = connected(path)
    run(connection, "CREATE TABLE counted (value INTEGER)")
    run(connection, "INSERT INTO counted VALUES (0)")
    connection.close()
    return path


def test_of_many_who_read_and_then_write_none_is_lost(file):
    def write():
        connection = connected(file)
        for _ in range(25):
            begin(connection)
            ((value,),) = run(connection, "SELECT value FROM counted")
            run(connection, f"UPDATE counted SET value = {value + 1}")
            end(connection)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert run(connected(file), "SELECT value FROM counted") == [(100,)]


@pytest.mark.parametrize("how", ["commit", "rollback"])
def test_the_next_one_begins_when_one_has_ended(file, how):
    first, second = connected(file), connected(file, timeout=0.0)
    begin(first)
    with pytest.raises(OperationalError, match="locked"):
        begin(second)
    end(first, how)
    begin(second)
    end(second)


def test_a_connection_that_is_closed_in_the_middle_gives_its_turn_back(file):
    first = connected(file)
    begin(first)
    first.close()
    second = connected(file, timeout=0.0)
    begin(second)
    end(second)


HOLDER = """
import sys
sys.path[:0] = sys.argv[2:]
import django
from django.conf import settings
settings.configure()
django.setup()
import test_writers_in_line as tests
connection = tests.connected(sys.argv[1])
tests.begin(connection)
print("begun", flush=True)
sys.stdin.read()
"""


def test_nobody_waits_for_a_process_that_was_killed_in_its_turn(file):
    here = Path(__file__).parent
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file), here], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout.readline() == b"begun\n"
        with pytest.raises(OperationalError, match="locked"):
            begin(connected(file, timeout=0.0))
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    after = connected(file, timeout=0.0)
    begin(after)
    end(after)


def test_a_child_has_a_line_of_its_own(file):
    """A lock on a descriptor that parent and child share would let both begin, or free the parent's turn."""
    first = connected(file)
    begin(first)
    child = os.fork()
    if not child:
        try:
            begin(connected(file, timeout=0.0))
        except OperationalError:
            os._exit(7)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7, "the child has to wait"
    with pytest.raises(OperationalError, match="locked"):
        begin(connected(file, timeout=0.0))
    end(first)
