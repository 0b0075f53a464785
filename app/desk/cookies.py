"""The cookies of the page: a short access token, the refresh token, the browser known before."""

from typing import Literal

from fastapi import Request, Response

from app.access.sessions import ABSOLUTE_SECONDS
from app.access.tries import DEVICE_LIFE
from app.audit.requests import ACCESS_COOKIE, SECURE_ACCESS_COOKIE

_REFRESH = ("park_rt", "__Host-rt")
_DEVICE = ("park_dv", "__Host-dv")
_TRIP = ("park_oc", "__Host-oc")


def secure(request: Request) -> bool:
    """Say whether the browser came over TLS; only then may names begin with ``__Host-``."""
    return request.url.scheme == "https"


def refresh_of(request: Request) -> str | None:
    return request.cookies.get(_REFRESH[1]) or request.cookies.get(_REFRESH[0])


def device_of(request: Request) -> str | None:
    return request.cookies.get(_DEVICE[1]) or request.cookies.get(_DEVICE[0])


def trip_of(request: Request) -> str | None:
    return request.cookies.get(_TRIP[1]) or request.cookies.get(_TRIP[0])


def set_session(
    request: Request, response: Response, access: str, seconds: int, refresh: str | None
) -> None:
    """Set access and refresh token; None leaves the refresh token another tab has set."""
    _set(request, response, (ACCESS_COOKIE, SECURE_ACCESS_COOKIE), access, seconds)
    if refresh is not None:
        _set(request, response, _REFRESH, refresh, ABSOLUTE_SECONDS)
    response.headers["Cache-Control"] = "no-store"


def set_device(request: Request, response: Response, value: str) -> None:
    _set(request, response, _DEVICE, value, int(DEVICE_LIFE.total_seconds()))


def set_trip(request: Request, response: Response, value: str, seconds: int) -> None:
    """Mark the browser that leaves for the provider; it is to come back from another site."""
    _set(request, response, _TRIP, value, seconds, samesite="lax")


def clear_trip(request: Request, response: Response) -> None:
    for name in _TRIP:
        response.delete_cookie(name, path="/", secure=secure(request), httponly=True)


def clear_session(request: Request, response: Response) -> None:
    """Take the session's cookies away; the browser stays known."""
    for name in (ACCESS_COOKIE, SECURE_ACCESS_COOKIE, *_REFRESH):
        response.delete_cookie(name, path="/", secure=secure(request), httponly=True)


def _set(
    request: Request,
    response: Response,
    names: tuple[str, str],
    value: str,
    seconds: int,
    samesite: Literal["strict", "lax"] = "strict",
) -> None:
    tls = secure(request)
    response.set_cookie(
        names[tls], value, max_age=seconds, path="/", httponly=True, secure=tls, samesite=samesite
    )
