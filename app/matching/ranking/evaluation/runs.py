"""Running one scorer over one set: per query, reviewer or pair, so that runs can be compared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking.evaluation import measures
from app.matching.ranking.evaluation.scorers import Scorer
from app.matching.ranking.evaluation.sets import Choices, Expertise, Retrieval
from app.matching.ranking.model import Query

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Series:
    """One measure by unit: its value is sum(top) / sum(bottom)."""

    top: Doubles
    bottom: Doubles

    @property
    def value(self) -> float:
        return measures.ratio(self.top, self.bottom)

    @property
    def interval(self) -> tuple[float, float]:
        return measures.interval(self.top, self.bottom)

    def of(self, kept: NDArray[np.bool_]) -> "Series":
        return Series(self.top[kept], self.bottom[kept])

    def less(self, other: "Series") -> "Series":
        """Return the paired difference; both must weigh the same units alike."""
        return Series(self.top - other.top, self.bottom)


@dataclass(frozen=True, slots=True)
class Result:
    """What a run measured; the first measure is the one that decides."""

    units: tuple[str, ...]  # ids of queries, reviewers or pairs
    measured: Mapping[str, Series]

    @property
    def halves(self) -> NDArray[np.bool_]:
        """Cut the units in two by the hash of their ids, for choices made on one half."""
        return np.array([sha256(name.encode()).digest()[0] & 1 == 1 for name in self.units], bool)


def retrieved(told: Retrieval, scorer: Scorer, change: Callable[[Query], Query]) -> Result:
    """Measure nDCG@10 and Recall@10, the query being changed first (a script, a year left out)."""
    units = tuple(told.queries)
    gains, found = [], []
    for name in units:
        best = scorer.found(change(told.queries[name]))
        gains.append(measures.ndcg(best, told.relevant[name]))
        found.append(measures.recall(best, told.relevant[name]))
    one = np.ones(len(units))
    return Result(
        units, {"ndcg@10": Series(np.array(gains), one), "recall@10": Series(np.array(found), one)}
    )


def reviewed(told: Expertise, scorers: Sequence[Callable[[], Scorer]]) -> Result:
    """Measure the loss over the draws, each scored by a scorer built on its profiles."""
    names, papers = tuple(told.rated), list(told.papers)
    column = {name: at for at, name in enumerate(papers)}
    sums = np.zeros((len(names), 6))
    for make in scorers:
        scores = make().scores([told.papers[name] for name in papers], names)
        for at, name in enumerate(names):
            rated = [
                (value, float(scores[column[paper], at]))
                for paper, value in told.rated[name]
                if paper in column
            ]
            found = measures.reviewed(rated)
            sums[at] += (found.lost, found.weight, *found.easy, *found.hard)
    series = [Series(sums[:, at], sums[:, at + 1]) for at in (0, 2, 4)]
    return Result(names, dict(zip(("loss", "easy", "hard"), series, strict=True)))


def chosen(told: Choices, scorer: Scorer) -> Result:
    """Measure how often the better expert of a pair has the higher score."""
    ids = sorted({name for _, better, worse, _ in told.pairs for name in (better, worse)})
    projects = sorted({project for project, *_ in told.pairs})
    scores = scorer.scores([told.projects[name] for name in projects], ids)
    row = {name: at for at, name in enumerate(projects)}
    column = {name: at for at, name in enumerate(ids)}
    right, gaps = [], []
    for project, better, worse, gap in told.pairs:
        ahead = scores[row[project], column[better]] - scores[row[project], column[worse]]
        right.append(0.5 if ahead == 0 else float(ahead > 0))
        gaps.append(gap)
    correct, gap_of = np.array(right), np.array(gaps)
    units = tuple(f"{project}/{better}/{worse}" for project, better, worse, _ in told.pairs)
    return Result(
        units,
        {
            "accuracy": Series(correct, np.ones(len(units))),
            "loss": Series((1 - correct) * gap_of, gap_of),
        },
    )


def without_year(query: Query) -> Query:
    return replace(query, year=None)
