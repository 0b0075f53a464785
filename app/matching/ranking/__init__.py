"""Who fits a query best, by the words alone: a library of its own, without database or network.

    base = build(candidates, folder)            # an immutable folder of arrays
    base = Base.open(folder)                    # opened by mmap; workers share the pages
    index = Index(base)
    index = index.with_changes(changed, deleted)            # another index, the same statistics
    ranking = index.search(query, limit=20, nodes={1, 2}, without=conflicted)
    scores = index.score_many(queries, ids)                 # the same scores, as a matrix
    alike = index.similarity(query, other)                  # 0..1, symmetric

Everything handed back is a plain value. The same ``index.version`` gives the same answers, in
whichever process; equal scores are ordered by id. A ``Hit``'s parts add up to its score.
"""

from app.matching.ranking.base import Base, Unreadable
from app.matching.ranking.building import build
from app.matching.ranking.index import Index, Unknown
from app.matching.ranking.model import (
    Candidate,
    Document,
    Hit,
    Hits,
    Part,
    Query,
    Ranking,
    Shown,
    Term,
)
from app.matching.ranking.rerank import Embedding, Reference
from app.matching.ranking.weights import WEIGHTS, Weights

__all__ = [
    "WEIGHTS", "Base", "Candidate", "Document", "Embedding", "Hit", "Hits", "Index", "Part",
    "Query", "Ranking", "Reference", "Shown", "Term", "Unknown", "Unreadable", "Weights", "build",
]  # fmt: skip
