"""The identity provider of the installation: what it says of itself, its keys, its tokens.

Nothing it sends is followed or trusted beyond its own address: no redirects, small answers, only
endpoints of https, and the issuer must be the one that was configured.
"""

import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from joserfc.jwk import KeySet

from app.core.errors import Problem
from app.core.labels import T
from app.core.settings import Settings, get_settings

TIMEOUT = 5.0  # seconds
LARGEST = 256 * 1024  # bytes of any answer
_FRESH = 600.0  # seconds a description or a set of keys is used again
_PAUSE = 30.0  # seconds between two askings for a key nobody knew
_ASYMMETRIC = frozenset({"RSA", "EC", "OKP"})


class Untrusted(Exception):
    """What came from the provider, or in its name, is not what a sound provider sends."""


class NoProvider(Problem):
    status, type = 404, "urn:park:not-found"
    title = T("没有统一认证", "No identity provider")

    def __init__(self) -> None:
        super().__init__(
            T(
                "这个系统没有接入统一认证；请用用户名和密码登录，或联系系统管理员。",
                "No identity provider is set up here; sign in by username and password, or ask the"
                " system administrator.",
            )
        )


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to the provider."""

    issuer: str
    client_id: str
    secret: str
    callback: str
    second_factor_amr: frozenset[str]


def client_of(settings: Settings) -> Client:
    """Return the client that is configured. Raises NoProvider."""
    if not (settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret):
        raise NoProvider
    said = settings.oidc_second_factor_amr.split(",")
    return Client(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        f"{settings.address}/api/v1/auth/oidc/callback",
        frozenset(method.strip() for method in said if method.strip()),
    )


def configured() -> Client:
    """Return the client of this installation. Raises NoProvider."""
    return client_of(get_settings())


def http() -> httpx.AsyncClient:
    """Return the line to the provider."""
    return httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)


@dataclass(slots=True)
class _Kept:
    at: float
    value: dict[str, Any]


_kept: dict[str, _Kept] = {}


def forget() -> None:
    """Ask the provider anew for everything (tests)."""
    _kept.clear()


async def metadata(client: Client) -> dict[str, Any]:
    """Return what the provider says of itself. Raises Untrusted."""
    found = await _read(get_well_known_url(client.issuer, external=True), _FRESH)
    if found.get("issuer") != client.issuer:
        raise Untrusted("issuer of the description")
    try:
        OpenIDProviderMetadata(found).validate_issuer()
    except ValueError as exc:
        raise Untrusted("description") from exc
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _require_safe(found.get(name))
    return found


async def keys(client: Client, *, unknown: bool = False) -> KeySet:
    """Return the provider's public keys; read again, not too often, for one that is ``unknown``."""
    uri = (await metadata(client))["jwks_uri"]
    found = await _read(uri, _PAUSE if unknown else _FRESH)
    listed = found.get("keys")
    if not isinstance(listed, list):
        raise Untrusted("keys")
    public = [key for key in listed if isinstance(key, dict) and key.get("kty") in _ASYMMETRIC]
    try:
        return KeySet.import_key_set({"keys": public})
    except Exception as exc:  # whatever stands in it, it is no key
        raise Untrusted("keys") from exc


async def exchange(client: Client, code: str, verifier: str) -> dict[str, Any]:
    """Return the token answer for an authorization code. Raises Untrusted."""
    endpoint = (await metadata(client))["token_endpoint"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.callback,
        "code_verifier": verifier,
    }
    return await _json("POST", endpoint, data=form, auth=(client.client_id, client.secret))


async def _read(uri: str, fresh: float) -> dict[str, Any]:
    kept = _kept.get(uri)
    if kept is None or time.monotonic() - kept.at > fresh:
        kept = _kept[uri] = _Kept(time.monotonic(), await _json("GET", uri))
    return kept.value


async def _json(method: str, uri: str, **more: Any) -> dict[str, Any]:
    _require_safe(uri)
    try:
        async with http() as line, line.stream(method, uri, **more) as answer:
            if answer.status_code != httpx.codes.OK:
                raise Untrusted(f"status {answer.status_code}")
            found = json.loads(await _limited(answer))
    except (httpx.HTTPError, ValueError, RecursionError) as exc:
        raise Untrusted(type(exc).__name__) from exc
    if not isinstance(found, dict):
        raise Untrusted("no object")
    return found


async def _limited(answer: httpx.Response) -> bytes:
    body = b""
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > LARGEST:
            raise Untrusted("too large")
    return body


def _require_safe(uri: object) -> None:
    """Raise Untrusted for what is no address over TLS (plain only to this machine)."""
    if not isinstance(uri, str):
        raise Untrusted("no address")
    parts = urlsplit(uri)
    local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise Untrusted("unsafe address")
