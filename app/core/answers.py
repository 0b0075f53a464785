"""What every answer carries: its request's id and the headers that keep browsers careful."""

import logging
import re
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.http import unexpected
from app.core.ids import new_id
from app.core.logging import request_id

log = logging.getLogger("park.requests")
_LONGEST_ID = 40
#: 256 bits in a path are a key: they open a door by themselves.
_KEY = re.compile(r"(?<=/)[A-Za-z0-9_-]{43}(?=/|$)")
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#: Of files that are no pages (scripts, fonts): a worker's policy is its own file's, so no default.
_FILE_POLICY = "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"


class Answers:
    """Middleware: names the request, times it, and sets the careful headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("x-request-id", "")
        own = told if told.isascii() and told.isalnum() and len(told) <= _LONGEST_ID else ""
        named = own or new_id().hex
        scope.setdefault("state", {})["request_id"] = named
        token = request_id.set(named)
        began = time.perf_counter()
        status = 0

        async def careful(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(scope, MutableHeaders(scope=message), named)
            await send(message)

        try:
            await self.app(scope, receive, careful)
        except Exception as error:
            if status:  # half of it is out already: only breaking off tells the truth
                raise
            # answered here, so that this answer is dressed like every other
            await unexpected(Request(scope), error)(scope, receive, careful)
        finally:
            took = round((time.perf_counter() - began) * 1000, 1)
            path = _KEY.sub("***", scope["path"])
            noted: dict[str, object] = {"status": status, "ms": took, **_who(scope)}
            log.info("%s %s", scope["method"], path, extra=noted)
            request_id.reset(token)


def _who(scope: Scope) -> dict[str, str]:
    """Return whose request it was, once that is known: an id, never a name."""
    actor = scope["state"].get("actor")
    return {"account": str(actor.account_id)} if actor is not None else {}


def _dress(scope: Scope, headers: MutableHeaders, named: str) -> None:
    headers["x-request-id"] = named
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if scope["path"].startswith("/api/"):
        headers.setdefault("content-security-policy", _API_POLICY)
        headers.setdefault("cache-control", "no-store")
    else:
        headers.setdefault("content-security-policy", _FILE_POLICY)
    if scope.get("scheme") == "https":
        headers.setdefault("strict-transport-security", "max-age=31536000; includeSubDomains")
