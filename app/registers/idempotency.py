"""Idempotency-Key: a create that is sent twice happens once, and is answered the same twice.

The key is written in the transaction of the effect, so the two commit together; a second request
waits on the first one's key and then gets its answer (draft-ietf-httpapi-idempotency-key-header).
The answer shows a record as its author may read it, personal values included, so it is kept sealed.
"""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.audit.work import Work
from app.core.crypto import Envelope, seal, unseal
from app.core.errors import KeyReused
from app.core.labels import T
from app.core.settings import get_settings
from app.registers.tables import IdempotencyKey

_REUSED = T(
    "这次提交的编号（Idempotency-Key）已用于另一项内容；请刷新页面后重新提交。",
    "This Idempotency-Key was used for another request; use a new one.",
)


@dataclass(frozen=True, slots=True)
class Key:
    value: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    etag: str | None
    location: str | None


async def _key(
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=128, description="Any unique text")
    ] = None,
) -> Key | None:
    if idempotency_key is None:
        return None
    told = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return Key(idempotency_key, hashlib.sha256(told).hexdigest())


KeyDep = Annotated[Key | None, Depends(_key)]


async def before(work: Work, key: Key | None) -> Answer | None:
    """Return the answer already given for ``key``, else claim it. Raises KeyReused."""
    if key is None:
        return None
    claim = insert(IdempotencyKey).values(
        account_id=work.actor.account_id, key=key.value, request_hash=key.request_hash
    )
    statement = claim.on_conflict_do_nothing().returning(col(IdempotencyKey.key))
    if await work.session.scalar(statement) is not None:
        return None
    known = (
        await work.session.execute(select(IdempotencyKey).where(*_mine(work, key)))
    ).scalar_one()
    if known.request_hash != key.request_hash or known.status is None:
        raise KeyReused(_REUSED)
    return Answer(known.status, _opened(work, key, known.body), known.etag, known.location)


async def after(work: Work, key: Key | None, answer: Answer) -> None:
    """Keep the answer with the key."""
    if key is not None:
        await work.session.execute(
            update(IdempotencyKey)
            .where(*_mine(work, key))
            .values(
                status=answer.status,
                body=_sealed(work, key, answer.body),
                etag=answer.etag,
                location=answer.location,
            )
        )


def _sealed(work: Work, key: Key, body: str) -> str:
    kept = seal(get_settings().secret(), body, f"idempotency/{work.actor.account_id}/{key.value}")
    parts = (b64encode(kept.wrapped_key), b64encode(kept.ciphertext))
    return ".".join([kept.key_id, *(part.decode() for part in parts)])


def _opened(work: Work, key: Key, kept: str | None) -> str:
    if not kept:
        return ""
    key_id, wrapped, text = kept.split(".")
    envelope = Envelope(key_id, b64decode(wrapped), b64decode(text))
    context = f"idempotency/{work.actor.account_id}/{key.value}"
    return unseal(get_settings().secret(), envelope, context)


def _mine(work: Work, key: Key) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        col(IdempotencyKey.account_id) == work.actor.account_id,
        col(IdempotencyKey.key) == key.value,
    )
