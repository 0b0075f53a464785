"""Small problems of every kind, for hypothesis."""

import numpy as np
from hypothesis import strategies as st

from app.matching.assignment.problem import NO_UNIT, Problem, Quotas


@st.composite
def problems(
    draw: st.DrawFn, *, quotas: bool = False, projects: int = 5, experts: int = 7
) -> Problem:
    """Draw scores in hundredths, conflicts, seats that differ, and loads that may not suffice."""
    rows = draw(st.integers(1, projects))
    columns = draw(st.integers(2, experts))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    scores = rng.integers(0, 101, (rows, columns)).astype(np.float32) / np.float32(100)
    barred = rng.random((rows, columns)) < draw(st.sampled_from([0.0, 0.15, 0.4]))
    seats = rng.integers(1, draw(st.integers(1, 3)) + 1, rows)
    load = rng.integers(0, draw(st.integers(1, 3)) + 1, columns)
    given = Problem(scores, barred, seats.astype(np.int64), load.astype(np.int64))
    if not quotas:
        return given
    few = rng.random(4) < 0.6
    return Problem(
        scores,
        barred,
        given.seats,
        given.load,
        Quotas(
            technical_min=rng.integers(0, 2, rows) if few[0] else None,
            finance_min=rng.integers(0, 2, rows) if few[1] else None,
            offsite_min=rng.integers(0, 2, rows) if few[2] else None,
            per_unit_max=np.ones(rows, dtype=np.int64) if few[3] else None,
        ),
        technical=rng.random(columns) < 0.6,
        finance=rng.random(columns) < 0.3,
        offsite=rng.random((rows, columns)) < 0.5,
        unit=rng.integers(NO_UNIT, 3, columns),
    )
