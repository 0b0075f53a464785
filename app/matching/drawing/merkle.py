"""A tree of hashes over the pool: one root for all, a short proof for each.

Leaves and inner nodes are hashed under different names, so neither can be passed off as the other;
a last node without a neighbour is hashed alone. Each entry carries a random salt: who holds a
proof cannot guess what stands in the neighbouring leaves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.matching.drawing.canonical import sha


@dataclass(frozen=True, slots=True)
class Step:
    """One floor of a proof: the neighbour's hash and its side; None where there is no neighbour."""

    side: str | None
    hash: str | None


def leaf(entry: Mapping[str, Any]) -> str:
    """Return the leaf of one entry of the pool, salt included."""
    return sha(["leaf", dict(entry)])


def _floor(nodes: Sequence[str]) -> list[str]:
    return [sha(["node", *nodes[n : n + 2]]) for n in range(0, len(nodes), 2)]


def root(leaves: Sequence[str]) -> str:
    """Return the root over ``leaves``. Raises ValueError for none."""
    if not leaves:
        msg = "a pool of nobody has no root"
        raise ValueError(msg)
    nodes = list(leaves)
    while len(nodes) > 1:
        nodes = _floor(nodes)
    return nodes[0]


def proofs(leaves: Sequence[str]) -> list[list[Step]]:
    """Return for each leaf what is needed, besides it, to compute the root."""
    found: list[list[Step]] = [[] for _ in leaves]
    nodes, places = list(leaves), list(range(len(leaves)))
    while len(nodes) > 1:
        for steps, place in zip(found, places, strict=True):
            neighbour = place ^ 1
            if neighbour < len(nodes):
                steps.append(Step("left" if neighbour < place else "right", nodes[neighbour]))
            else:
                steps.append(Step(None, None))
        nodes, places = _floor(nodes), [place // 2 for place in places]
    return found


def proves(entry: Mapping[str, Any], steps: Sequence[Step], expected: str) -> bool:
    """Say whether ``steps`` lead from ``entry`` to the root ``expected``."""
    node = leaf(entry)
    for step in steps:
        if step.side == "left":
            node = sha(["node", step.hash, node])
        elif step.side == "right":
            node = sha(["node", node, step.hash])
        else:
            node = sha(["node", node])
    return node == expected
