"""The embedding's term for one search: vectors of the likeliest candidates' documents, if known.

The words choose three hundred candidates; only theirs are compared by vector. A text whose vector
is not known yet counts nothing for now and is learnt in the background.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.core import db, jobs
from app.matching import embeddings
from app.matching.embeddings import Failed, Vector
from app.matching.index import source
from app.matching.kinds import KINDS, Kind
from app.matching.ranking import Candidate, Embedding, Index, Query, Reference

log = logging.getLogger(__name__)

COMPARED = 300
LEARNING_SECONDS = 240.0  # then the next one goes on


@dataclass(frozen=True, slots=True)
class Lent:
    """The term, or that the endpoint failed; neither where none is configured."""

    embedding: Embedding | None = None
    failed: bool = False


async def vectors(kind: Kind, index: Index, query: Query, nodes: frozenset[int]) -> Lent:
    """Return the embedding's term for a query."""
    if not embeddings.wanted():
        return Lent()
    try:
        (asked,) = await embeddings.embed([embeddings.text_of(query.document)], embeddings.PATIENCE)
    except Failed as failure:
        log.warning("no embedding: %s", failure)
        return Lent(failed=True)
    near = await asyncio.to_thread(index.search, query, limit=COMPARED, nodes=nodes)
    async with db.transaction("staff") as session:
        await source.everywhere(session)
        found = await source.read(session, kind, [UUID(hit.id) for hit in near.hits])
        texts = _texts(found.values())
        known = await embeddings.stored(session, list(texts.values()))
    return Lent(_term(asked, texts, known))


def _texts(candidates: Iterable[Candidate | None]) -> dict[tuple[str, int], bytes]:
    """Return the digest of every document's text, by its candidate and place."""
    return {
        (candidate.id, place): embeddings.digest_of(embeddings.text_of(document))
        for candidate in candidates
        if candidate is not None
        for place, document in enumerate(candidate.documents)
    }


def _term(
    asked: Vector, texts: Mapping[tuple[str, int], bytes], known: Mapping[bytes, Vector]
) -> Embedding:
    def cosines(references: Sequence[Reference]) -> NDArray[np.float32]:
        found = np.zeros(len(references), np.float32)
        for at, reference in enumerate(references):
            vector = known.get(texts.get((reference.id, reference.place), b""))
            if vector is not None and len(vector) == len(asked):
                found[at] = float(vector @ asked)
        return found

    return cosines


@jobs.task("matching.learn", cron="*/5 * * * *")
async def learn() -> None:
    """Have the vectors of the libraries' texts made not known yet, for some minutes."""
    if not embeddings.wanted():
        return
    until = asyncio.get_running_loop().time() + LEARNING_SECONDS
    for kind in KINDS.values():
        async for part in source.parts(kind):
            if asyncio.get_running_loop().time() > until:
                return
            await _learn(part)


async def _learn(candidates: Sequence[Candidate]) -> None:
    texts = {
        embeddings.digest_of(text): text
        for candidate in candidates
        for text in map(embeddings.text_of, candidate.documents)
    }
    async with db.transaction("staff") as session:
        await source.everywhere(session)
        await embeddings.learn(session, texts)
