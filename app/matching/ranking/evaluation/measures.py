"""The measures, as the sets' README defines them, and how sure one can be of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

DEPTH = 10
_SAMPLES, _SEED = 2000, 11
_GOOD, _POOR = 4, 2


def ndcg(found: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return nDCG@10 with gain g / log2(rank + 1) over the ideal order."""
    ideal = sorted(relevant.values(), reverse=True)
    best = _gain(ideal[:DEPTH])
    return _gain([relevant.get(name, 0) for name in found[:DEPTH]]) / best if best else 0.0


def _gain(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def recall(found: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return how many of the relevant are in the first ten, of those that could be."""
    good = {name for name, gain in relevant.items() if gain > 0}
    return len(good & set(found[:DEPTH])) / min(DEPTH, len(good)) if good else 0.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """What the pairs of papers that one reviewer rated add up to."""

    lost: float
    weight: float
    easy: tuple[int, int]  # right, of
    hard: tuple[int, int]


def reviewed(rated: Sequence[tuple[float, float]]) -> Pairs:
    """Judge one reviewer's (expertise, score) values: the weighted Kendall loss, and two kinds."""
    lost = weight = 0.0
    easy, hard = [0, 0], [0, 0]
    for (value, score), (other, against) in combinations(rated, 2):
        apart, order = value - other, score - against
        if apart == 0:
            continue
        weight += abs(apart)
        lost += abs(apart) * (0.5 if order == 0 else float(order * apart < 0))
        right = int(order * apart > 0)
        if max(value, other) >= _GOOD and min(value, other) <= _POOR:
            easy = [easy[0] + right, easy[1] + 1]
        elif min(value, other) >= _GOOD:
            hard = [hard[0] + right, hard[1] + 1]
    return Pairs(lost, weight, (easy[0], easy[1]), (hard[0], hard[1]))


def ratio(top: Doubles, bottom: Doubles) -> float:
    return float(top.sum() / bottom.sum()) if bottom.sum() else 0.0


def interval(top: Doubles, bottom: Doubles) -> tuple[float, float]:
    """Return the 95 % interval of sum(top)/sum(bottom) when its rows are drawn again."""
    if not len(top):
        return 0.0, 0.0
    random = np.random.default_rng(_SEED)
    drawn = random.integers(0, len(top), (_SAMPLES, len(top)))
    below = bottom[drawn].sum(axis=1)
    values = np.divide(top[drawn].sum(axis=1), below, out=np.zeros(_SAMPLES), where=below > 0)
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
