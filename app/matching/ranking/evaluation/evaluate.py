"""`park eval matching`: every set through the product's own ranking, without a database."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import opencc

from app.matching.ranking.evaluation import report, runs
from app.matching.ranking.evaluation.runs import Result
from app.matching.ranking.evaluation.scorers import Baseline, Scorer, engine
from app.matching.ranking.evaluation.sets import Choices, Expertise, Retrieval, read
from app.matching.ranking.index import RERANKED
from app.matching.ranking.model import Candidate, Document, Query
from app.matching.ranking.weights import WEIGHTS

KEPT = Path("bench/results/matching_eval")
BASELINES = {
    "jieba BM25, best": ("bm25", "max"),
    "jieba BM25, mean": ("bm25", "mean"),
    "jieba TF-IDF, best": ("tfidf", "max"),
    "jieba TF-IDF, mean": ("tfidf", "mean"),
}
_EVERYBODY = 1 << 31


@dataclass(frozen=True, slots=True)
class How:
    """How to measure. Inductive unless said otherwise: no query's text is in the statistics."""

    transductive: bool = False
    everybody: bool = False  # a second look at all candidates, not at those found first
    baselines: bool = False
    kept: Path = KEPT
    keep: bool = False


def measured(folder: Path, name: str, how: How) -> dict[str, Any]:
    """Measure one set; return its rows as the report tells them."""
    began = time.perf_counter()
    told = read(folder, name)
    if isinstance(told, Retrieval):
        results = _retrieval(told, how)
    elif isinstance(told, Expertise):
        results = _expertise(told, how)
    else:
        results = _choices(told, how)
    before = report.last(how.kept, name)
    rows = {"engine": report.told(results["engine"], before)}
    for row, result in results.items():
        if row != "engine":
            rows[row] = report.told(result, None)
            for measure, series in results["engine"].measured.items():
                apart = report.difference(series, result.measured[measure])
                rows[row][measure]["ahead"] = apart
    if how.keep:
        report.keep(how.kept, name, WEIGHTS.version, results["engine"])
    return {"rows": rows, "seconds": round(time.perf_counter() - began, 1)}


def _depth(how: How) -> int:
    return _EVERYBODY if how.everybody else RERANKED


def _texts(queries: Iterator[Query] | list[Query], how: How) -> list[Document]:
    return [query.document for query in queries] if how.transductive else []


def _same(query: Query) -> Query:
    return query


def traditional(query: Query) -> Query:
    """Write a query in traditional characters, as a user of the other script would."""
    convert = opencc.OpenCC("s2t").convert
    return replace(query, title=convert(query.title), text=convert(query.text))


def _retrieval(told: Retrieval, how: How) -> dict[str, Result]:
    found: dict[str, Result] = {}
    others = _texts(list(told.queries.values()), how)
    with engine(told.candidates, others, _depth(how)) as ours:
        found["engine"] = runs.retrieved(told, ours, _same)
        if any(query.year for query in told.queries.values()):
            found["engine, years unread"] = runs.retrieved(told, ours, runs.without_year)
        found["engine, traditional"] = runs.retrieved(told, ours, traditional)
    for name, (kind, gather) in BASELINES.items() if how.baselines else ():
        baseline = Baseline(told.candidates, kind, gather)
        found[name] = runs.retrieved(told, baseline, _same)
    return found


def _expertise(told: Expertise, how: How) -> dict[str, Result]:
    others = [*told.background, *_texts(list(told.papers.values()), how)]

    def with_engine(draw: list[Candidate]) -> Callable[[], Scorer]:
        return lambda: stack.enter_context(engine(draw, others))

    with ExitStack() as stack:
        makers = [with_engine(list(draw)) for draw in told.draws]
        found = {"engine": runs.reviewed(told, makers)}
    for name, (kind, gather) in BASELINES.items() if how.baselines else ():
        makers = [_baseline(list(draw), kind, gather) for draw in told.draws]
        found[name] = runs.reviewed(told, makers)
    return found


def _baseline(draw: list[Candidate], kind: str, gather: str) -> Callable[[], Scorer]:
    return lambda: Baseline(draw, kind, gather)


def _choices(told: Choices, how: How) -> dict[str, Result]:
    with engine(told.candidates, _texts(list(told.projects.values()), how)) as ours:
        found = {"engine": runs.chosen(told, ours)}
    for name, (kind, gather) in BASELINES.items() if how.baselines else ():
        found[name] = runs.chosen(told, Baseline(told.candidates, kind, gather))
    return found
