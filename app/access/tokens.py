"""Access tokens: python-jose behind one strict door. Nothing else imports jose.

A token only points at a session row, which every request reads; its claims grant nothing.
python-jose accepts tokens without exp, aud or jti, with a ``crit`` header, and signs with
five-byte secrets; every one of those is refused here.
"""

import re
import time
from dataclasses import dataclass
from uuid import UUID, uuid4

from jose import JWTError, jwt

from app.access.roles import Wall
from app.core.crypto import derive

_ALGORITHM = "HS256"
_ISSUER = "park"
_AUDIENCE = "park/api"
_LONGEST = 4096  # bytes
_MOST_SECONDS = 12 * 3600
_HEADERS = ({"alg": _ALGORITHM, "typ": "JWT"}, {"alg": _ALGORITHM})
_SHAPE = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_REQUIRED = ("exp", "iat", "nbf", "aud", "iss", "sub", "jti")
_OPTIONS = {"leeway": 10} | {f"require_{claim}": True for claim in _REQUIRED}


class BadToken(Exception):
    """The token is not one of ours, or no longer."""


@dataclass(frozen=True, slots=True)
class Claims:
    session_id: UUID
    wall: Wall


def sign(secret: bytes, session_id: UUID, wall: Wall, seconds: int) -> str:
    """Return a token that points at ``session_id`` for ``seconds``."""
    issued = int(time.time())
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": str(session_id),
        "jti": str(uuid4()),
        "iat": issued,
        "nbf": issued,
        "exp": issued + min(seconds, _MOST_SECONDS),
        "use": "access",
        "wall": wall.value,
    }
    return str(jwt.encode(claims, _key(secret), algorithm=_ALGORITHM))


def read(secret: bytes, token: str) -> Claims:
    """Return what ``token`` points at. Raises BadToken."""
    if len(token) > _LONGEST or not _SHAPE.fullmatch(token):
        raise BadToken
    try:
        header = jwt.get_unverified_header(token)
        if header not in _HEADERS:
            raise BadToken
        claims = jwt.decode(
            token,
            _key(secret),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            issuer=_ISSUER,
            options=_OPTIONS,
        )
        return _claims(claims)
    except (JWTError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
        raise BadToken from exc


def _claims(claims: dict[str, object]) -> Claims:
    issued, expires = claims["iat"], claims["exp"]
    if type(issued) is not int or type(expires) is not int:
        raise BadToken
    if claims.get("use") != "access" or not 0 < expires - issued <= _MOST_SECONDS:
        raise BadToken
    session_id = UUID(str(claims["sub"]))
    if str(session_id) != claims["sub"]:
        raise BadToken  # in braces, as a URN: UUID() reads what sign() never writes
    return Claims(session_id, Wall(str(claims["wall"])))


def _key(secret: bytes) -> str:
    return derive(secret, "access-token").hex()
