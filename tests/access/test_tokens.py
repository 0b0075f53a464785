"""Forged tokens: each differs from a good one in one thing; all are refused in the same words."""

import ast
import base64
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from jose import jwt

from app.access import tokens
from app.access.roles import Wall
from app.core.crypto import derive
from app.core.settings import get_settings
from tests.access.asgi import Question, ask

_SECRET = b"a secret of thirty-two bytes or more"
_KEY = derive(_SECRET, "access-token").hex()
_SESSION = "01a20110-eb38-7730-aaf9-cbfd24dbd75e"
_ME = Question("GET", "/api/v1/me")


def _claims(**changed: Any) -> dict[str, Any]:
    """Return good claims with some changed; None takes a claim away."""
    at = int(time.time())
    good = {
        "iss": "park",
        "aud": "park/api",
        "sub": _SESSION,
        "jti": str(uuid4()),
        "iat": at,
        "nbf": at,
        "exp": at + 600,
        "use": "access",
        "wall": "staff",
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def _signed(claims: Mapping[str, Any], key: str = _KEY, alg: str = "HS256", **header: Any) -> str:
    return str(jwt.encode(dict(claims), key, algorithm=alg, headers=header or None))


def _part(value: Any) -> str:
    told = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def _raw(header: Any, claims: Any, signature: str) -> str:
    return f"{_part(header)}.{_part(claims)}.{signature}"


def _good() -> str:
    return _signed(_claims())


def _swapped() -> str:
    head, _, signature = _good().split(".")
    return f"{head}.{_part(_claims(sub=str(uuid4())))}.{signature}"


def _forgeries() -> dict[str, str]:
    """Return forged tokens by what is wrong with them."""
    at = int(time.time())
    none = {"alg": "none", "typ": "JWT"}
    found = {f"no {claim}": _signed(_claims(**{claim: None})) for claim in _claims()}
    found |= {
        "another issuer": _signed(_claims(iss="elsewhere")),
        "another audience": _signed(_claims(aud="park/page")),
        "several audiences": _signed(_claims(aud=["elsewhere", "other"])),
        "a refresh token": _signed(_claims(use="refresh")),
        "a set-up link": _signed(_claims(use="setup")),
        "no such wall": _signed(_claims(wall="owner")),
        "a wall that is a list": _signed(_claims(wall=["staff"])),
        "a subject that is no session": _signed(_claims(sub="admin")),
        "an empty subject": _signed(_claims(sub="")),
        "expired": _signed(_claims(iat=at - 900, nbf=at - 900, exp=at - 300)),
        "not yet valid": _signed(_claims(nbf=at + 300)),
        "valid for a year": _signed(_claims(exp=at + 31_536_000)),
        "issued after it expires": _signed(_claims(iat=at + 1200)),
        "an expiry in words": _signed(_claims(exp="never")),
        "an expiry of infinity": _raw({"alg": "HS256"}, b'{"exp": Infinity}', "x"),
        "a fractional expiry": _signed(_claims(exp=at + 600.5)),
        "an expiry that is true": _signed(_claims(exp=True)),
        "an issue time in words": _signed(_claims(iat="now")),
        "another key": _signed(_claims(), "00" * 32),
        "an empty key": _signed(_claims(), "x"),
        "the secret itself as key": _signed(_claims(), _SECRET.decode()),
        "HS384": _signed(_claims(), alg="HS384"),
        "HS512": _signed(_claims(), alg="HS512"),
        "crit header": _signed(_claims(), crit=["exp"]),
        "kid header": _signed(_claims(), kid="../../etc/passwd"),
        "jku header": _signed(_claims(), jku="https://evil.example/keys"),
        "jwk header": _signed(_claims(), jwk={"kty": "oct", "k": "AA"}),
        "x5u header": _signed(_claims(), x5u="https://evil.example/cert"),
        "cty header": _signed(_claims(), cty="JWT"),
        "b64 header": _signed(_claims(), b64=False),
        "alg none": _raw(none, _claims(), ""),
        "alg None in capitals": _raw({"alg": "NONE"}, _claims(), ""),
        "alg none with a signature": _raw(none, _claims(), _good().split(".")[2]),
        "no alg": _raw({"typ": "JWT"}, _claims(), _good().split(".")[2]),
        "alg that is a list": _raw({"alg": ["HS256"]}, _claims(), "x"),
        "header that is a list": _raw(["HS256"], _claims(), "x"),
        "claims that are a list": _raw({"alg": "HS256"}, [1], "x"),
        "claims that are no JSON": _raw({"alg": "HS256"}, b"{", "x"),
        "swapped claims": _swapped(),
        "no signature": _good().rsplit(".", 1)[0] + ".",
        "signature cut": _good()[:-4],
        "two parts": _good().rsplit(".", 1)[0],
        "four parts": _good() + ".x",
        "a session in braces": _signed(_claims(sub="{" + _SESSION + "}")),
        "a session as an address": _signed(_claims(sub=f"urn:uuid:{_SESSION}")),
        "a session that is a number": _signed(_claims(sub=1)),
        "a wall in capitals": _signed(_claims(wall="STAFF")),
        "an issuer that is a list": _signed(_claims(iss=["park"])),
        "no audience in the list": _signed(_claims(aud=[])),
        "an expiry below nothing": _signed(_claims(exp=-1)),
        "a lifetime that is a list": _signed(_claims(exp=[at + 600])),
        "a use that is a list": _signed(_claims(use=["access"])),
        "another type of token": _signed(_claims(), typ="at+jwt"),
        "a type that is a list": _raw({"alg": "HS256", "typ": ["JWT"]}, _claims(), "x"),
        "alg in small letters": _raw({"alg": "hs256"}, _claims(), _good().split(".")[2]),
        "a space before it": f" {_good()}",
        "a line after it": f"{_good()}\n",
        "a padded signature": f"{_good()}=",
        "a token inside a token": _signed(_claims(sub=_good())),
        "an encrypted token": ".".join(
            [_part({"alg": "dir", "enc": "A256GCM"}), "", "x", "x", "x"]
        ),
        "deeply nested": _raw({"alg": "HS256"}, b'{"a":' * 700 + b"1" + b"}" * 700, "x"),
        "long": _signed(_claims(jti="x" * 5000)),
        "not ASCII": "ä" + _good(),
        "dots": "...",
        "nothing": "",
    }
    return found


FORGERIES = _forgeries()


def test_a_good_token_points_at_its_session() -> None:
    for wall in Wall:
        read = tokens.read(_SECRET, _signed(_claims(wall=wall.value)))
        assert (str(read.session_id), read.wall) == (_SESSION, wall)


def test_there_are_sixty_forgeries_and_more() -> None:
    assert len(FORGERIES) >= 60


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=list(FORGERIES))
def test_a_forged_token_is_refused(forged: str) -> None:
    with pytest.raises(tokens.BadToken):
        tokens.read(_SECRET, forged)


@pytest.mark.usefixtures("house")
async def test_every_forgery_hears_the_same_401(app: FastAPI) -> None:
    """Also one that is well signed but whose session nobody began."""
    key = derive(get_settings().secret(), "access-token").hex()
    unknown = [_signed(_claims(wall=wall.value), key) for wall in Wall]
    plain = [forged for forged in FORGERIES.values() if forged and forged.isascii()]
    answers = [await ask(app, _ME, forged) for forged in plain]
    assert {(a.status, a.body) for a in answers} == {(401, answers[0].body)}
    assert {(await ask(app, _ME, forged)).status for forged in unknown} == {401}


def test_only_one_module_speaks_to_jose_and_nothing_loads_ecdsa() -> None:
    users = [
        str(path)
        for path in Path("app").rglob("*.py")
        if any(
            (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "jose")
            or (isinstance(node, ast.Import) and any(a.name.startswith("jose") for a in node.names))
            for node in ast.walk(ast.parse(path.read_text()))
        )
    ]
    assert users == ["app/access/tokens.py"]
    told = (
        "import sys, app.main; from app.access import tokens; from app.access.roles import Wall;"
        "from uuid import uuid4;"
        "tokens.read(b's' * 32, tokens.sign(b's' * 32, uuid4(), Wall.staff, 60));"
        "print(sorted({'ecdsa', 'rsa'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
