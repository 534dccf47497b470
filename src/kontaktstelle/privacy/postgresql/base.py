"""Tells the database the scope before a statement whenever it has changed, so that the two can never disagree.

The session's setting is compared with the scope at each statement instead of being set where a block begins and ends:
blocks may be nested, raise, be left while a transaction is broken, and a connection outlives them all. What a rollback
undid, or a new connection never heard, is told again.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from kontaktstelle.privacy import scope

TELL = "SELECT set_config(%s, %s, false)"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows what its session was told last; None if that is not certain."""

    _told: str | None = None

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.execute_wrappers.append(_tell_first)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; a new session has been told nothing."""
        self._told = None
        return super().get_new_connection(conn_params)

    def _rollback(self) -> None:
        self._told = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = None

    def tell_scope(self) -> None:
        """Tell the session the scope of this thread, if it does not know it already."""
        scoped = scope.told()
        if scoped == self._told:
            return
        # In a broken transaction nothing can be told; its next statement fails anyhow, or rolls back.
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return
        with self.wrap_database_errors:
            self.connection.execute(TELL, [scope.SETTING, scoped])
        self._told = scoped


def _tell_first(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    context["connection"].tell_scope()
    return execute(sql, params, many, context)
