"""Serves the built page: hashed assets kept for ever, index.html for navigations only."""

import mimetypes
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
API = "/api/"
FOR_EVER = "public, max-age=31536000, immutable"
TWINS: Mapping[str, str] = {"br": ".br", "gzip": ".gz"}

_APP = Path(__file__).resolve().parent.parent


def built_page() -> Path | None:
    """Return where the built page lies: in the installed wheel, else in the source tree."""
    for place in (_APP / "_web", _APP.parent / "web" / "dist"):
        if (place / "index.html").is_file():
            return place
    return None


class HashedAssets(StaticFiles):
    """Files whose names carry their hash; the compressed twin goes to whoever takes it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the twin the client accepts, else with the file itself."""
        encoding = self._encoding(path, Headers(scope=scope).get("accept-encoding", ""))
        answer = await super().get_response(path + TWINS.get(encoding, ""), scope)
        if encoding and answer.status_code == 200:  # noqa: PLR2004 -- a 304 has no body to describe
            answer.headers["content-encoding"] = encoding
            answer.headers["content-type"] = mimetypes.guess_type(path)[0] or "text/plain"
        if answer.status_code < 400:  # noqa: PLR2004
            answer.headers["cache-control"] = FOR_EVER
            answer.headers["vary"] = "Accept-Encoding"
        return answer

    def _encoding(self, path: str, accepted: str) -> str:
        offered = (name for name, twin in TWINS.items() if self.lookup_path(path + twin)[1])
        return next((name for name in offered if name in accepted), "")


class PageHeaders:
    """Keeps pages and API apart: a security policy on pages, never a page for an API path."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; only answers that are pages get the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].startswith(API):
            await self.app(_asking_no_page(scope), receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("content-security-policy", CSP)
                    headers.setdefault("cache-control", "no-cache")
            await send(message)

        await self.app(scope, receive, with_headers)


def _asking_no_page(scope: Scope) -> Scope:
    """Return the request without its wish for HTML.

    Else an unknown /api/ address typed into a browser would get the page instead of a 404.
    """
    asked = [(name, value) for name, value in scope["headers"] if name != b"accept"]
    return {**scope, "headers": [*asked, (b"accept", b"application/json")]}


def mount_spa(app: FastAPI) -> bool:
    """Serve the built page behind all API routes; False when there is none to serve."""
    page = built_page()
    if page is None:
        return False
    app.mount("/assets", HashedAssets(directory=page / "assets"), name="assets")
    # of low priority: the API's routes, its 404s and 405s come first; index.html for navigations
    app.frontend("/", directory=page, fallback="index.html")
    app.add_middleware(PageHeaders)
    return True
