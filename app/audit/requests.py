"""From an HTTP request to Work: token or cookie, session, scope, transaction."""

from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import tokens
from app.access.admission import require_admitted
from app.access.opening import open_session
from app.audit.work import Caller, Work
from app.core import db
from app.core.errors import Forbidden, Unauthenticated
from app.core.http import locale_of
from app.core.labels import T
from app.core.settings import get_settings

ACCESS_COOKIE = "park_at"
SECURE_ACCESS_COOKIE = "__Host-at"
CSRF_HEADER = "x-park-csrf"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", description="POST /auth/token")
_cookie = APIKeyCookie(name=ACCESS_COOKIE, auto_error=False, scheme_name="session")

_SIGN_IN = T(
    "您还没有登录，或登录已失效；请先登录。", "You are not signed in, or no longer; sign in first."
)
_FORGED = T(
    "请求缺少页面标记，为防止跨站提交没有受理；请刷新页面后重试。",
    "The request lacks the page's mark and was refused (cross-site protection); reload and try"
    " again.",
)


def caller_of(request: Request) -> Caller:
    """Return where the request came from; the proxy's word counts only where uvicorn trusts it."""
    return Caller(
        ip=request.client.host if request.client else "",
        request_id=getattr(request.state, "request_id", ""),
        user_agent=request.headers.get("user-agent", "")[:200],
    )


def require_own_page(request: Request) -> None:
    """Raise Forbidden for an unsafe request that another site could have caused."""
    if request.method in _SAFE:
        return
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "null")
    foreign = origin != "null" and urlsplit(origin).netloc != request.url.netloc
    if CSRF_HEADER not in request.headers or site not in {"same-origin", "none"} or foreign:
        raise Forbidden(_FORGED)


def token_of(
    request: Request, bearer: HTTPAuthorizationCredentials | None, cookie: str | None
) -> str:
    """Return the token a request carries. Raises Unauthenticated, Forbidden."""
    if bearer is not None:
        return bearer.credentials
    token = request.cookies.get(SECURE_ACCESS_COOKIE) or cookie
    if token is None:
        raise Unauthenticated(_SIGN_IN, headers={"WWW-Authenticate": "Bearer"})
    require_own_page(request)
    return token


async def hall(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None,
    cookie: Annotated[str | None, Security(_cookie)] = None,
) -> AsyncIterator[Work]:
    """Open the caller's transaction, also of a session that is not let in yet.

    Raises Unauthenticated.
    """
    try:
        claims = tokens.read(get_settings().secret(), token_of(request, bearer, cookie))
    except tokens.BadToken as exc:
        raise Unauthenticated(_SIGN_IN, headers={"WWW-Authenticate": "Bearer"}) from exc
    reading = request.method in _SAFE
    async with db.transaction(claims.wall, reading=reading) as session:
        actor = await open_session(session, claims.session_id, claims.wall)
        request.state.actor = actor
        yield Work(session, actor, locale_of(request), caller_of(request), reading=reading)


#: For what somebody may do before they are let in: look at themselves, and do what that asks for.
#: ``scope="function"`` commits *before* the answer leaves, so a failed commit is never a 200.
HallDep = Annotated[Work, Depends(hall, scope="function")]


async def work(found: HallDep) -> Work:
    """Return the caller's transaction. Raises Unauthenticated, NotAdmitted."""
    require_admitted(found.actor)
    return found


WorkDep = Annotated[Work, Depends(work, scope="function")]


async def door(request: Request) -> AsyncIterator[AsyncSession]:
    """A transaction for those who are not signed in yet: it sees accounts, and no record."""
    async with db.transaction("staff", reading=request.method in _SAFE) as session:
        yield session


DoorDep = Annotated[AsyncSession, Depends(door, scope="function")]
