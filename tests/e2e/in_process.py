"""The application behind an ordinary, blocking httpx client, without a socket in between."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from app.core import db


class InProcess(httpx.BaseTransport):
    """Hands every request to the application's event loop, which lives in a thread of its own."""

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        self._asgi = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._portal = portal

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._portal.call(self._answered, request)

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        answer = await self._asgi.handle_async_request(request)
        content = await answer.aread()
        headers = [(k, v) for k, v in answer.headers.raw if k.lower() != b"content-encoding"]
        return httpx.Response(answer.status_code, headers=headers, content=content)


@contextmanager
def client_of(app: FastAPI) -> Iterator[httpx.Client]:
    """Open a client; the connections to the database go when it does."""
    with start_blocking_portal() as portal:
        try:
            transport = InProcess(app, portal)
            with httpx.Client(transport=transport, base_url="http://park.test") as client:
                yield client
        finally:
            portal.call(db.close)
