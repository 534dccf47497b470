"""Slow down whoever guesses codes, without keeping anybody's address.

Counted is per part of the net (IPv4 /24, IPv6 /56), as an HMAC under a key that lives in memory and for one day: nothing
is stored, and yesterday's counts cannot be joined with today's. Wrong codes count, and lists people put themselves on.
"""

import hmac
import ipaddress
import secrets
from collections import OrderedDict
from datetime import date, datetime, timedelta
from threading import Lock

MOST_WRONG = 20
WITHIN = timedelta(minutes=15)
MOST_KEPT = 50_000

_lock = Lock()
_key: tuple[date, bytes] = (date.min, b"")
_wrong: OrderedDict[bytes, tuple[int, datetime]] = OrderedDict()


def may_try(address: str, *, at: datetime, what: str = "") -> bool:
    """Say whether a code from this address is looked at now; `what` names other things that are counted apart."""
    with _lock:
        count, since = _wrong.get(_mark(address, at, what), (0, at))
        return count < MOST_WRONG or at - since > WITHIN


def was_wrong(address: str, *, at: datetime, what: str = "") -> None:
    """Count a wrong code, or another thing one place does not do without end."""
    with _lock:
        mark = _mark(address, at, what)
        count, since = _wrong.pop(mark, (0, at))
        _wrong[mark] = (1, at) if at - since > WITHIN else (count + 1, since)
        while len(_wrong) > MOST_KEPT:
            _wrong.popitem(last=False)


def forget() -> None:
    """Forget all counts (in tests)."""
    with _lock:
        _wrong.clear()


def _mark(address: str, at: datetime, what: str) -> bytes:
    global _key  # noqa: PLW0603 - one key per process and day
    if _key[0] != at.date():
        _key = (at.date(), secrets.token_bytes(32))
        _wrong.clear()
    return hmac.digest(_key[1], f"{what}/{_part_of_the_net(address)}".encode(), "sha256")[:16]


def _part_of_the_net(address: str) -> str:
    try:
        read = ipaddress.ip_address(address.strip())
    except ValueError:
        return "unknown"
    if isinstance(read, ipaddress.IPv6Address) and read.ipv4_mapped:
        read = read.ipv4_mapped
    size = 24 if read.version == 4 else 56  # noqa: PLR2004 - the version of the protocol
    return str(ipaddress.ip_network(f"{read}/{size}", strict=False))
