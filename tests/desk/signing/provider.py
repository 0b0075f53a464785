"""An identity provider that can lie in each thing it says."""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

from app.access.oidc import provider
from app.core.settings import get_settings

ISSUER = "https://id.example.test"
CLIENT, SECRET = "park", "a secret between us"
SUBJECT = "248289761001"
_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
_OTHER = RSAKey.generate_key(2048, {"kid": "two"})
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"

Claims = dict[str, Any]
Lie = Callable[["Provider", Claims], str]


@dataclass
class Provider:
    """What it says, and the codes it gave out; ``lie`` makes the ID token in its own way."""

    lie: Lie | None = None
    described: Claims = field(default_factory=dict)
    answered: dict[str, Any] = field(default_factory=dict)
    answer: httpx.Response | None = None  # of the token endpoint, instead of an honest one
    careless: bool = False  # takes any verifier, as one with a bug would
    access: str = "an access token"
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorise(self, url: str) -> dict[str, str]:
        """Let the person in the browser agree; return what the browser brings back."""
        asked = {name: said[0] for name, said in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = hashlib.sha256(asked["state"].encode()).hexdigest()
        self._codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": ISSUER}

    def claims(self, nonce: str, **more: Any) -> Claims:
        at = int(time.time())
        half = hashlib.sha256(self.access.encode()).digest()[:16]
        return {
            "iss": ISSUER,
            "sub": SUBJECT,
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "nonce": nonce,
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            "sid": "their-session",
            **more,
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("openid-configuration"):
            return httpx.Response(200, json=self._description())
        if path == "/keys":
            return httpx.Response(200, json={"keys": [_KEY.as_dict(private=False)]})
        return self.answer or self._token(request)

    def _description(self) -> Claims:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorise",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "authorization_response_iss_parameter_supported": True,
        } | self.described

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {name: said[0] for name, said in parse_qs(request.content.decode()).items()}
        asked = self._codes.pop(form["code"], None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        made = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        if asked is None or request.headers["authorization"] != f"Basic {basic}":
            return httpx.Response(400, json={"error": "invalid_grant"})
        if not self.careless and asked["code_challenge"] != challenge:
            return httpx.Response(400, json={"error": "invalid_grant"})
        claims = self.claims(asked["nonce"])
        token = self.lie(self, claims) if self.lie else signed(claims)
        told = {"access_token": self.access, "token_type": "Bearer", "id_token": token}
        return httpx.Response(200, json=told | self.answered)


def signed(claims: Claims, key: RSAKey = _KEY, **header: Any) -> str:
    return str(jwt.encode({"alg": "RS256", "kid": "one"} | header, claims, key))


@contextmanager
def talking(found: Provider) -> Iterator[Provider]:
    """Set the installation up to sign in through ``found``."""

    def line() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(found))

    settings = {
        "PARK_OIDC_ISSUER": ISSUER,
        "PARK_OIDC_CLIENT_ID": CLIENT,
        "PARK_OIDC_CLIENT_SECRET": SECRET,
        "PARK_OIDC_NAME": "省统一认证",
        "PARK_OIDC_SECOND_FACTOR_AMR": "otp,hwk",
    }
    with pytest.MonkeyPatch.context() as environment, patch.object(provider, "http", line):
        for name, value in settings.items():
            environment.setenv(name, value)
        get_settings.cache_clear()
        provider.forget()
        try:
            yield found
        finally:
            provider.forget()
    get_settings.cache_clear()


def _changed(**more: Any) -> Lie:
    return lambda _, claims: signed({n: v for n, v in (claims | more).items() if v is not None})


def _raw(header: Claims, claims: Claims, signature: bytes = b"") -> str:
    def part(said: bytes) -> str:
        return base64.urlsafe_b64encode(said).rstrip(b"=").decode()

    told = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(part(said) for said in told)


def _shared(key: bytes) -> Lie:
    return lambda _, claims: str(
        jws.serialize_compact(
            {"alg": "HS256", "kid": "one"}, json.dumps(claims), OctKey.import_key(key), ["HS256"]
        )
    )


def _headed(**more: Any) -> Lie:
    """Sign a header no honest provider sends; put together by hand, as a liar would."""

    def lie(_: Provider, claims: Claims) -> str:
        said = _raw({"alg": "RS256", "kid": "one"} | more, claims).rpartition(".")[0]
        made = _KEY.private_key.sign(said.encode(), padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr]
        return f"{said}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"

    return lie


def _swapped(_: Provider, claims: Claims) -> str:
    head, _body, mark = signed(claims).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "another"}).encode())
    return f"{head}.{body.rstrip(b'=').decode()}.{mark}"


_AT = int(time.time())
#: Lies of the ID token, by what they are about.
LIES: dict[str, Lie] = {
    "another issuer": _changed(iss="https://evil.example"),
    "an issuer with a slash more": _changed(iss=f"{ISSUER}/"),
    "no issuer": _changed(iss=None),
    "another audience": _changed(aud="another"),
    "one audience too many": _changed(aud=[CLIENT, "another"], azp=CLIENT),
    "no audience": _changed(aud=None),
    "authorised for another": _changed(azp="another"),
    "another nonce": _changed(nonce="another"),
    "no nonce": _changed(nonce=None),
    "a nonce that is a list": lambda _, claims: signed(claims | {"nonce": [claims["nonce"]]}),
    "expired": _changed(iat=_AT - 400, exp=_AT - 100),
    "no expiry": _changed(exp=None),
    "an expiry in words": _changed(exp="never"),
    "issued an hour ago": _changed(iat=_AT - 3600),
    "issued tomorrow": _changed(iat=_AT + 86_400, exp=_AT + 90_000),
    "no time of issue": _changed(iat=None),
    "no subject": _changed(sub=None),
    "an empty subject": _changed(sub=""),
    "a subject that is a number": _changed(sub=248289761001),
    "a subject that is a list": _changed(sub=[SUBJECT]),
    "another hash of the access token": _changed(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "methods that are a text": _changed(amr="otp"),
    "a session that is an object": _changed(sid={"$ne": ""}),
    "alg none": lambda _, claims: _raw({"alg": "none"}, claims),
    "alg none with a kid": lambda _, claims: _raw({"alg": "none", "kid": "one"}, claims),
    "signed with our own secret": _shared(SECRET.encode()),
    "signed with its public key": _shared(_KEY.as_pem(private=False)),
    "another key": lambda _, claims: signed(claims, _OTHER, kid="two"),
    "another key under the same name": lambda _, claims: signed(claims, _OTHER),
    "another key, brought along": _headed(jwk=_OTHER.as_dict(private=False)),
    "a key elsewhere": _headed(jku="https://evil.example/keys"),
    "a critical header": _headed(crit=["exp"]),
    "swapped claims": _swapped,
    "no signature": lambda _, claims: signed(claims).rpartition(".")[0] + ".",
    "a huge token": _changed(padding="x" * 20_000),
    "no token at all": lambda _, __: "",
    "a token of two parts": lambda _, claims: signed(claims).rpartition(".")[0],
}


def _redirect() -> httpx.Response:
    return httpx.Response(302, headers={"location": "https://evil.example/token"})


#: Lies beside the ID token.
SURROUNDINGS: dict[str, Provider] = {
    "a description of another issuer": Provider(described={"issuer": "https://evil.example"}),
    "keys without TLS": Provider(described={"jwks_uri": "http://id.example.test/keys"}),
    "tokens without TLS": Provider(described={"token_endpoint": "http://id.example.test/token"}),
    "tokens from a file": Provider(described={"token_endpoint": "file:///etc/passwd"}),
    "a redirect": Provider(answer=_redirect()),
    "an answer too large": Provider(answer=httpx.Response(200, content=b" " * 300_000 + b"{}")),
    "an answer that is a list": Provider(answer=httpx.Response(200, json=[])),
    "an answer that is no JSON": Provider(answer=httpx.Response(200, content=b"<html>")),
    "an answer that fails": Provider(answer=httpx.Response(500)),
    "no access token": Provider(answered={"access_token": None}),
    "another access token": Provider(answered={"access_token": "another"}),
    "another kind of token": Provider(answered={"token_type": "mac"}),
    "an ID token that is an object": Provider(answered={"id_token": {"sub": SUBJECT}}),
}


def logout_token(**changed: Any) -> str:
    """Return a logout token, in which ``changed`` is otherwise (None takes it away)."""
    at = int(time.time())
    honest = {
        "iss": ISSUER,
        "aud": CLIENT,
        "iat": at,
        "exp": at + 120,
        "jti": f"{at}",
        "events": {LOGOUT: {}},
        "sid": "their-session",
    }
    return signed({n: v for n, v in (honest | changed).items() if v is not None})


#: Logout tokens that end nothing.
FALSE_LOGOUTS: dict[str, Callable[[], str]] = {
    "another issuer": lambda: logout_token(iss="https://evil.example"),
    "another audience": lambda: logout_token(aud="another"),
    "a nonce": lambda: logout_token(nonce="x"),
    "no event": lambda: logout_token(events=None),
    "another event": lambda: logout_token(events={"https://evil.example": {}}),
    "nobody": lambda: logout_token(sid=None),
    "no number": lambda: logout_token(jti=None),
    "old": lambda: logout_token(iat=int(time.time()) - 3600),
    "alg none": lambda: _raw({"alg": "none"}, {"iss": ISSUER}),
    "an ID token": lambda: signed(Provider().claims("x")),
    "another key": lambda: signed(json.loads(_claims_of(logout_token())), _OTHER),
}


def _claims_of(token: str) -> bytes:
    body = token.split(".")[1]
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
