"""What an ID token or a logout token must be before a word of it counts."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry

from app.access.oidc import provider
from app.access.oidc.provider import Client, Untrusted
from app.core.clock import now

#: Signatures by a key pair only: with a shared key whoever knows ours could sign.
_ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "EdDSA")
_HEADER = frozenset({"alg", "typ", "kid"})
_LONGEST = 16 * 1024  # characters of a token
_LEEWAY = 30  # seconds
_OLDEST = timedelta(minutes=10)  # a token is taken at once or not at all
_NAME = 255  # characters of a subject or session
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Identified:
    """Who the provider says it is."""

    issuer: str
    subject: str
    session: str | None
    second_factor: bool


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """Whose sessions the provider says have ended; one of the two is there."""

    issuer: str
    subject: str | None
    session: str | None


async def identified(client: Client, answer: dict[str, Any], nonce: str) -> Identified:
    """Return who signed in, from the answer of the token endpoint. Raises Untrusted."""
    access, token = answer.get("access_token"), answer.get("id_token")
    if str(answer.get("token_type", "")).lower() != "bearer" or not isinstance(access, str):
        raise Untrusted("token answer")
    header, claims = await _verified(client, token)
    params = {"nonce": nonce, "client_id": client.client_id, "access_token": access}
    try:
        CodeIDToken(claims, header, {"iss": {"values": [client.issuer]}}, params).validate(
            now=int(now().timestamp()), leeway=_LEEWAY
        )
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as exc:
        raise Untrusted("claims") from exc
    _require_ours(client, claims)
    _require_nonce(claims, nonce)
    methods = claims.get("amr") or []
    if not all(isinstance(method, str) for method in methods):
        raise Untrusted("amr")
    return Identified(
        client.issuer,
        _text(claims, "sub"),
        _text(claims, "sid") if "sid" in claims else None,
        bool(client.second_factor_amr & set(methods)),
    )


async def logged_out(client: Client, token: object) -> LoggedOut:
    """Return whose sessions end, from a back-channel logout token. Raises Untrusted."""
    _, claims = await _verified(client, token)
    _require_ours(client, claims)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT_EVENT), dict):
        raise Untrusted("events")
    if "nonce" in claims:
        raise Untrusted("an ID token")
    _text(claims, "jti")
    subject = _text(claims, "sub") if "sub" in claims else None
    session = _text(claims, "sid") if "sid" in claims else None
    if subject is None and session is None:
        raise Untrusted("nobody")
    return LoggedOut(client.issuer, subject, session)


async def _verified(client: Client, token: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a token the provider signed. Raises Untrusted."""
    if not isinstance(token, str) or len(token) > _LONGEST or token.count(".") != 2:  # noqa: PLR2004
        raise Untrusted("no token")
    registry = JWSRegistry(algorithms=_ALGORITHMS)
    try:
        try:
            found = jwt.decode(token, await provider.keys(client), registry=registry)
        except InvalidKeyIdError:  # the provider may have a new key
            known = await provider.keys(client, unknown=True)
            found = jwt.decode(token, known, registry=registry)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
        raise Untrusted("signature") from exc
    if not set(found.header) <= _HEADER or not isinstance(found.claims, dict):
        raise Untrusted("header")
    return dict(found.header), found.claims


def _require_ours(client: Client, claims: dict[str, Any]) -> None:
    """Raise Untrusted unless the token is of our provider, for us alone, and of just now."""
    if claims.get("iss") != client.issuer:
        raise Untrusted("iss")
    if claims.get("aud") not in (client.client_id, [client.client_id]):
        raise Untrusted("aud")
    issued, expires = claims.get("iat"), claims.get("exp")
    if type(issued) is not int or (expires is not None and type(expires) is not int):
        raise Untrusted("times")
    present = now().timestamp()
    if not present - _OLDEST.total_seconds() <= issued <= present + _LEEWAY:
        raise Untrusted("iat")
    if expires is not None and not max(issued, present - _LEEWAY) < expires:
        raise Untrusted("exp")


def _require_nonce(claims: dict[str, Any], nonce: str) -> None:
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise Untrusted("nonce")


def _text(claims: dict[str, Any], name: str) -> str:
    found = claims.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= _NAME or not found.isprintable():
        raise Untrusted(name)
    return found
