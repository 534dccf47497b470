"""A slow hash for codes: scrypt, 2 MiB, about 4 ms, peppered with a key that is not in the database.

A receipt code has more than 80 bits of chance, so slowness is not what protects it: it must only never make guessing
cheaper than asking the site. It is small enough that the enquiry form stays quick while many write at once.
"""

import hashlib
import hmac
import secrets

from kontaktstelle.privacy import keys

COST, BLOCK, LANES, BYTES = 2**11, 8, 1, 32
NOBODYS = f"{'00' * 16}${'00' * BYTES}"


def proof_of(secret: str) -> str:
    """Return what is stored of a secret."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_stretched(secret, salt).hex()}"


def proves(secret: str, proof: str) -> bool:
    """Say whether a secret is the one; against `NOBODYS` it takes as long and never is."""
    salt, _, digest = proof.partition("$")
    same = hmac.compare_digest(_stretched(secret, bytes.fromhex(salt)), bytes.fromhex(digest))
    return same and proof != NOBODYS


def _stretched(secret: str, salt: bytes) -> bytes:
    pepper = keys.purpose_key("codes/pepper")
    return hashlib.scrypt(
        hmac.digest(pepper, secret.encode(), "sha256"), salt=salt, n=COST, r=BLOCK, p=LANES, dklen=BYTES
    )
