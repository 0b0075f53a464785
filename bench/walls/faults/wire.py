"""A TCP connection as a network makes it: late, and without what was under way when it broke."""

import asyncio
import threading
from contextlib import suppress
from typing import Self

_Link = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """Forwards a port of its own to another port; ``delay`` is seconds each way."""

    def __init__(self, target: int, delay: float = 0.0) -> None:
        self.target, self.delay = target, delay
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._up.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Break every connection; what was under way is gone."""
        done = threading.Event()

        def now() -> None:
            for writer in self._open:
                writer.transport.abort()
            self._open.clear()
            done.set()

        self._loop.call_soon_threadsafe(now)
        done.wait()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._joined, "127.0.0.1", self.port)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        self._loop.run_forever()
        server.close()
        for left in (tasks := asyncio.all_tasks(self._loop)):
            left.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far: _Link = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, far[1]}
        await asyncio.gather(self._carry(reader, far[1]), self._carry(far[0], writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Deliver what is read, in order, each piece ``delay`` after it came."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivering = asyncio.create_task(self._deliver(under_way, writer))
        with suppress(ConnectionError):
            while piece := await reader.read(1 << 16):
                under_way.put_nowait((self._loop.time() + self.delay, piece))
        under_way.put_nowait((self._loop.time() + self.delay, b""))
        await delivering

    async def _deliver(
        self, under_way: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
    ) -> None:
        while True:
            due, piece = await under_way.get()
            await asyncio.sleep(max(0.0, due - self._loop.time()))
            if not piece or writer.transport.is_closing():
                writer.close()
                self._open.discard(writer)
                return
            writer.write(piece)
