"""/auth/oidc: to the identity provider and back, and its word that somebody signed out there."""

import logging
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import sessions
from app.access.credentials import ProviderTrip
from app.access.oidc import claims, identities, provider, trips
from app.access.oidc.claims import Identified
from app.access.oidc.provider import Client, Untrusted
from app.access.sessions import Arrival, SignedIn
from app.access.tables import Session
from app.audit.requests import caller_of
from app.audit.trail import Outcome
from app.core import db
from app.core.clock import now
from app.core.errors import BadRequest, NotFound, TooMany
from app.core.http import documented
from app.core.labels import T
from app.desk import cookies
from app.desk.door_notes import note
from app.desk.me import account_of
from app.desk.sign_in import begin_page

router = APIRouter(prefix="/auth/oidc", tags=["auth"], responses=documented(NotFound))
log = logging.getLogger("park.oidc")

_LONGEST = 2000
_REFUSED = T(
    "统一认证的退出通知没有通过校验，没有结束任何登录；请核对签发方和密钥。",
    "The provider's notice of signing out did not pass and ended no session; check issuer and"
    " keys.",
)


class Refused(Exception):
    """Coming back led nowhere; ``why`` is a word the sign-in page has a sentence for."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


@router.get(
    "/start",
    operation_id="auth_oidc_start",
    summary="To the identity provider",
    status_code=303,
    response_class=RedirectResponse,
)
async def start(
    request: Request, following: Annotated[str, Query(alias="next", max_length=500)] = "/"
) -> RedirectResponse:
    client = provider.configured()
    inside = following.startswith("/") and not following.startswith(("//", "/\\"))
    try:
        async with db.transaction("staff") as session:
            trip = await trips.set_out(session, client, following if inside else "/")
    except Untrusted as refused:
        return _to_login(request, Refused("provider", str(refused)))
    return leave(request, trip)


def leave(request: Request, trip: trips.SetOut) -> RedirectResponse:
    """Send the browser off with the cookie it is to come back with."""
    answer = RedirectResponse(trip.url, status_code=303)
    cookies.set_trip(request, answer, trip.cookie, int(trips.LIFE.total_seconds()))
    return answer


@router.get(
    "/callback",
    operation_id="auth_oidc_callback",
    summary="Back from the identity provider",
    status_code=303,
    response_class=RedirectResponse,
)
async def callback(
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=_LONGEST)] = "",
    iss: Annotated[str | None, Query(max_length=_LONGEST)] = None,
) -> RedirectResponse:
    """Sign in whoever the provider names, or link them to the account they set out from."""
    client = provider.configured()
    try:
        trip = await _trip(request, state)
        who = await _who(client, trip, code, iss)
        if trip.session_id is not None:
            return await _link(request, trip, who)
        done = await _enter(request, who)
    except Refused as refused:
        return _to_login(request, refused)
    answer = RedirectResponse(f"/login?{urlencode({'oidc': 'done', 'next': trip.next})}", 303)
    begin_page(request, answer, done)
    cookies.clear_trip(request, answer)
    return answer


def _to_login(request: Request, refused: Refused) -> RedirectResponse:
    log.warning("identity provider: %s %s", refused.why, refused.detail)
    answer = RedirectResponse(f"/login?{urlencode({'oidc': refused.why})}", 303)
    cookies.clear_trip(request, answer)
    return answer


async def _trip(request: Request, state: str) -> ProviderTrip:
    """Return the trip this browser set out on, which is thereby over. Raises Refused."""
    cookie = cookies.trip_of(request)
    async with db.transaction("staff") as session:
        trip = await trips.come_back(session, state, cookie) if cookie and state else None
    if trip is None:
        raise Refused("state")
    return trip


async def _who(client: Client, trip: ProviderTrip, code: str, iss: str | None) -> Identified:
    """Return whom the provider names. Raises Refused."""
    try:
        return await _identified(client, trip, code, iss)
    except Untrusted as refused:
        raise Refused("provider", str(refused)) from refused


async def _identified(client: Client, trip: ProviderTrip, code: str, iss: str | None) -> Identified:
    """Exchange the code and check all that comes for it. Raises Untrusted."""
    found = await provider.metadata(client)
    named = found.get("authorization_response_iss_parameter_supported") is True
    if (iss is None and named) or (iss is not None and iss != client.issuer):
        raise Untrusted("mix-up")
    if not code:
        raise Untrusted("no code")
    answer = await provider.exchange(client, code, trip.verifier)
    return await claims.identified(client, answer, trip.nonce)


async def _enter(request: Request, who: Identified) -> SignedIn:
    caller = caller_of(request)
    async with db.transaction("staff") as session:
        account = await identities.account_of(session, who)
        hats = await sessions.hats_of(session, account.id) if account else []
        if account is None or not hats:
            await note(request, session, account, "account.sign_in", Outcome.refused, by="oidc")
        else:
            arrival = Arrival(
                caller.ip, caller.user_agent, who.second_factor, who.issuer, who.session
            )
            done = await sessions.begin(session, account, hats[0][0], arrival)
            await note(request, session, account, "account.sign_in", by="oidc")
            return done
    raise Refused("unknown")


async def _link(request: Request, trip: ProviderTrip, who: Identified) -> RedirectResponse:
    async with db.transaction("staff") as session:
        account_id = (await _still_there(session, trip)).account_id
        ours = await identities.link(session, account_id, who)
        account = await account_of(session, account_id)
        outcome = Outcome.done if ours else Outcome.refused
        await note(request, session, account, "account.identity", outcome, subject=who.subject)
    answer = RedirectResponse(f"/me?oidc={'linked' if ours else 'taken'}", 303)
    cookies.clear_trip(request, answer)
    return answer


async def _still_there(session: AsyncSession, trip: ProviderTrip) -> Session:
    """Return the session a link was begun from, while it lasts. Raises Refused."""
    row = await session.get(Session, trip.session_id)
    if row is None or row.revoked_at is not None or row.expires_at <= now():
        raise Refused("state")
    return row


@router.post(
    "/logout",
    operation_id="auth_oidc_logout",
    summary="Somebody signed out at the identity provider",
    responses=documented(BadRequest, TooMany),
)
async def back_channel_logout(
    response: Response, logout_token: Annotated[str, Form(max_length=20_000)]
) -> None:
    """End the sessions the provider names (OpenID Connect Back-Channel Logout 1.0)."""
    response.headers["Cache-Control"] = "no-store"
    try:
        ended = await claims.logged_out(provider.configured(), logout_token)
    except Untrusted as refused:
        log.warning("back-channel logout: %s", refused)
        raise BadRequest(_REFUSED) from refused
    async with db.transaction("staff") as session:
        await identities.end_sessions(session, ended)
