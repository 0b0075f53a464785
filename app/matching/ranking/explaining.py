"""Why a candidate was found: parts, documents, words, fields, keywords."""

import numpy as np

from app.matching.ranking.asking import Asked
from app.matching.ranking.model import Hit, Part, Shown
from app.matching.ranking.rerank import DECIMALS, PARTS, Looked
from app.matching.ranking.scoring import Scanned
from app.matching.ranking.segment import UNKNOWN_YEAR, Segment

DOCUMENTS = 3


def hit(told: Asked, segment: Segment, found: Looked, place: int, scan: Scanned) -> Hit:
    """Describe the candidate at ``place`` among those looked at."""
    roster, owner = segment.roster, int(found.chosen[place])
    rows = slice(int(found.first[place]), int(found.first[place + 1]))
    documents, share = found.rows[rows], found.share[rows]
    best = np.lexsort((documents, -share))[:DOCUMENTS]
    years = roster.year[documents]
    told_years = years[years != UNKNOWN_YEAR]
    base = np.maximum(roster.weight[documents], 1e-9)
    points = found.parts[place]
    return Hit(
        id=roster.ids[owner],
        score=round(float(points.sum()), DECIMALS),
        parts=tuple(Part(name, float(p)) for name, p in zip(PARTS, points, strict=True) if p),
        documents=tuple(
            Shown(
                int(roster.place[row]),
                roster.keys[row],
                int(roster.year[row]) or None,
                round(float(s), 4),
            )
            for row, s in zip(documents[best].tolist(), share[best].tolist(), strict=True)
            if s > 0
        ),
        terms=(),
        newest_year=int(told_years.max()) if len(told_years) else None,
        recency=round(float((scan.weight[documents] / base).mean()), 4) if len(documents) else 1.0,
    )
