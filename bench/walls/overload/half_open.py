"""Connections that are opened and never say what they want."""

import asyncio
import ssl
import time
from contextlib import suppress

#: As far as it goes: a connection, a TLS handshake, half a request.
KINDS = ("silent", "greeted", "begun")
_HALF = b"GET /api/v1/needs HTTP/1.1\r\nHost: park.test\r\nX-Slow: "


AT_ONCE = 100  # that are being opened


async def _opened(
    port: int, kind: str, *, secure: bool
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    context = _CONTEXT if secure and kind != "silent" else None
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    if kind == "begun":
        writer.write(_HALF)
        await writer.drain()
    return reader, writer


async def _until_closed(reader: asyncio.StreamReader) -> None:
    with suppress(OSError):
        while await reader.read(1 << 12):
            pass


async def _run(port: int, many: int, patience: float, *, secure: bool) -> tuple[int, float]:
    door = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> float | None:
        """Return the seconds until a connection was closed on us; None if it never was."""
        async with door:
            reader, writer = await _opened(port, KINDS[number % len(KINDS)], secure=secure)
        began = time.monotonic()
        try:
            await asyncio.wait_for(_until_closed(reader), patience)
        except TimeoutError:
            return None
        finally:
            writer.transport.abort()
        return time.monotonic() - began

    took = await asyncio.gather(*(one(number) for number in range(many)))
    return took.count(None), max((each for each in took if each is not None), default=0.0)


def held_open(port: int, many: int, patience: float, *, secure: bool = True) -> tuple[int, float]:
    """Open ``many``; return how many are open ``patience`` seconds later, and the latest closing.

    Seconds are those of each connection, from its own opening.
    """
    return asyncio.run(_run(port, many, patience, secure=secure))


_CONTEXT = ssl.create_default_context()
_CONTEXT.check_hostname = False
_CONTEXT.verify_mode = ssl.CERT_NONE
