"""Ways to the provider and back: each taken once, within minutes, by the browser that set out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.credentials import ProviderTrip
from app.access.oidc import provider
from app.access.oidc.provider import Client
from app.core.clock import now

LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SetOut:
    """Where the browser goes, and the cookie it is to come back with."""

    url: str
    cookie: str


async def set_out(
    session: AsyncSession, client: Client, following: str, linking: UUID | None = None
) -> SetOut:
    """Begin a trip; ``linking`` is the session of whoever links an identity. Raises Untrusted."""
    found = await provider.metadata(client)
    state, cookie = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    trip = ProviderTrip(
        state=_digest(state),
        browser=_digest(cookie),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(64),
        next=following,
        session_id=linking,
    )
    await session.execute(delete(ProviderTrip).where(col(ProviderTrip.created_at) < now() - LIFE))
    session.add(trip)
    await session.flush()
    url = prepare_grant_uri(
        found["authorization_endpoint"],
        client.client_id,
        "code",
        redirect_uri=client.callback,
        scope="openid",
        state=state,
        nonce=trip.nonce,
        code_challenge=create_s256_code_challenge(trip.verifier),
        code_challenge_method="S256",
    )
    return SetOut(url, cookie)


async def come_back(session: AsyncSession, state: str, cookie: str) -> ProviderTrip | None:
    """Return the trip that this browser set out on, once; None for any other."""
    found = await session.execute(
        delete(ProviderTrip)
        .where(
            col(ProviderTrip.state) == _digest(state),
            col(ProviderTrip.browser) == _digest(cookie),
            col(ProviderTrip.created_at) >= now() - LIFE,
        )
        .returning(ProviderTrip)
    )
    return found.scalar_one_or_none()


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()
