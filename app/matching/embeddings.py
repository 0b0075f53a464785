"""The optional term: vectors from an OpenAI-compatible endpoint, and a store so that each text is
sent once. Without the endpoint, or when it fails, matching goes on with the words alone.
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence

import httpx
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import Column, LargeBinary, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field as Stored
from sqlmodel import SQLModel, col

from app.core.settings import Settings, get_settings
from app.matching.ranking.model import Document

log = logging.getLogger(__name__)

PATIENCE = 2.0  # seconds: a caller waits for the vector of one query
BATCH, BATCH_PATIENCE = 64, 60.0  # texts of documents sent at once, in the background
LONGEST = 2_000  # characters of a text that are sent

Vector = NDArray[np.float32]


class TextEmbedding(SQLModel, table=True):
    """The vector of a text under a model, as float16; the text itself is only its SHA-256."""

    __tablename__ = "text_embedding"

    model: str = Stored(primary_key=True, max_length=120)
    digest: bytes = Stored(sa_column=Column(LargeBinary, primary_key=True))
    vector: bytes = Stored(sa_column=Column(LargeBinary, nullable=False))


class Failed(Exception):
    """The endpoint did not give usable vectors; the words say why."""


class _Row(BaseModel):
    index: int = Field(ge=0)
    embedding: list[float] = Field(min_length=1, max_length=8192)


class _Answer(BaseModel):
    data: list[_Row]


def wanted(settings: Settings | None = None) -> bool:
    """Say whether an endpoint is configured."""
    return (settings or get_settings()).embeddings_url is not None


def text_of(document: Document) -> str:
    """Return what is sent of a document."""
    told = (document.title, document.abstract, " ".join(document.keywords))
    return "\n".join(part for part in told if part)[:LONGEST]


def digest_of(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


async def embed(texts: Sequence[str], patience: float) -> list[Vector]:
    """Return unit vectors for texts, in their order. Raises Failed."""
    settings = get_settings()
    key = settings.embeddings_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    asked = {"model": settings.embeddings_model, "input": list(texts)}
    try:
        async with httpx.AsyncClient(timeout=patience) as client:
            answer = await client.post(
                f"{str(settings.embeddings_url).rstrip('/')}/embeddings",
                json=asked,
                headers=headers,
            )
            answer.raise_for_status()
            rows = sorted(_Answer.model_validate_json(answer.content).data, key=lambda r: r.index)
    except (httpx.HTTPError, httpx.InvalidURL, ValidationError) as error:
        raise Failed(type(error).__name__) from error
    if [row.index for row in rows] != list(range(len(texts))):
        raise Failed("rows are missing")
    if len({len(row.embedding) for row in rows}) > 1:
        raise Failed("vectors of several lengths")
    return [_unit(row.embedding) for row in rows]


def _unit(numbers: Sequence[float]) -> Vector:
    vector = np.asarray(numbers, np.float32)
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length == 0:
        raise Failed("a vector without length")
    return vector / np.float32(length)


async def stored(session: AsyncSession, digests: Sequence[bytes]) -> dict[bytes, Vector]:
    """Return the vectors that are known, by the digest of their text."""
    if not digests:
        return {}
    found = await session.execute(
        select(col(TextEmbedding.digest), col(TextEmbedding.vector)).where(
            col(TextEmbedding.model) == get_settings().embeddings_model,
            col(TextEmbedding.digest).in_(digests),
        )
    )
    return {
        bytes(digest): np.frombuffer(vector, np.float16).astype(np.float32)
        for digest, vector in found.all()
    }


async def learn(session: AsyncSession, texts: Mapping[bytes, str]) -> int:
    """Have the vectors of texts made that are not known yet; return how many. Raises Failed."""
    known = await stored(session, list(texts))
    missing = [(digest, text) for digest, text in texts.items() if digest not in known]
    for at in range(0, len(missing), BATCH):
        part = missing[at : at + BATCH]
        vectors = await embed([text for _, text in part], BATCH_PATIENCE)
        rows = [
            {
                "model": get_settings().embeddings_model,
                "digest": digest,
                "vector": vector.astype(np.float16).tobytes(),
            }
            for (digest, _), vector in zip(part, vectors, strict=True)
        ]
        await session.execute(insert(TextEmbedding).on_conflict_do_nothing(), rows)
    return len(missing)
