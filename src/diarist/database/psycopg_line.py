"""A psycopg connection that neither waits for ever nor tells what rows hold."""

from __future__ import annotations

import asyncio
import os
import select
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

from psycopg import AsyncConnection, Error
from psycopg.pq import TransactionStatus

T = TypeVar("T")


class Line(AsyncConnection[Any]):
    """Every statement, commit and ping of a connection goes through `wait`."""

    patience = 60.0
    """Seconds without an answer after which the line is cut: where packets are lost, the server's own limits cannot be heard."""

    @classmethod
    def opener(cls, *, patience: float) -> Callable[..., Awaitable[Line]]:
        """What SQLAlchemy calls to connect."""

        async def connect(*args: Any, **kwargs: Any) -> Line:
            line = await cls.connect(*args, **kwargs)
            line.patience = patience
            return line

        return connect

    @property
    def was_ended(self) -> bool:
        """Whether the server has ended this idle line; a server speaks only when it is spoken to, or to say goodbye.

        Asking it would cost each transaction a round trip.
        """
        if self.closed:
            return True
        watched = select.poll()
        watched.register(self.pgconn.socket, select.POLLIN)
        return bool(watched.poll(0))

    async def rollback(self) -> None:
        """End the transaction, if there is one: the pool asks also where there was none."""
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            await super().rollback()

    async def commit(self) -> None:
        """The same."""
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            await super().commit()

    async def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Wait for the server; what it says of an error is cut down to its first sentence, details quote rows."""
        cutting = asyncio.get_running_loop().call_later(self.patience, self._cut)
        try:
            return await super().wait(gen, *args, **kwargs)
        except Error as error:
            if sentence := error.diag.message_primary:
                error.args = (sentence,)
            raise
        finally:
            cutting.cancel()

    def _cut(self) -> None:
        # Cancelling would ask the server, which does not answer. This wakes whoever waits, with an error of the network.
        with suppress(OSError), socket.socket(fileno=os.dup(self.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)
