"""A made-up batch to measure on: mixed topics, fashionable ones, projects of unequal luck.

Projects and experts are mixtures of topics; some topics are asked for far more often than there are
experts (Zipf), experts differ in how much they have done, projects in how well anybody fits them.
One pair in twenty is barred. The same seed makes the same instance.
"""

import numpy as np

from app.matching.assignment.problem import Problem, Quotas, share

_TOPICS = 30
_ASKED = 0.35  # concentration of a project's topics: small is narrow
_KNOWN = 0.5  # of an expert's
_ZIPF = 0.9
_FIT = 0.15  # how unequal the projects' luck is
_BARRED = 0.05


def instance(projects: int, experts: int, seed: int, *, seats: int = 5, load: int = 10) -> Problem:
    """Return an instance without quotas."""
    rng = np.random.default_rng(seed)
    demand = 1.0 / np.arange(1, _TOPICS + 1) ** _ZIPF
    asked = rng.dirichlet(demand / demand.sum() * _TOPICS * _ASKED, size=projects)
    known = rng.dirichlet(np.full(_TOPICS, _KNOWN), size=experts)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    known /= np.linalg.norm(known, axis=1, keepdims=True)
    done = rng.uniform(0.6, 1.0, size=(experts, 1))
    luck = np.exp(-np.abs(rng.normal(0, _FIT, size=(projects, 1))))
    scores = ((asked * luck) @ (known * done).T).astype(np.float32)
    return Problem(
        scores=scores,
        barred=rng.random((projects, experts)) < _BARRED,
        seats=np.full(projects, seats, dtype=np.int64),
        load=np.full(experts, load, dtype=np.int64),
    )


def with_quotas(problem: Problem, seed: int) -> Problem:
    """Ask for what panels need: 60 % technical, one of finance, one a unit, one from elsewhere."""
    rng = np.random.default_rng(seed)
    experts, seats = problem.experts, problem.seats
    finance = rng.random(experts) < 0.2  # noqa: PLR2004 -- one in five
    city = rng.integers(0, 10, size=experts)
    home = rng.integers(0, 10, size=problem.projects)
    ones = np.ones(problem.projects, dtype=np.int64)
    return Problem(
        scores=problem.scores,
        barred=problem.barred,
        seats=seats,
        load=problem.load,
        quotas=Quotas(share(60, seats), ones, ones, ones),
        technical=~finance,
        finance=finance,
        offsite=home[:, None] != city[None, :],
        unit=rng.integers(0, max(2, experts // 8), size=experts).astype(np.int64),
    )
