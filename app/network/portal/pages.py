"""How a public page becomes an answer: words, switches, headers; no script, no inline style."""

import gzip
import hashlib
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from app.core.labels import LOCALES
from app.network.portal.looks import style
from app.network.portal.words import (
    LOCALE_COOKIE,
    SIZE_COOKIE,
    cookie_name,
    size_of,
    spoken,
    told,
)

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
#: Each language named in itself, as a reader who knows only that one must find it.
NAMES = {"zh-CN": "简体中文", "zh-TW": "繁體中文", "en": "English"}
_A_YEAR = 31_536_000
_FOLDER = Path(__file__).resolve().parent / "templates"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _here(request: Request, **changed: str) -> str:
    """Return this page's address with parts of its query changed ("": taken away)."""
    kept = {k: v for k, v in request.query_params.items() if k not in {"lang", "size"}} | changed
    query = urlencode({k: v for k, v in kept.items() if v})
    return f"{request.url.path}?{query}" if query else request.url.path


def shown(request: Request, template: str, status: int = 200, **values: object) -> Response:
    """Return a public page in the reader's language and size."""
    locale = spoken(request)
    text = (
        _templates()
        .get_template(template)
        .render(
            t=partial(told, locale),
            here=partial(_here, request),
            locale=locale,
            locales=[(one, NAMES[one]) for one in LOCALES],
            size=size_of(request),
            path=request.url.path,
            style=f"/portal.css?v={style()[1]}",
            **values,
        )
    )
    answer = _answer(request, text.encode(), status)
    for cookie, wanted, known in (
        (LOCALE_COOKIE, request.query_params.get("lang"), locale),
        (SIZE_COOKIE, request.query_params.get("size"), size_of(request)),
    ):
        if wanted == known:  # a choice is kept for the next page, and for the page inside
            answer.set_cookie(
                cookie_name(request, cookie),
                known,
                max_age=_A_YEAR,
                path="/",
                secure=request.url.scheme == "https",
                httponly=False,  # the page inside reads it
                samesite="lax",
            )
    return answer


def missing(request: Request) -> Response:
    """Return the same page for what never was, what is hidden and what is no longer published."""
    return shown(request, "missing.html", status=404)


def _answer(request: Request, body: bytes, status: int) -> Response:
    mark = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {
        "Content-Security-Policy": CSP,
        "Cache-Control": "no-cache",
        "Vary": "Cookie, Accept-Language, Accept-Encoding",
        "ETag": mark,
    }
    if status == 200 and request.headers.get("if-none-match") == mark:  # noqa: PLR2004
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = gzip.compress(body, 6), "gzip"
    return Response(body, status, headers, media_type="text/html")
