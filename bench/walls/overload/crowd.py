"""Clients at once, in a process of their own: as cheap as they can be, and impatient.

``python -m bench.walls.overload.crowd`` reads an order from its input as JSON and prints what was
seen: a line ``[instant, status, seconds, clean]`` for each answer. Instants are of the monotonic
clock; status 0 is a connection that broke.
"""

import asyncio
import json
import ssl
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import uvloop

#: Of a hundred requests: lists, single records, and creates under a key.
MIX = (("list", 40), ("read", 40), ("create", 20))
_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Seen = tuple[float, int, float, bool]


@dataclass(frozen=True)
class Order:
    """What the crowd is to do."""

    port: int
    clients: int
    seconds: float
    desks: list[tuple[str, str]]  # token and enterprise of each park
    name: str  # of the run: part of every key


@dataclass
class Crowd:
    """They ask again as soon as they are answered, or turned away."""

    order: Order
    seen: list[Seen] = field(default_factory=list)
    _over: float = 0.0
    _number: Iterator[int] = field(default_factory=lambda: count(1))

    async def run(self) -> None:
        self._over = time.monotonic() + self.order.seconds
        await asyncio.gather(*(self._ask_and_ask(n) for n in range(self.order.clients)))

    async def _ask_and_ask(self, client: int) -> None:
        chance = Random(client)  # noqa: S311
        await asyncio.sleep(chance.random() * 0.5)
        connection: _Connection | None = None
        while (began := time.monotonic()) < self._over:
            try:
                connection = connection or await self._connected()
                status, clean, stays = await self._answer(connection, self._request(chance, client))
            except (OSError, asyncio.IncompleteReadError, ssl.SSLError):
                status, clean, stays = 0, False, False
            instant = time.monotonic()
            self.seen.append((instant, status, instant - began, clean))
            if not stays:
                _drop(connection)
                connection = None
        _drop(connection)

    async def _connected(self) -> _Connection:
        return await asyncio.open_connection("127.0.0.1", self.order.port, ssl=_CONTEXT)

    async def _answer(self, connection: _Connection, request: bytes) -> tuple[int, bool, bool]:
        """Send a request; return its status, whether a 503 is as it should be, and keep-alive."""
        reader, writer = connection
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = await reader.readexactly(int(lines.get("content-length", "0")))
        status = int(head.split(" ", 2)[1])
        clean = status != 503 or _clean(lines, body)
        return status, clean, lines.get("connection") != "close"

    def _request(self, chance: Random, client: int) -> bytes:
        order = self.order
        (kind,) = chance.choices([name for name, _ in MIX], [share for _, share in MIX])
        token, enterprise = order.desks[client % len(order.desks)]
        head = f"Host: park.test\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n"
        if kind == "list":
            return f"GET /api/v1/needs?limit=20 HTTP/1.1\r\n{head}\r\n".encode()
        if kind == "read":
            return f"GET /api/v1/enterprises/{enterprise} HTTP/1.1\r\n{head}\r\n".encode()
        key = f"{order.name}-{next(self._number)}"
        body = json.dumps(
            {"title": f"拥挤 {key}", "description": "说明", "enterprise_id": enterprise}
        ).encode()
        length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        create = f"POST /api/v1/needs HTTP/1.1\r\n{head}Idempotency-Key: {key}\r\n{length}\r\n"
        return create.encode() + body


def _clean(lines: dict[str, str], body: bytes) -> bool:
    """Say whether a refusal is one that page and program understand, and says when to come back."""
    try:
        told: dict[str, Any] = json.loads(body)
    except ValueError:
        return False
    media = lines.get("content-type", "").startswith("application/problem+json")
    return media and int(lines.get("retry-after", "0")) > 0 and told.get("status") == 503


def _drop(connection: _Connection | None) -> None:
    if connection is not None:
        connection[1].transport.abort()


_CONTEXT = ssl.create_default_context()
_CONTEXT.check_hostname = False
_CONTEXT.verify_mode = ssl.CERT_NONE


if __name__ == "__main__":
    crowd = Crowd(Order(**json.load(sys.stdin)))
    uvloop.run(crowd.run())
    json.dump(crowd.seen, sys.stdout)
