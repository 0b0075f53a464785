"""What can be measured: the engine as the product runs it, and what it is compared with."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from app.core.text import fold
from app.matching.ranking.building import build
from app.matching.ranking.evaluation.measures import DEPTH
from app.matching.ranking.index import RERANKED, Index
from app.matching.ranking.model import Candidate, Document, Query
from app.matching.ranking.segment import UNKNOWN_YEAR

Doubles = NDArray[np.float64]

K1, B = 1.2, 0.75


class NoJieba(Exception):
    """The baselines' word cutter belongs to the development environment, never to the product."""


class Scorer(Protocol):
    def found(self, query: Query) -> list[str]:
        """Return the ids of the best, the best first."""

    def scores(self, queries: Sequence[Query], ids: Sequence[str]) -> Doubles:
        """Return the score of each id (column) for each query (row)."""


class Engine:
    """The product's own index and search."""

    def __init__(self, index: Index, depth: int = RERANKED) -> None:
        self.index = index
        self._depth = depth

    def found(self, query: Query) -> list[str]:
        return [name for name, _ in self.index.ranked(query, limit=DEPTH, depth=self._depth)]

    def scores(self, queries: Sequence[Query], ids: Sequence[str]) -> Doubles:
        return self.index.score_many(queries, ids)


@contextmanager
def engine(
    candidates: Iterable[Candidate], background: Iterable[Document] = (), depth: int = RERANKED
) -> Iterator[Engine]:
    """Build an index for the time of a measurement."""
    with TemporaryDirectory(prefix="park-eval-") as folder:
        base = build(candidates, Path(folder) / "base", background=background)
        yield Engine(Index(base), depth)


class Baseline:
    """Words cut by jieba; each document scored, then the best or the mean of a person's taken."""

    def __init__(self, candidates: Sequence[Candidate], kind: str, gather: str) -> None:
        self._ids = [one.id for one in candidates]
        self._place = {name: at for at, name in enumerate(self._ids)}
        self._kind, self._gather = kind, gather
        self._size = np.array([max(len(one.documents), 1) for one in candidates])
        documents = [list(one.documents) or [Document(year=UNKNOWN_YEAR)] for one in candidates]
        self._first = np.cumsum(self._size) - self._size
        self._cut = cutter()
        self._number: dict[str, int] = {}
        counts = self._counted([d for some in documents for d in some], grow=True)
        seen = np.bincount(counts.indices, minlength=counts.shape[1])
        self._idf = np.log1p((counts.shape[0] - seen + 0.5) / (seen + 0.5))
        self._weights = self._weighed(counts)

    def _counted(self, documents: Sequence[Document], *, grow: bool) -> Any:
        rows, columns, values = [], [], []
        for row, one in enumerate(documents):
            twice = (one.title, *one.keywords)  # as the engine counts them
            words = self._cut(fold(" ".join((*twice, *twice, one.abstract))))
            for word, count in Counter(w for w in words if w[0].isalnum()).items():
                if grow:
                    self._number.setdefault(word, len(self._number))
                if word in self._number:
                    rows.append(row)
                    columns.append(self._number[word])
                    values.append(float(count))
        return sp.csr_matrix((values, (rows, columns)), (len(documents), len(self._number)))

    def _weighed(self, counts: Any) -> Any:
        """Weigh documents so that a query's vector times theirs is the score."""
        found = counts.copy()
        if self._kind == "bm25":
            length = np.asarray(counts.sum(axis=1)).ravel()
            norm = K1 * (1 - B + B * length / (length.mean() or 1.0))
            found.data = (
                found.data * (K1 + 1) / (found.data + np.repeat(norm, np.diff(found.indptr)))
            )
            return (found @ sp.diags(self._idf)).T.tocsr()
        return self._unit(found).T.tocsr()

    def _unit(self, counts: Any) -> Any:
        counts.data = 1 + np.log(counts.data)
        found = counts @ sp.diags(self._idf)
        length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
        return sp.diags(1 / np.maximum(length, 1e-9)) @ found

    def _people(self, query: Query) -> Doubles:
        asked = self._counted([query.document], grow=False)
        if self._kind == "bm25":
            asked.data[:] = 1
        else:
            asked = self._unit(asked)
        score = np.asarray((asked @ self._weights).todense()).ravel()
        best = self._gather == "max"
        found: Doubles = (np.maximum if best else np.add).reduceat(score, self._first)
        return found if best else found / self._size

    def found(self, query: Query) -> list[str]:
        score = self._people(query)
        return [self._ids[at] for at in np.lexsort((np.arange(len(score)), -score))[:DEPTH]]

    def scores(self, queries: Sequence[Query], ids: Sequence[str]) -> Doubles:
        columns = [self._place[name] for name in ids]
        return np.array([self._people(query)[columns] for query in queries])


def cutter() -> Any:
    """Return jieba's cut. Raises NoJieba where it is not installed."""
    try:
        import jieba
    except ImportError as missing:
        raise NoJieba("the baselines need jieba, which only development installs") from missing
    jieba.setLogLevel("ERROR")
    return jieba.lcut
