"""Connections that are opened and never say what they want."""

import asyncio
import ssl
import time
from contextlib import suppress

#: As far as it goes: a connection, a TLS handshake, half a request.
KINDS = ("silent", "greeted", "begun")
_HALF = b"GET /api/v1/needs HTTP/1.1\r\nHost: park.test\r\nX-Slow: "


async def _opened(port: int, kind: str, *, secure: bool) -> asyncio.StreamReader:
    context = ssl.create_default_context() if secure and kind != "silent" else None
    if context is not None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    if kind == "begun":
        writer.write(_HALF)
        await writer.drain()
    reader._keeps = writer  # type: ignore[attr-defined]  # noqa: SLF001 -- or it would be closed
    return reader


async def _closed(reader: asyncio.StreamReader) -> None:
    with suppress(OSError):
        while await reader.read(1 << 12):
            pass


async def _run(port: int, many: int, patience: float, *, secure: bool) -> tuple[int, float]:
    opening = (_opened(port, KINDS[n % len(KINDS)], secure=secure) for n in range(many))
    readers = [await one for one in opening]
    began = time.monotonic()
    waiting = [asyncio.create_task(_closed(reader)) for reader in readers]
    _, left = await asyncio.wait(waiting, timeout=patience)
    for one in left:
        one.cancel()
    return len(left), time.monotonic() - began


def held_open(port: int, many: int, patience: float, *, secure: bool = True) -> tuple[int, float]:
    """Open ``many``; return how many are open after ``patience`` seconds, or when all had gone."""
    return asyncio.run(_run(port, many, patience, secure=secure))
