"""Kill -9 while people write: what was acknowledged is there once, with the notice to the office, and nothing is half written.

On SQLite web workers, the sender of the post and the whole of `serve` are killed; on PostgreSQL the database itself.
"""

import os
import random

import pytest

from .conftest import LONG
from .installation import Writer, all_well

POSTGRES = os.environ.get("KONTAKTSTELLE_TEST_DATABASE") == "postgresql"
KILLS, WRITES = (200, 20_000) if LONG else (2, 40)
CLUSTER_KILLS, CLUSTER_WRITES = (50, 2_000) if LONG else (1, 24)
SECONDS = 3000.0 if LONG else 100.0


@pytest.mark.skipif(POSTGRES, reason="on PostgreSQL the database is killed instead")
def test_web_and_post_killed_while_people_write_lose_nothing(install, told):
    installation, chance = install(), random.Random(20260310)  # noqa: S311 - the same moments every time
    installation.start()
    installation.wait()
    writer, kills = Writer(installation, 0, WRITES, seconds=SECONDS), {}
    for number in range(1, KILLS + 1):
        writer.wait_for(number * WRITES // (KILLS + 1), SECONDS)
        which = installation.kill(chance)
        kills[which] = kills.get(which, 0) + 1
    writer.end()
    installation.kill_everything()

    assert len(writer.acknowledged) == WRITES
    assert installation.count(writer.acknowledged) == all_well(WRITES)
    told("SQLite, kill -9", **kills, writes=WRITES, tries=writer.tries, lost=0, doubled=0)


@pytest.mark.skipif(not POSTGRES, reason="needs a PostgreSQL to kill")
def test_the_database_killed_while_people_write_loses_nothing(cluster, install, told):
    installation = install(cluster.application_url)
    installation.start()
    installation.wait()
    writer = Writer(installation, 0, CLUSTER_WRITES, seconds=SECONDS)
    for number in range(1, CLUSTER_KILLS + 1):
        writer.wait_for(number * CLUSTER_WRITES // (CLUSTER_KILLS + 1), SECONDS)
        cluster.kill()
        cluster.start_again()
    writer.end()
    installation.kill_everything()

    assert len(writer.acknowledged) == CLUSTER_WRITES
    assert installation.count(writer.acknowledged) == all_well(CLUSTER_WRITES)
    told(
        "PostgreSQL, kill -9 of all of it",
        kills=CLUSTER_KILLS,
        writes=CLUSTER_WRITES,
        tries=writer.tries,
        lost=0,
        doubled=0,
    )
