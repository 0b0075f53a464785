"""The sealer: one thread in one worker of all nodes seals the trail once a second.

Every worker tries for one advisory lock of the database; the kernel and PostgreSQL release it
with the connection of whoever dies, and another takes over.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from app.audit.heads import Notebook
from app.audit.sealing import Connection, seal_next, trail_signer
from app.core.database_roles import AppRole, conninfo, login_url
from app.core.signatures import Signer

log = logging.getLogger(__name__)

LOCK = 7_305_002  # of the advisory lock; the same on every node
TICK = 1.0  # seconds between seals
_AGAIN = 1.0  # seconds before trying for the lock, or for the database, again


class Sealer:
    """Seals until told to stop, through a database that goes away and comes back."""

    def __init__(self, tick: float = TICK) -> None:
        self.tick = tick
        self.sealing = False
        self._over = threading.Event()

    def stop(self) -> None:
        self._over.set()

    def run(self) -> None:
        while not self._over.is_set():
            try:
                with connected() as connection:
                    self._wait_for_the_lock(connection)
                    self._seal(connection, trail_signer())
            except psycopg.Error as error:
                log.warning("the sealer starts again: %s", type(error).__name__)
            finally:
                self.sealing = False
            self._over.wait(_AGAIN)

    def _wait_for_the_lock(self, connection: Connection) -> None:
        while not self._over.is_set():
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
            if row is not None and row[0]:
                self.sealing = True
                return
            self._over.wait(_AGAIN)

    def _seal(self, connection: Connection, key: Signer) -> None:
        notebook = Notebook()
        while not self._over.is_set():
            began = time.monotonic()
            while (head := seal_next(connection, key)) and not self._over.is_set():
                if notebook.note(head):
                    log.info("trail head %s %s", head["seal"]["no"], head["hash"])
            self._over.wait(max(0.0, self.tick - (time.monotonic() - began)))


def connected() -> Connection:
    """Open a connection of the sealer's own login."""
    address = conninfo(login_url(AppRole.SEAL))
    return psycopg.connect(address, autocommit=True, connect_timeout=5)


@asynccontextmanager
async def sealing() -> AsyncIterator[None]:
    """Seal beside whatever the block does."""
    sealer = Sealer()
    thread = threading.Thread(target=sealer.run, name="sealer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        sealer.stop()
        await asyncio.to_thread(thread.join, 5)
